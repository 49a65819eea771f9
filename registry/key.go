package registry

import (
	"io/fs"
	"iter"
	"time"
)

// Key is a key of the hive: its key node (nk cell).
type Key struct{}

// Name returns the key's name, without its path.
func (k *Key) Name() string { return "" }

// Path returns the names from below the root to this key, separated by
// backslashes. The root's path is "".
func (k *Key) Path() string { return "" }

// LastWrite returns when the key or its values were last changed.
func (k *Key) LastWrite() time.Time { return time.Time{} }

// Class returns the key's class name, "" when it has none.
func (k *Key) Class() (string, error) { return "", nil }

// Offset returns where the key's cell lies, in bytes from the beginning of the
// hive file.
func (k *Key) Offset() int64 { return 0 }

// Subkeys yields the keys below k, in the order of the hive.
func (k *Key) Subkeys() iter.Seq2[*Key, error] { return func(func(*Key, error) bool) {} }

// Subkey returns the key of that name directly below k, ignoring case.
func (k *Key) Subkey(name string) (*Key, error) { return nil, fs.ErrNotExist }

// Values yields the values of k, in the order of the hive.
func (k *Key) Values() iter.Seq2[*Value, error] { return func(func(*Value, error) bool) {} }

// Value returns the value of that name, ignoring case; "" names the default
// value.
func (k *Key) Value(name string) (*Value, error) { return nil, fs.ErrNotExist }

// SecurityDescriptor returns the key's security descriptor, self-relative.
func (k *Key) SecurityDescriptor() ([]byte, error) { return nil, nil }

// OwnerSID returns the owner of the key as its security descriptor names it.
func (k *Key) OwnerSID() (string, error) { return "", nil }

// Root returns the root key.
func (r *Reader) Root() (*Key, error) { return nil, fs.ErrNotExist }

// OpenKey returns the key at a path below the root, ignoring case.
func (r *Reader) OpenKey(path string) (*Key, error) { return nil, fs.ErrNotExist }

// Keys yields every key.
func (r *Reader) Keys() iter.Seq2[*Key, error] { return func(func(*Key, error) bool) {} }

// Problems yields what is wrong with the hive.
func (r *Reader) Problems() iter.Seq[Problem] { return func(func(Problem) bool) {} }

// Dirty reports whether the hive was not closed cleanly.
func (r *Reader) Dirty() bool { return false }

// Version returns the version of the format.
func (r *Reader) Version() (major, minor uint32) { return 0, 0 }

// FileName returns the name stored in the base block.
func (r *Reader) FileName() string { return "" }

// LastWritten returns when the hive was last written.
func (r *Reader) LastWritten() time.Time { return time.Time{} }

// HiveType says which of Windows' hives this is.
type HiveType string

// Type returns which of Windows' hives this is.
func (r *Reader) Type() HiveType { return "" }

// CurrentControlSet returns the name of the current control set.
func (r *Reader) CurrentControlSet() (string, error) { return "", fs.ErrNotExist }
