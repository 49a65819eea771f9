package child

import (
	"bytes"
	"os"
	"strconv"
)

// resetPeak makes the kernel forget the largest resident set so far.
func resetPeak(pid int) {
	// Where this is not permitted the peak is that of the whole process: too
	// strict, never too lax.
	os.WriteFile("/proc/"+strconv.Itoa(pid)+"/clear_refs", []byte("5"), 0)
}

// Peak returns the largest resident set of a running process so far, in bytes, or
// since it was last made to forget it; 0 where the system does not tell.
func Peak(pid int) int64 {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0
	}
	_, after, ok := bytes.Cut(status, []byte("VmHWM:"))
	if !ok {
		return 0
	}
	kib, _, _ := bytes.Cut(bytes.TrimLeft(after, " \t"), []byte(" "))
	n, err := strconv.ParseInt(string(kib), 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}
