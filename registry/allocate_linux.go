package registry

import (
	"reflect"
	"syscall"
)

// largePage is the size of a large page where the small ones have 4096 bytes. On other
// machines the advice below is less exact.
const largePage = 2 << 20

// allocate returns memory for n bytes, in large pages if the system has them: to get the
// memory of a hive in pages of 4096 bytes takes longer than to read the hive.
func allocate(n int64) []byte {
	if n < largePage {
		return make([]byte, n)
	}
	b := make([]byte, n+largePage) // what is not used of it does not exist
	skip := int64(-reflect.ValueOf(b).Pointer() % largePage)
	b = b[skip : skip+n : skip+n]
	_ = syscall.Madvise(b, syscall.MADV_HUGEPAGE) // an advice only
	return b
}
