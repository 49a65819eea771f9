package registrytest

// SZ returns a REG_SZ value.
func SZ(name, s string) Value { return Value{} }

// ExpandSZ returns a REG_EXPAND_SZ value.
func ExpandSZ(name, s string) Value { return Value{} }

// MultiSZ returns a REG_MULTI_SZ value.
func MultiSZ(name string, s ...string) Value { return Value{} }

// DWord returns a REG_DWORD value.
func DWord(name string, n uint32) Value { return Value{} }

// DWORD is DWord under the name that Windows gives the type.
func DWORD(name string, n uint32) Value { return DWord(name, n) }

// QWord returns a REG_QWORD value.
func QWord(name string, n uint64) Value { return Value{} }

// Binary returns a REG_BINARY value.
func Binary(name string, data []byte) Value { return Value{} }
