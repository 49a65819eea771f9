package cim

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// classKey identifies a class by the hashes of its namespace and its name.
type classKey struct{ namespace, class string }

// record is where a record is in OBJECTS.DATA.
type record struct{ page, id, size uint32 }

// instance is an instance by its key.
type instance struct {
	namespace string // hash
	record
}

// hashOf returns the hash of a name: the SHA-256 of the upper case in UTF-16LE.
func hashOf(name string) string {
	sum := sha256.Sum256(wtf8.Encode(winpath.FoldName(name)))
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// walk reads the index from its root. Each page is read once.
func (r *Reader) walk(root uint32) {
	seen := map[uint32]bool{}
	next := []uint32{root}
	for len(next) > 0 {
		logical := next[len(next)-1]
		next = next[:len(next)-1]
		if seen[logical] {
			r.note(r.index.in(damage.New("page of the index", -1, nil, "one reference to it"), logical))
			continue
		}
		seen[logical] = true
		b, at, err := r.index.page(logical)
		if err == nil {
			var below []uint32
			below, err = r.indexPage(b, at)
			err = r.index.in(err, logical)
			next = append(next, below...)
		}
		r.note(err)
	}
}

// The limits of keys. Those of Windows have three parts of at most 100 bytes.
const (
	maxKeyParts = 8
	maxKeySize  = 1024
)

// indexPage reads the keys of a page, and returns the pages below it. Offsets in bytes:
//
//	 0  4  0xaccc
//	 4  4  logical number of the page
//	12  4  root
//	16  4  number of keys n
//	    4n   unknown
//	    4n+4 logical numbers of the pages below; 0 and 0xffffffff refer to no page
//	    2n   the place of each key in the list of parts, in units of 2 bytes
//	    2  size of that list in units of 2 bytes, then the list: for each key the
//	       number of its parts, and the number of each part in the list of texts
//	    2  number of texts, then their offsets of 2 bytes in what follows, and where
//	       that ends; then the texts, which end with a NUL
func (r *Reader) indexPage(b []byte, at int64) (below []uint32, err error) {
	c := bin.NewCursor(b, at)
	if mark := c.U32("mark of a page"); mark != 0xaccc {
		return nil, damage.New("mark of a page", at, fmt.Sprintf("%#x", mark), "0xaccc")
	}
	c.Skip("header of a page", 12)
	n := c.U32("number of keys")
	if n > pageSize/10 {
		return nil, damage.New("number of keys", at+16, n, fmt.Sprintf("≤ %d", pageSize/10))
	}
	c.Skip("unknown", int(4*n))
	for range n + 1 {
		if p := c.U32("page below"); p != 0 && p != 1<<32-1 {
			below = append(below, p)
		}
	}
	numbers := func(what string, n int) []uint16 {
		list := make([]uint16, 0, n)
		for range n {
			list = append(list, c.U16(what))
		}
		return list
	}
	places := numbers("place of a key", int(n))
	parts := numbers("list of parts", min(int(c.U16("size of the list of parts")), pageSize/2))
	texts := numbers("offset of a text", min(int(c.U16("number of texts")), pageSize/2)+1)
	if c.Err() != nil {
		return nil, c.Err()
	}
	data := b[c.Pos():]
	for _, place := range places {
		key, ok := keyAt(parts, texts, data, int(place))
		if !ok {
			r.note(damage.In(damage.New("key", at, nil, "parts within the page"), r.index.name, ""))
			continue
		}
		r.keep(key)
	}
	return below, nil
}

// keyAt returns the parts of a key.
func keyAt(parts, texts []uint16, data []byte, place int) (key []string, ok bool) {
	if place >= len(parts) {
		return nil, false
	}
	n := int(parts[place])
	if n > maxKeyParts || place+1+n > len(parts) {
		return nil, false
	}
	size := 0
	for _, i := range parts[place+1 : place+1+n] {
		if int(i) >= len(texts)-1 || int(texts[i]) >= len(data) {
			return nil, false
		}
		text := data[texts[i]:]
		end := bytes.IndexByte(text, 0)
		if size += end; end < 0 || size > maxKeySize {
			return nil, false
		}
		key = append(key, string(text[:end]))
	}
	return key, true
}

// keep keeps the key of a class or of an instance: NS_hash, CD_hash.page.id.size; and
// NS_hash, CI_hash, IL_hash.page.id.size. Others repeat these.
func (r *Reader) keep(key []string) {
	if len(key) < 2 {
		return
	}
	namespace, ok := strings.CutPrefix(key[0], "NS_")
	if !ok {
		return
	}
	last, where, _ := strings.Cut(key[len(key)-1], ".")
	if len(key) == 2 && strings.HasPrefix(last, "CD_") {
		if rec, ok := recordOf(where); ok {
			r.definitions[classKey{namespace, last[3:]}] = rec
		}
	}
	if len(key) == 3 && strings.HasPrefix(key[1], "CI_") && strings.HasPrefix(last, "IL_") {
		if rec, ok := recordOf(where); ok {
			r.instances[key[1][3:]] = append(r.instances[key[1][3:]], instance{namespace, rec})
		}
	}
}

// recordOf reads page.id.size.
func recordOf(s string) (record, bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return record{}, false
	}
	var n [3]uint32
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 32)
		if err != nil {
			return record{}, false
		}
		n[i] = uint32(v)
	}
	return record{n[0], n[1], n[2]}, true
}
