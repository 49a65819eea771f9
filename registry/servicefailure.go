package registry

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"
)

// FailureActions of a service (SERVICE_FAILURE_ACTIONS of 32-bit programs, [MS-SCMR]
// 2.2.39, as the service control manager stores it). Offsets and sizes in bytes:
//
//	 0  4  seconds without a failure after which the count of failures is 0 again, or all ones for never
//	 4  4  pointer to a message, without meaning
//	 8  4  pointer to a command, without meaning
//	12  4  number of actions
//	16  4  pointer to the actions, without meaning
//	20  …  actions: 4 bytes what to do, 4 bytes after how many milliseconds
const (
	failureCount   = 12
	failureActions = 20
	failureAction  = 8 // size of an action
	maxFailures    = 64
)

// failureWords are the actions by their number.
var failureWords = [...]string{"nothing", "restart", "reboot", "run the command"}

// failuresText returns what is done at the first failure, the second, and so on, or ""
// if the value is absent or does nothing.
func failuresText(data []byte) string {
	if len(data) < failureActions {
		return ""
	}
	n := int(min(binary.LittleEndian.Uint32(data[failureCount:]), maxFailures))
	actions := data[failureActions:]
	n = min(n, len(actions)/failureAction)
	var words []string
	acts := false
	for i := range n {
		what := binary.LittleEndian.Uint32(actions[failureAction*i:])
		word := fmt.Sprintf("action %d", what)
		if int64(what) < int64(len(failureWords)) {
			word = failureWords[what]
		}
		if after := binary.LittleEndian.Uint32(actions[failureAction*i+4:]); what != 0 && after != 0 {
			word += " after " + (time.Duration(after) * time.Millisecond).String()
		}
		acts = acts || what != 0
		words = append(words, word)
	}
	if !acts {
		return ""
	}
	return strings.Join(words, ", ")
}
