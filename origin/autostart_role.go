package origin

import (
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/command"
)

// A role is what a command does with the subject. It is the fact "role".
type role string

const (
	starts   role = "starts"   // runs it, as a program or a script
	loads    role = "loads"    // loads it into a host, as a library
	opens    role = "opens"    // hands it to the shell, which starts it by its association
	copies   role = "copies"   // copies, moves, renames or decodes it, and starts the result
	writes   role = "writes"   // creates or overwrites it
	moves    role = "moves"    // gives it another path
	deletes  role = "deletes"  //
	streams  role = "streams"  // runs or loads another stream of the file
	passes   role = "passes"   // hands it to a program that is not known here, which may start it
	mentions role = "mentions" // names it as an argument of a program that does not start it
)

// roles are all roles, the most telling first: a command that starts and then deletes
// the subject starts it.
var roles = [...]role{starts, loads, opens, copies, streams, writes, moves, deletes, passes, mentions}

// roleOf is the role of a verb.
var roleOf = map[command.Verb]role{
	command.Runs: starts, command.Loads: loads, command.Opens: opens, command.Copies: copies, command.Writes: writes, command.Deletes: deletes, command.Takes: mentions, command.Passes: passes, command.Mentions: mentions,
}

// executes reports whether the subject's code runs.
func (r role) executes() bool { return r == starts || r == loads || r == opens || r.indirect() }

// indirect reports whether the code that runs is not that of the file itself: another stream
// of it, or a copy.
func (r role) indirect() bool { return r == streams || r == copies }

// inWords is the role as a verb, with what follows it.
func (r role) inWords() string {
	switch r {
	case mentions:
		return "only names it"
	case passes:
		return "hands it to a program"
	case streams:
		return "starts a stream of it"
	case copies:
		return "starts a copy of it"
	}
	return string(r) + " it"
}

// stronger returns the more telling of two roles, of which one may be "".
func stronger(a, b role) role {
	switch {
	case a == "":
		return b
	case b == "" || slices.Index(roles[:], a) <= slices.Index(roles[:], b):
		return a
	}
	return b
}
