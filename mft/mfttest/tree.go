package mfttest

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

const (
	firstExtension = 16 // the first entry reserved for extension records of the $MFT
	firstEntry     = 24 // the first entry that is not reserved
	firstFree      = 64 // the first entry for files that do not ask for one
)

// tree holds the files with their places, in the order in which they take
// entries.
type tree struct {
	root   *node
	extend *node // $Extend, in which a File may be
	nodes  []*node
	byPath map[string]*node // by path in upper case
	next   uint64           // the next entry to try
	taken  map[uint64]bool  // by entry
}

// node is a file of the volume.
type node struct {
	File
	ref    mft.Ref
	names  []name
	former []name
	attrs  []*attribute    // of a directory: all except its index
	index  []indexEntry    // of a directory: its names
	slack  []indexEntry    // of a directory: names that it had
	used   map[string]bool // of a directory: its names in upper case
}

// name is a name of a file in a directory.
type name struct {
	dir   *node
	text  string
	space mft.Namespace
}

func newTree() *tree {
	root := &node{
		File: File{Dir: true, Attributes: uint32(mft.FileHidden | mft.FileSystem)},
		ref:  mft.Ref{Entry: mft.EntryRoot, Seq: mft.EntryRoot},
		used: map[string]bool{},
	}
	extend := &node{
		File: File{Path: "$Extend", Dir: true},
		ref:  mft.Ref{Entry: mft.EntryExtend, Seq: mft.EntryExtend},
		used: map[string]bool{},
	}
	return &tree{root: root, extend: extend, byPath: map[string]*node{"": root, pathKey(extend.Path): extend}, next: firstFree, taken: map[uint64]bool{}}
}

// add makes the nodes of files and of the directories that they need.
func (t *tree) add(files []File) error {
	waiting := map[string]File{} // directories in files that are not made yet
	for _, f := range files {
		if f.Entry != 0 {
			if f.Entry < firstEntry || f.Entry >= 1<<32 || t.taken[f.Entry] && !f.Overwritten {
				return fmt.Errorf("%s: entry %d is taken or out of range", f.Path, f.Entry)
			}
			t.taken[f.Entry] = t.taken[f.Entry] || !f.Overwritten
		}
		if f.Dir && !f.Deleted {
			waiting[pathKey(f.Path)] = f
		}
	}
	for _, f := range files {
		if made := t.byPath[pathKey(f.Path)]; made != nil && f.Dir && !f.Deleted && made.Dir && made.Path == f.Path {
			if _, ok := waiting[pathKey(f.Path)]; !ok {
				continue // made when a file needed it
			}
		}
		if err := t.put(f, waiting); err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	return nil
}

// put makes the node of one file.
func (t *tree) put(f File, waiting map[string]File) error {
	if f.Dir && (f.Data != nil || len(f.Links) > 0) {
		return errors.New("a directory cannot have data or links")
	}
	if !f.Deleted && (f.Overwritten || f.IndexSlack != mft.EntryInUse) {
		return errors.New("only a file that is Deleted can be Overwritten or have IndexSlack")
	}
	n := &node{File: f, used: map[string]bool{}}
	if !f.Deleted {
		delete(waiting, pathKey(f.Path))
	}
	for i, p := range append([]string{f.Path}, f.Links...) {
		dir, err := t.directory(path.Dir(p), f.Deleted, waiting)
		if err != nil {
			return err
		}
		base := path.Base(p)
		long := name{dir, base, mft.NamespaceWin32}
		switch {
		case i == 0 && f.ShortName != "":
			if !fits83(f.ShortName) {
				return fmt.Errorf("%q is not an 8.3 name", f.ShortName)
			}
			n.names = append(n.names, long, name{dir, f.ShortName, mft.NamespaceDOS})
			continue
		case fits83(base):
			long.space = mft.NamespaceWin32DOS
		}
		n.names = append(n.names, long)
	}
	for _, p := range f.FormerNames {
		dir, err := t.directory(path.Dir(p), true, waiting)
		if err != nil {
			return err
		}
		n.former = append(n.former, name{dir, path.Base(p), mft.NamespaceWin32})
	}
	for _, nm := range slices.Concat(n.names, n.former) {
		if err := nm.check(); err != nil {
			return err
		}
	}
	for _, nm := range n.names {
		key := upper(nm.text)
		if !f.Deleted {
			if nm.dir.used[key] {
				return fmt.Errorf("%s occurs twice", nm.text)
			}
			nm.dir.used[key] = true
		}
	}
	key := pathKey(f.Path)
	if old := t.byPath[key]; old == nil || old.Deleted {
		t.byPath[key] = n
	}
	n.ref = mft.Ref{Entry: t.entry(f.Entry), Seq: max(f.Seq, 1)}
	t.nodes = append(t.nodes, n)
	return nil
}

// directory returns the node of the directory at p, and makes it if necessary.
func (t *tree) directory(p string, deleted bool, waiting map[string]File) (*node, error) {
	if p == "." {
		return t.root, nil
	}
	dir := t.byPath[pathKey(p)]
	if dir == nil {
		f, ok := waiting[pathKey(p)]
		if !ok {
			f = File{Path: p, Dir: true}
		}
		if err := t.put(f, waiting); err != nil {
			return nil, err
		}
		dir = t.byPath[pathKey(p)]
	}
	switch {
	case !dir.Dir:
		return nil, fmt.Errorf("%s is not a directory", p)
	case dir.Deleted && !deleted:
		return nil, fmt.Errorf("%s is deleted, but its content is not", p)
	}
	return dir, nil
}

// entry returns the entry that was asked for or, for 0, the next free one.
func (t *tree) entry(asked uint64) uint64 {
	if asked != 0 {
		return asked
	}
	for t.taken[t.next] {
		t.next++
	}
	t.taken[t.next] = true
	return t.next
}

func (n name) check() error {
	units := len(wtf8.Encode(n.text)) / 2
	if units == 0 || units > 255 || n.text == "." || n.text == ".." || strings.ContainsAny(n.text, "\\:\x00") {
		return fmt.Errorf("%q is not a valid file name", n.text)
	}
	return nil
}

// fits83 reports whether a name needs no short name beside it.
func fits83(s string) bool {
	base, ext, dot := strings.Cut(s, ".")
	if base == "" || len(base) > 8 || len(ext) > 3 || dot && ext == "" {
		return false
	}
	return !slices.ContainsFunc([]byte(base+ext), func(c byte) bool {
		return c <= ' ' || c >= 0x7f || strings.IndexByte(`."/\[]:;|=,+*?<>`, c) >= 0
	})
}

func pathKey(p string) string {
	if p == "." {
		return ""
	}
	return upper(p)
}
