//go:build !linux

package registry

// allocate returns memory for n bytes.
func allocate(n int64) []byte { return make([]byte, n) }
