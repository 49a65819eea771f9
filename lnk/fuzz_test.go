package lnk_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
)

// Whatever the bytes: no panic, every error located, and a second reading gives the
// same.
func FuzzReader(f *testing.F) {
	f.Add(written(f, lnktest.File{Link: full, IDList: []byte{0, 0}}))
	f.Add(written(f, lnktest.File{Link: onShare}))
	f.Add(written(f, lnktest.File{Link: onShare, ANSI: true}))
	f.Add(written(f, lnktest.File{Link: lnk.Link{Items: shellitemtest.File(`C:\x.exe`, nil), Console: &lnk.Console{}, ShimLayer: "x", Properties: []shellitem.Property{{ID: 5, Type: 31, Value: "x"}}}}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := lnk.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for p := range r.Problems() {
			_ = p.String()
		}
		l := r.Link()
		if r.Size() > int64(len(raw)) {
			t.Fatalf("%d bytes of %d", r.Size(), len(raw))
		}
		if l.CommandLine() == "" && l.Target() != "" {
			t.Fatalf("%+v", l)
		}
		if again := open(t, raw).Link(); !reflect.DeepEqual(again, l) {
			t.Fatalf("%+v, then %+v", l, again)
		}
	})
}
