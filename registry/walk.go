package registry

import (
	"iter"
)

// Keys iterates over every key, each before its subkeys. A *FormatError, which
// comes with a zero Key, means that a key or a list of keys is damaged, and the
// walk goes on with what comes after it. It yields no other errors. Breaking early
// and ranging again are safe.
func (r *Reader) Keys() iter.Seq2[*Key, error] {
	return func(yield func(*Key, error) bool) {
		w := &walker{r: r, s: r.slab(), refused: r.known.Load(), yield: yield}
		defer r.release(w.s)
		root, err := r.key(w.s, nil, ref{-1, -1, r.root})
		if err != nil {
			yield(root, err)
			return
		}
		if w.refused == nil {
			w.survey = newSurvey(r)
		}
		if w.key(root) && w.survey != nil {
			r.known.CompareAndSwap(nil, new(refusals))
		}
	}
}

// A walker yields keys. It does not follow what check refuses, so there are neither loops
// nor more than maxDepth levels.
//
// If it is not known what that is, a survey goes with it. Check follows the same order,
// and so it refuses nothing of what was met before the survey came to something doubtful.
type walker struct {
	r       *Reader
	s       *slab
	depth   int     // of the current key below the root
	survey  *survey // nil if refused is known
	refused *refusals
	yield   func(*Key, error) bool
}

// sure learns what is refused, unless what the survey met is sound.
func (w *walker) sure(sound bool) {
	if !sound {
		w.survey, w.refused = nil, w.r.learn(false)
	}
}

// key yields k and all keys below it.
func (w *walker) key(k *Key) bool {
	if w.survey != nil {
		w.sure(w.survey.attachments(k.node(), k.at()))
	}
	k.checked = w.refused.none()
	if !w.yield(k, nil) {
		return false
	}
	to, ok := k.subkeyList()
	if !ok {
		return true
	}
	if w.survey != nil {
		w.sure(w.depth < maxDepth)
	}
	w.depth++
	more := w.list(k, to, false)
	w.depth--
	return more
}

// list yields the keys in a list of k, and all keys below them.
func (w *walker) list(k *Key, to ref, nested bool) bool {
	elements, at, step, signature, err := w.r.list(to)
	if w.survey != nil && elements != nil {
		w.sure(w.survey.list(to, elements))
		w.sure(!w.r.ofAnother(leaf{elements, at, step, signature}, uint32(k.Offset-baseBlockSize), nested))
	}
	if w.refused.has(to, "subkey list") {
		return w.fail(k, refusal(to, "subkey list"))
	}
	if nested && signature == "ri" {
		elements, err = nil, nestedRoot(at)
	}
	if err != nil && !w.fail(k, err) {
		return false
	}
	for i := 0; i < len(elements); i += step {
		to := refAt(elements, at, i)
		if signature == "ri" && !w.list(k, to, true) || signature != "ri" && !w.element(k, to) {
			return false
		}
	}
	return true
}

// element yields a key in a list of k, and all keys below it.
func (w *walker) element(k *Key, to ref) bool {
	node, at, err := w.r.node(to)
	if w.survey != nil && err == nil {
		w.sure(w.survey.key(to, node, uint32(k.Offset-baseBlockSize)))
	}
	switch {
	case w.refused.has(to, "key node"):
		return w.fail(k, refusal(to, "key node"))
	case err != nil:
		return w.fail(k, err)
	}
	return w.key(w.r.keyOf(w.s, k, node, at))
}

// fail yields an error in k.
func (w *walker) fail(k *Key, err error) bool { return w.yield(&Key{}, k.in(err)) }

// refused returns the references that are not to be followed.
func (r *Reader) refused() *refusals {
	if known := r.known.Load(); known != nil {
		return known
	}
	return r.learn(newSurvey(r).sound())
}

// learn makes known what is refused: nothing if the whole hive is sound.
func (r *Reader) learn(sound bool) *refusals {
	refused := new(refusals)
	if !sound {
		refused = r.check(nil)
	}
	r.known.CompareAndSwap(nil, refused)
	return r.known.Load()
}
