package prefetch_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/prefetch"
)

// Whatever the bytes: no panic, every error located, and a second reading gives the same.
func FuzzReader(f *testing.F) {
	for _, version := range versions {
		file := sample(version)
		f.Add(written(f, file))
		file.Compressed = false
		f.Add(written(f, file))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := prefetch.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for p := range r.Problems() {
			_ = p.String()
		}
		file := r.File()
		if path, confirmed := file.Path(); confirmed && path == "" {
			t.Fatal("nothing is confirmed")
		}
		if again := open(t, raw).File(); !reflect.DeepEqual(again, file) {
			t.Fatalf("%+v, then %+v", file, again)
		}
	})
}
