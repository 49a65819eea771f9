package archive

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// FS is the tree of an archive. It implements fs.FS, fs.ReadDirFS and fs.StatFS, and
// may be used by several goroutines. Its files implement io.ReaderAt and io.Seeker.
type FS struct {
	root   *node
	locked locked

	mu       sync.Mutex
	problems []damage.Problem
}

// content is the unpacked content of a member.
type content interface {
	// ready reports why the content cannot be read, as far as that is known without
	// reading it.
	ready() error
	// head returns the first n bytes, or fewer. Unlike those of ReadAt they may be
	// unchecked.
	head(n int) ([]byte, error)
	// same reports whether the archive says that another member has the same content.
	same(other content) bool
	io.ReaderAt
}

// locked is what is known about encryption.
type locked struct {
	file content // an encrypted file; nil if no file is encrypted
	all  bool    // every file is encrypted
}

// Locked returns why the encrypted files cannot be read, as far as one of them shows, or
// nil. All is true if no file can be read then.
func (f *FS) Locked() (all bool, err error) {
	if f == nil || f.locked.file == nil {
		return false, nil
	}
	if err = f.locked.file.ready(); err == nil {
		_, err = f.locked.file.ReadAt(nil, 0)
	}
	if !errors.Is(err, ErrEncrypted) && !errors.Is(err, ErrPassword) && !errors.Is(err, ErrUnsupported) {
		return false, nil // damage is reported when the file is read
	}
	return f.locked.all, err
}

// node is a file or folder.
type node struct {
	name     string
	dir      bool
	size     int64
	modTime  time.Time
	times    *Times  // nil if the archive has none of them
	content  content // of a file
	children []*node // of a folder, in order of their names
}

// A builder makes the tree from the entries of an archive.
type builder struct {
	fs     *FS
	limits Limits
	nodes  int
	total  int64
	full   bool // a limit on entries was reached, and reported

	children map[childKey]*node // by name without case
	renamed  map[childKey]*node // folders whose name a file has
	numbers  map[childKey]int   // how many were renamed because a name is taken
}

type childKey struct {
	parent *node
	name   string // as winpath.Fold returns it
}

func newBuilder(l Limits) *builder {
	return &builder{
		fs:       &FS{root: &node{name: ".", dir: true}},
		limits:   l.withDefaults(),
		children: map[childKey]*node{},
		renamed:  map[childKey]*node{},
		numbers:  map[childKey]int{},
	}
}

func (f *FS) note(kind damage.Kind, e *damage.Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch n := len(f.problems); {
	case n < maxProblems-1:
		f.problems = append(f.problems, damage.Problem{Kind: kind, Err: e})
	case n == maxProblems-1:
		f.problems = append(f.problems, damage.Problem{Kind: damage.Limit, Err: limited("problems of an archive", "more", fmt.Sprintf("≤ %d; the rest is not listed", n), "")})
	}
}

// Problems returns what is wrong with the archive as far as it is known: the members
// that were read are checked too. There are at most 1000.
func (f *FS) Problems() []damage.Problem {
	if f == nil {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.problems)
}

// Add adds what is wrong with the file that holds the tree.
func (f *FS) Add(problems []damage.Problem) {
	for _, p := range problems {
		f.note(p.Kind, p.Err)
	}
}

// add adds a member by its name in the archive. The content of a folder is nil. It
// returns the node, or nil if the member has no place in the tree.
func (b *builder) add(name string, c content, size int64, modTime time.Time) *node {
	if len(name) > maxName {
		b.fs.note(damage.Limit, limited("length of a name", fmt.Sprint(len(name)), fmt.Sprintf("≤ %d; the member is left out", maxName), shorten(name)))
		return nil
	}
	parts, dir, fault := splitName(name)
	if fault != "" {
		e := damage.New("name", -1, fault, "a path in the archive")
		e.Path = name
		if parts == nil {
			e.Want += "; the member is left out"
		}
		b.fs.note(damage.Malformed, e)
	}
	if dir {
		c = nil
	}
	switch {
	case parts == nil:
		return nil
	case len(parts) > b.limits.Depth:
		b.fs.note(damage.Limit, limited("folders in folders", fmt.Sprint(len(parts)), fmt.Sprintf("≤ %d; the member is left out", b.limits.Depth), shorten(name)))
		return nil
	case c != nil && size > b.limits.Total-b.total:
		b.fs.note(damage.Limit, limited("unpacked size of all members", "more", fmt.Sprintf("≤ %d; the member is left out", b.limits.Total), shorten(name)))
		return nil
	}
	at := b.fs.root
	for _, part := range parts[:len(parts)-1] {
		if at = b.folder(at, part, name); at == nil {
			return nil
		}
	}
	last := parts[len(parts)-1]
	if c == nil {
		n := b.folder(at, last, name)
		if n != nil {
			n.modTime = modTime
		}
		return n
	}
	n := b.file(at, last, name, c)
	if n != nil {
		n.content, n.size, n.modTime = c, size, modTime
		b.total += size
	}
	return n
}

// maxName is the length of the longest name that a zip file can have, in bytes.
const maxName = 0xffff

// shorten returns the beginning of a name that is too long to be read.
func shorten(name string) string {
	const most = 120
	if len(name) <= most {
		return name
	}
	return strings.ToValidUTF8(name[:most], "") + "…"
}

// folder returns the folder of that name in parent. If there is none it is made.
func (b *builder) folder(parent *node, name, of string) *node {
	key := childKey{parent, winpath.Fold(name)}
	old := b.children[key]
	switch {
	case old == nil:
		return b.child(parent, key, name, true)
	case old.dir: // maybe in another case: acquire itself writes Windows and windows
		return old
	}
	// A file has the name of the folder.
	if other := b.renamed[key]; other != nil {
		return other
	}
	n := b.apart(parent, key, name, of, true)
	b.renamed[key] = n
	return n
}

// file makes a file in parent. A second one of the same name gets another name, unless
// it is a copy of the first.
func (b *builder) file(parent *node, name, of string, c content) *node {
	key := childKey{parent, winpath.Fold(name)}
	old := b.children[key]
	switch {
	case old == nil:
		return b.child(parent, key, name, false)
	case !old.dir && old.content.same(c):
		b.fs.note(damage.Conflict, &damage.Error{Path: of, Offset: -1, What: "name", Want: "one member of this name; a second one with the same size and checksum is left out"})
		return nil
	}
	return b.apart(parent, key, name, of, false)
}

// apart makes a node under another name than its own, which is taken.
func (b *builder) apart(parent *node, taken childKey, name, of string, dir bool) *node {
	ext := path.Ext(name)
	for {
		b.numbers[taken]++
		other := fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), b.numbers[taken]+1, ext)
		key := childKey{parent, winpath.Fold(other)}
		if b.children[key] != nil {
			continue
		}
		b.fs.note(damage.Conflict, &damage.Error{Path: of, Offset: -1, What: "name", Want: "one member of this name; this one is listed as " + other})
		return b.child(parent, key, other, dir)
	}
}

// child makes a node, unless there are too many.
func (b *builder) child(parent *node, key childKey, name string, dir bool) *node {
	if b.nodes >= b.limits.Entries {
		if !b.full {
			b.full = true
			b.fs.note(damage.Limit, limited("members and folders", "more", fmt.Sprintf("≤ %d; the rest is left out", b.limits.Entries), ""))
		}
		return nil
	}
	b.nodes++
	n := &node{name: name, dir: dir}
	parent.children = append(parent.children, n)
	b.children[key] = n
	return n
}

// finish sorts the folders and returns the tree.
func (b *builder) finish() *FS {
	stack := []*node{b.fs.root}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		slices.SortFunc(n.children, func(x, y *node) int { return cmp.Compare(x.name, y.name) })
		for _, c := range n.children {
			if c.dir {
				stack = append(stack, c)
			}
		}
	}
	return b.fs
}

// find returns the node of a path, or nil.
func (b *builder) find(parts []string) *node {
	at := b.fs.root
	for _, part := range parts {
		if at = b.children[childKey{at, winpath.Fold(part)}]; at == nil {
			return nil
		}
	}
	return at
}
