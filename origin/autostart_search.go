package origin

import (
	"fmt"
	"slices"
)

// autostartSearch is one search for autostarts.
type autostartSearch struct {
	*inquiry
	list         autostartList
	unclear      []string
	environments map[string]*environment      // by profile
	handlers     map[[2]string]*hiveAutostart // COM handlers of tasks, by location and class
	servers      map[string][]*hiveAutostart  // of COM classes, by folded class
}

// serviceProfile stands for the environment of services.
const serviceProfile = "service"

// environment returns the environment of an account's profile. What runs for every
// account has that of the profile that the subject is in.
func (s *autostartSearch) environment(profile string) *environment {
	e := s.environments[profile]
	if e == nil {
		made := s.environmentOf(profile, false)
		switch profile {
		case serviceProfile:
			made = s.environmentOf("", true)
		case "":
			made = s.environmentOf(profileIn(s.path), false)
		}
		e = &made
		s.environments[profile] = e
	}
	return e
}

// read returns what commands do with the subject, and keeps what was not understood.
func (s *autostartSearch) read(e *environment, category, name string, commands ...string) role {
	var is role
	for _, line := range commands {
		if line == "" {
			continue
		}
		r, unclear := s.roleIn(e, line)
		is = stronger(is, r)
		if unclear && !r.executes() && len(s.unclear) < maxListed {
			why := "the command of the %s %s, which could not be understood: %s"
			if r == passes {
				why = "what the program in the command of the %s %s does with it: %s"
			}
			s.unclear = append(s.unclear, fmt.Sprintf(why, categoryWord(category), name, clip(line)))
		}
	}
	return is
}

// usesPath reports whether a path is the subject's.
func (q *inquiry) usesPath(e *environment, p string) (is, known bool) {
	full, known := e.Resolve(p, "")
	return slices.ContainsFunc(full, q.isSubject), known
}
