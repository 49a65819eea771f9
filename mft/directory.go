package mft

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/damage"
)

// directory is the content of a $I30 index.
type directory struct {
	entries  []dirEntry // in the order of their keys, then of their names
	problems []Problem
}

// dirEntry is a name in a directory.
type dirEntry struct {
	key  string // the name in upper case
	name string // in a form that is valid for io/fs, see safeName
	ref  Ref
	dos  bool // an 8.3 name beside a long one: found by lookups, but not listed
}

// maxIndexProblems is how many problems of one index are kept: overlapping runs
// may lead to the same damaged block again and again.
const maxIndexProblems = 100

// size returns about how many bytes a directory takes in memory.
func (d *directory) size() int {
	n := 128 * (len(d.entries) + len(d.problems) + 1)
	for i := range d.entries {
		n += len(d.entries[i].key) + len(d.entries[i].name)
	}
	return n
}

// directory returns the content of a directory's index, from the cache if it is
// there.
func (v *Volume) directory(rec *Record) *directory {
	return v.dirs.get(rec.Ref, func() *directory { return v.readDirectory(rec) })
}

func (v *Volume) readDirectory(rec *Record) *directory {
	d := &directory{}
	note := func(err error) {
		if len(d.problems) == maxIndexProblems {
			return
		}
		d.problems = append(d.problems, damage.Note(damage.Malformed, err, v.name, entryPath(rec.Entry, directoryIndexName)))
	}
	v.index(rec, directoryIndexName, func(e indexEntry) {
		var fn FileName
		if err := fn.decode(e.key, e.offset); err != nil {
			note(err)
			return
		}
		ref := refAt(e.raw, 0)
		if ref.Entry == EntryRoot && rec.Entry == EntryRoot {
			return // "." in the root
		}
		name := safeName(fn.Name)
		d.entries = append(d.entries, dirEntry{key: v.upcase.fold(name), name: name, ref: ref, dos: fn.Namespace == NamespaceDOS})
	}, note)
	slices.SortFunc(d.entries, func(a, b dirEntry) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.name, b.name), cmp.Compare(a.ref.Entry, b.ref.Entry))
	})
	// After damage an entry may appear twice: in its old and in its new node.
	d.entries = slices.CompactFunc(d.entries, func(a, b dirEntry) bool { return a.name == b.name && !b.dos })
	return d
}

// IndexNames iterates over the names in the index of a directory, with the times and sizes
// that it repeats from the files, and the references of the files. Damage costs only the
// damaged entries; IndexProblems reports it.
func (v *Volume) IndexNames(dir *Record) iter.Seq2[Ref, FileName] {
	return func(yield func(Ref, FileName) bool) {
		stopped := dir == nil || v == nil || !dir.IsDir()
		if stopped {
			return
		}
		v.index(dir, directoryIndexName, func(e indexEntry) {
			var fn FileName
			if !stopped && fn.decode(e.key, e.offset) == nil {
				stopped = !yield(refAt(e.raw, 0), fn)
			}
		}, func(error) {})
	}
}

// find returns the entry with exactly that name or else the first one whose name
// differs in case only.
func (d *directory) find(name, key string) (dirEntry, bool) {
	i, ok := slices.BinarySearchFunc(d.entries, key, func(e dirEntry, key string) int { return cmp.Compare(e.key, key) })
	if !ok {
		return dirEntry{}, false
	}
	for _, e := range d.entries[i:] {
		if e.key != key {
			break
		}
		if e.name == name {
			return e, true
		}
	}
	return d.entries[i], true
}

// safeName returns name as an element of a path that io/fs accepts. Slashes and
// backslashes, which NTFS itself does not forbid, become U+2215 and U+2216. An
// unpaired surrogate, which is not valid UTF-8, becomes U+FFFD followed by the
// surrogate in hexadecimal digits. "", "." and ".." are prefixed with U+FFFD.
func safeName(name string) string {
	if utf8.ValidString(name) && !strings.ContainsAny(name, `/\`) {
		if name == "" || name == "." || name == ".." {
			return "\ufffd" + name
		}
		return name
	}
	var b strings.Builder
	for len(name) > 0 {
		r, n := utf8.DecodeRuneInString(name)
		switch {
		case r == '/':
			r = '\u2215'
		case r == '\\':
			r = '\u2216'
		case r == utf8.RuneError && n == 1 && len(name) >= 3: // WTF-8
			n = 3
			fmt.Fprintf(&b, "\ufffd%04X", 0xd000|uint16(name[1]&0x3f)<<6|uint16(name[2]&0x3f))
			name = name[n:]
			continue
		}
		b.WriteRune(r)
		name = name[n:]
	}
	return b.String()
}

// dirCache keeps directories that were read: looking up one path after another
// asks for the same directories again.
type dirCache struct {
	mu   sync.Mutex
	dirs map[Ref]*directory
	size int
}

// maxCached bounds the memory of all directories that are kept, in bytes.
const maxCached = 32 << 20

// get returns the directory at ref. It calls make if the cache does not have it.
func (c *dirCache) get(ref Ref, make func() *directory) *directory {
	c.mu.Lock()
	d, ok := c.dirs[ref]
	c.mu.Unlock()
	if ok {
		return d
	}
	d = make()
	c.mu.Lock()
	defer c.mu.Unlock()
	size := d.size()
	if c.size += size; c.dirs == nil || c.size > maxCached {
		c.dirs, c.size = map[Ref]*directory{}, size
	}
	c.dirs[ref] = d
	return d
}
