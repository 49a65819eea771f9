package child

import (
	"bytes"
	"os"
	"strconv"
)

// resetPeak resets the kernel's record of the largest resident set.
func resetPeak(pid int) {
	// If this is not permitted, the peak is that of the whole life of the process,
	// which makes the limit stricter.
	os.WriteFile("/proc/"+strconv.Itoa(pid)+"/clear_refs", []byte("5"), 0)
}

// Peak returns the largest resident set of a running process since it started or
// since the peak was last reset, in bytes. It returns 0 if the system does not
// provide it.
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
