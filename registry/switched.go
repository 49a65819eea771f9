package registry

import (
	"slices"
	"strconv"
)

// switched is an autostart whose switches are asked.
type switched struct {
	*autostarts
	l *location
	k *Key
	v *Value // nil if the key itself is the autostart
	f *found

	unsure []string // what is not known and decides, in words
}

// doubt notes what is not known and decides whether the autostart is on.
func (s *switched) doubt(whether string) {
	if !slices.Contains(s.unsure, whether) {
		s.unsure = append(s.unsure, whether)
	}
}

// software returns the SOFTWARE hive of the machine. If it was not given, it notes what
// is not known without it, and returns nil.
func (s *switched) software(whether string) *autostarts {
	b := s.beside()
	if b.software == nil && whether != "" {
		s.doubt(whether + ": no SOFTWARE hive")
	}
	return b.software
}

// system is software for the SYSTEM hive.
func (s *switched) system(whether string) *autostarts {
	b := s.beside()
	if b.system == nil && whether != "" {
		s.doubt(whether + ": no SYSTEM hive")
	}
	return b.system
}

// unless returns a function for what a value of the key turns off if it is n.
func unless(name string, n uint32) func(*switched, *autostarts) string {
	return func(s *switched, _ *autostarts) string {
		return reason(s.numberIn(s.k, name, n+1) == n, name+" "+decimal(n))
	}
}

// only returns a function for what is on only if a value of the key is n.
func only(name string, n uint32) func(*switched, *autostarts) string {
	return func(s *switched, _ *autostarts) string {
		return reason(s.numberIn(s.k, name, n+1) != n, name+" is not "+decimal(n))
	}
}

// given returns a function for what is on only if a value of the key is not 0.
func given(name string) func(*switched, *autostarts) string {
	return func(s *switched, _ *autostarts) string {
		return reason(s.numberIn(s.k, name, 0) == 0, name+" is 0 or absent")
	}
}

// flagged returns a function for what is on only if a value of the key has the flag.
func flagged(name string, flag uint32) func(*switched, *autostarts) string {
	return func(s *switched, _ *autostarts) string {
		return reason(s.numberIn(s.k, name, 0)&flag == 0, name+" does not have "+hexadecimal(flag))
	}
}

// reason returns why if off is set, else "".
func reason(off bool, why string) string {
	if off {
		return why
	}
	return ""
}

func decimal(n uint32) string     { return strconv.FormatUint(uint64(n), 10) }
func hexadecimal(n uint32) string { return "0x" + strconv.FormatUint(uint64(n), 16) }
