package registry

import (
	"iter"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// keysLike yields the keys that a path below the root means, in which * is any one key.
// Keys that do not exist are left out; the errors are about damage.
func (r *Reader) keysLike(path string) iter.Seq2[*Key, error] {
	return func(yield func(*Key, error) bool) {
		root, err := r.Root()
		if err != nil {
			yield(root, err)
			return
		}
		root.like(strings.Split(path, `\`), yield)
	}
}

// like yields the keys below k that the parts of a path mean.
func (k *Key) like(parts []string, yield func(*Key, error) bool) bool {
	if len(parts) == 0 {
		return yield(k, nil)
	}
	if parts[0] != "*" {
		sub, err := k.Subkey(parts[0])
		if err != nil {
			return !damage.Is(err) || yield(sub, err)
		}
		return sub.like(parts[1:], yield)
	}
	for sub, err := range k.Subkeys() {
		if err != nil {
			if !yield(sub, err) {
				return false
			}
			continue
		}
		if !sub.like(parts[1:], yield) {
			return false
		}
	}
	return true
}

// below yields what read makes of the keys that a path means, as for keysLike, if it says
// so.
func below[T any](r *Reader, path string, read func(*Key) (T, bool, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for k, err := range r.keysLike(path) {
			var t T
			ok := false
			if err == nil {
				t, ok, err = read(k)
			}
			if (ok || err != nil) && !yield(t, err) {
				return
			}
		}
	}
}
