package task_test

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
)

// Whatever the bytes: no panic, every error and problem located, and what is read can
// be written and read again.
func FuzzReader(f *testing.F) {
	f.Add(written(f, tasktest.File{Task: full}))
	f.Add(written(f, tasktest.File{Task: full, UTF8: true}))
	f.Add(written(f, tasktest.File{Task: fullJob}))
	f.Add([]byte(`<Task><Triggers><T><Enabled>0</Enabled></T></Triggers><Actions><Exec><Command>a</Command><Command>b`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := task.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for p := range r.Problems() {
			if p.Err.Offset < 0 || p.Err.Offset > int64(len(raw)) {
				t.Fatalf("%v, in %d bytes", p, len(raw))
			}
		}
		got := r.Task()
		got.RunsAs()
		got.Registered()
		again, err := tasktest.File{Task: *got}.Bytes()
		if err != nil {
			return // names of elements that Windows does not have, and characters that stand for lost ones
		}
		if r := open(t, again); !reflect.DeepEqual(r.Task(), got) {
			t.Fatalf("%+v\nwas written, and read as\n%+v", got, r.Task())
		}
	})
}
