package evtx

import (
	"bytes"
	"sync"
)

// maxCached bounds, in bytes of definitions, what a templateCache keeps. The
// logs of a Windows server have some hundred templates of 2 KiB.
const maxCached = 1 << 20

// maxVariants bounds how many definitions of one GUID and size are kept: they
// differ in which names they hold themselves.
const maxVariants = 32

// templateCache keeps the templates of a log over its chunks. The same template
// has other bytes in every chunk: it refers to names by their offsets, and holds
// those names itself that its chunk has nowhere before it. So two definitions are
// the same when all else is equal byte for byte and all names are equal as text.
// The GUID alone does not do: definitions that differ share one.
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

// nameRefs are the references to names in a definition, in their order.
type nameRefs struct {
	start int // of the body in its chunk
	names []nameRef
	bound bool // the template holds what is of its chunk only
}

// nameRef is a reference to a name; offsets count from the beginning of the body.
type nameRef struct {
	at     int    // of the reference
	end    int    // of the reference with the name, where it holds it
	inline bool   // the name follows the reference
	text   []byte // length and units of the name
}

// add notes that the parser read a reference to the name at an offset. It is
// called on nil too.
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

// unportable notes that the template cannot be used in other chunks. It is called
// on nil too.
func (r *nameRefs) unportable() {
	if r != nil {
		r.bound = true
	}
}

// find returns the template that equals the definition at an offset of a chunk,
// nil without one.
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

// equals reports whether the definition whose body begins at an offset of a chunk
// is the same template. The sizes are equal.
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

// add keeps a template for other chunks.
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
