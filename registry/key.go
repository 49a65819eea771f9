package registry

import (
	"encoding/binary"
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

	r       *Reader // nil for the zero Key
	parent  *Key    // the key from which this one was reached; nil for the root
	checked bool    // a walk found that nothing of its class name and values is refused
}

// Root returns the root key.
func (r *Reader) Root() (*Key, error) {
	s := r.slab()
	defer r.release(s)
	return r.key(s, nil, ref{-1, -1, r.root})
}

func (r *Reader) key(s *slab, parent *Key, to ref) (*Key, error) {
	b, at, err := r.node(to)
	if err != nil {
		return &Key{}, r.in(err, parent.place())
	}
	return r.keyOf(s, parent, b, at), nil
}

// keyOf returns the key that a sound key node describes.
func (r *Reader) keyOf(s *slab, parent *Key, node []byte, at int64) *Key {
	n := int(binary.LittleEndian.Uint16(node[nodeNameSize:]))
	k := s.key()
	k.Name = s.name(node[nodeName:nodeName+n], flagsOf(node)&KeyCompressedName != 0)
	k.LastWrite = filetime.Time(binary.LittleEndian.Uint64(node[nodeLastWrite:]))
	k.Offset = at - int64(r.header)
	k.r, k.parent = r, parent
	return k
}

// at returns the file offset of k's key node.
func (k *Key) at() int64 { return k.Offset + int64(k.r.header) }

// node returns the fields of k's key node.
func (k *Key) node() []byte {
	at := k.at()
	return k.r.data[at : at+nodeName]
}

// ref returns the reference in a field of k's key node.
func (k *Key) ref(field int) ref { return refAt(k.node(), k.at(), field) }

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
	return flagsOf(k.node())
}

// Class returns the key's class name, or "" if it has none.
func (k *Key) Class() (string, error) {
	if k.r == nil {
		return "", nil
	}
	size := int(binary.LittleEndian.Uint16(k.node()[nodeClassNameSize:]))
	to := k.ref(nodeClass)
	if size == 0 || to.cell == none {
		return "", nil
	}
	b, at, err := k.follow(to, "class name")
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

// follow is like cell but fails if check refused the reference.
func (k *Key) follow(to ref, what string) ([]byte, int64, error) {
	if k.refuses(to, what) {
		return nil, 0, refusal(to, what)
	}
	return k.r.cell(to, what)
}

// refuses reports whether a reference to k's class name or values, or of these, is
// refused.
func (k *Key) refuses(to ref, what string) bool { return !k.checked && k.r.refused().has(to, what) }

func refusal(to ref, what string) error {
	return damage.New(what+" offset", to.at, "a cell that is in use elsewhere or too deep", "an unshared cell")
}
