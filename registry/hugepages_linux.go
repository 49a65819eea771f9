package registry

import "syscall"

// adviseLarge asks for large pages, before anything is read into b: otherwise the system
// hands out the memory of a hive in pages of 4096 bytes, which takes as long as reading
// the hive does. If it does not do so, nothing is lost.
func adviseLarge(b []byte) {
	const large = 2 << 20
	if len(b) >= large {
		_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE)
	}
}
