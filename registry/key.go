package registry

import (
	"encoding/binary"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Key is a key of a hive. The zero Key, which comes with an error, has no name, no
// subkeys and no values.
type Key struct {
	Name      string    // without its path
	LastWrite time.Time // when the key, its values, or the set of its subkeys were last changed
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file

	r      *Reader // nil for the zero Key
	parent *Key    // the key from which this one was reached; nil for the root
	node   []byte  // see keynode.go
	at     int64   // file offset of node
}

// Root returns the root key.
func (r *Reader) Root() (*Key, error) {
	return r.key(nil, ref{-1, r.root})
}

func (r *Reader) key(parent *Key, to ref) (*Key, error) {
	b, at, err := r.node(to)
	if err != nil {
		return &Key{}, r.in(err, parent.place())
	}
	n := int(binary.LittleEndian.Uint16(b[nodeNameSize:]))
	return &Key{
		Name:      decodeName(b[nodeName:nodeName+n], flagsOf(b)&KeyCompressedName != 0),
		LastWrite: filetime.Time(binary.LittleEndian.Uint64(b[nodeLastWrite:])),
		Offset:    at - int64(r.header),
		r:         r, parent: parent, node: b, at: at,
	}, nil
}

// Path returns the names from below the root down to k, separated by backslashes,
// or "" for the root itself, whose name has no meaning. OpenKey accepts it.
func (k *Key) Path() string {
	var names []string
	for ; k.parent != nil; k = k.parent {
		names = append(names, k.Name)
	}
	slices.Reverse(names)
	return strings.Join(names, `\`)
}

// Parent returns the key from which k was reached. For the root, it returns the zero Key
// and false.
func (k *Key) Parent() (parent *Key, ok bool) {
	if k.parent == nil {
		return &Key{}, false
	}
	return k.parent, true
}

// place returns the name of k in errors.
func (k *Key) place() string {
	switch {
	case k == nil:
		return ""
	case k.parent == nil:
		return "root key"
	}
	return k.Path()
}

// in adds k to an error as its place.
func (k *Key) in(err error) error { return k.r.in(err, k.place()) }

// Flags returns the key's flags.
func (k *Key) Flags() KeyFlags {
	if k.r == nil {
		return 0
	}
	return flagsOf(k.node)
}

// Class returns the key's class name, or "" if it has none.
func (k *Key) Class() (string, error) {
	if k.r == nil {
		return "", nil
	}
	size := int(binary.LittleEndian.Uint16(k.node[nodeClassNameSize:]))
	to := refAt(k.node, k.at, nodeClass)
	if size == 0 || to.cell == none {
		return "", nil
	}
	b, at, err := k.r.follow(to, "class name")
	if err == nil {
		b, err = bin.Slice(b, at, 0, uint64(size), "class name")
	}
	if err != nil {
		return "", k.in(err)
	}
	return wtf8.String(b), nil
}

// LinkTarget returns the target of a symbolic link: a path in the kernel's object
// namespace, such as \Registry\Machine\System\ControlSet001. It returns "" for a
// key that is not a link. Links are never followed.
func (k *Key) LinkTarget() (string, error) {
	if k.Flags()&KeySymbolicLink == 0 {
		return "", nil
	}
	v, err := k.Value("SymbolicLinkValue")
	if err != nil {
		return "", err
	}
	return v.Text()
}

// Keys iterates over every key, each before its subkeys. A *FormatError, which
// comes with a zero Key, means that a key or a list of keys is damaged, and the
// walk goes on with what comes after it. It yields no other errors. Breaking early
// and ranging again are safe.
func (r *Reader) Keys() iter.Seq2[*Key, error] {
	return func(yield func(*Key, error) bool) {
		root, err := r.Root()
		if err != nil {
			yield(root, err)
			return
		}
		root.walk(yield)
	}
}

// walk yields k and all keys below it. The references that check refused are not
// followed, so there are neither loops nor more than maxDepth levels.
func (k *Key) walk(yield func(*Key, error) bool) bool {
	if !yield(k, nil) {
		return false
	}
	for sub, err := range k.Subkeys() {
		if err != nil {
			if !yield(sub, err) {
				return false
			}
			continue
		}
		if !sub.walk(yield) {
			return false
		}
	}
	return true
}

// follow is like cell but fails if check refused the reference.
func (r *Reader) follow(to ref, what string) ([]byte, int64, error) {
	if r.refused.has(to.at / 4) {
		return nil, 0, r.refusal(to, what)
	}
	return r.cell(to, what)
}

func (r *Reader) refusal(to ref, what string) error {
	return damage.New(what+" offset", to.at, "a cell that is in use elsewhere or too deep", "an unshared cell")
}
