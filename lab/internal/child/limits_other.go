//go:build !linux

package child

func resetPeak(int) {}

// Peak returns 0, since the system does not provide the largest resident set of a
// running process.
func Peak(int) int64 { return 0 }
