package evtx

import (
	"bytes"
	"sync"
)

// maxCached bounds the size in bytes of all definitions that a templateCache keeps.
// The logs of a Windows server have about a hundred templates of at most a few KiB.
const maxCached = 1 << 20

// maxVariants bounds the number of definitions with the same GUID and size that are
// kept. They differ in which names they contain and which they only refer to.
const maxVariants = 32

// templateCache keeps the templates of a log across its chunks. The same template has
// different bytes in each chunk: it refers to names by their offsets, and contains
// the names that are not earlier in its chunk. So two definitions are the same if all
// names are equal as text, and everything else is equal byte for byte. Comparing the
// GUID is not enough: different definitions share one.
type templateCache struct {
	mu    sync.RWMutex
	known map[templateKey][]*cachedTemplate
	size  int
}

type templateKey struct {
	guid GUID
	size int
}

type cachedTemplate struct {
	template *template
	body     []byte
	names    []nameRef
}

// nameRefs holds the references to names in a definition, in order.
type nameRefs struct {
	start int // of the body in its chunk
	names []nameRef
	bound bool // the template is valid in its own chunk only
}

// nameRef is a reference to a name; offsets count from the beginning of the body.
type nameRef struct {
	at     int    // of the reference
	end    int    // of the reference, including a name that follows it
	inline bool   // the name follows the reference
	text   []byte // length and units of the name
}

// add notes that the parser read a reference to the name at an offset. r may be nil.
func (r *nameRefs) add(p *parser, at uint32, end int, inline bool) {
	if r == nil {
		return
	}
	ref := nameRef{at: p.pos - 4 - r.start, end: p.pos - r.start, inline: inline, text: p.c.buf[at+6 : end-2]}
	if inline {
		ref.end = end - r.start
	}
	r.names = append(r.names, ref)
}

// unportable notes that the template cannot be used in other chunks. r may be nil.
func (r *nameRefs) unportable() {
	if r != nil {
		r.bound = true
	}
}

// find returns the template that equals the definition at an offset of a chunk, or
// nil.
func (tc *templateCache) find(c *Chunk, at uint32, size int) *template {
	if tc == nil {
		return nil
	}
	tc.mu.RLock()
	defer tc.mu.RUnlock()
	for _, known := range tc.known[templateKey{GUID(c.buf[at+4 : at+20]), size}] {
		if known.equals(c, int(at)+24) {
			return known.template
		}
	}
	return nil
}

// equals reports whether the definition whose body begins at start is the same
// template. Both have the same size.
func (t *cachedTemplate) equals(c *Chunk, start int) bool {
	body := c.buf[start : start+len(t.body)]
	pos := 0
	for i := range t.names {
		n := &t.names[i]
		if !bytes.Equal(body[pos:n.at], t.body[pos:n.at]) {
			return false
		}
		at := int64(le.Uint32(body[n.at:]))
		if n.inline != (at == int64(start+n.at+4)) || at+6+int64(len(n.text)) > int64(len(c.buf)) ||
			!bytes.Equal(c.buf[at+6:int(at)+6+len(n.text)], n.text) {
			return false
		}
		pos = n.end
	}
	return bytes.Equal(body[pos:], t.body[pos:])
}

// add keeps a template for use in other chunks.
func (tc *templateCache) add(c *Chunk, at uint32, t *template, refs *nameRefs) {
	if tc == nil || refs.bound {
		return
	}
	known := &cachedTemplate{template: t, body: bytes.Clone(c.buf[refs.start : int(at)+t.size]), names: refs.names}
	for i := range known.names {
		known.names[i].text = bytes.Clone(known.names[i].text)
	}
	tc.mu.Lock()
	defer tc.mu.Unlock()
	key := templateKey{GUID(c.buf[at+4 : at+20]), t.size}
	if tc.size+len(known.body) > maxCached || len(tc.known[key]) == maxVariants {
		return
	}
	if tc.known == nil {
		tc.known = map[templateKey][]*cachedTemplate{}
	}
	tc.size += len(known.body)
	tc.known[key] = append(tc.known[key], known)
}
