//go:build race

package hostile

// underRace is set if the race detector runs. It multiplies the memory of a process, so
// the limit says nothing then.
const underRace = true
