package registry_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

func TestTaskActions(t *testing.T) {
	for version := uint16(1); version <= 3; version++ {
		want, principal := everyAction(), "Author"
		if version < 3 {
			want[0].Flags = 0
		}
		if version < 2 {
			principal = ""
		}
		data, err := registrytest.TaskActions(version, principal, want...)
		if err != nil {
			t.Fatal(err)
		}
		who, got, err := registry.TaskActions(data)
		if err != nil || who != principal || len(got) != len(want) {
			t.Fatalf("version %d: %q, %d actions, %v", version, who, len(got), err)
		}
		for i := range got {
			got[i].Offset = 0
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("version %d: got\n%+v\nwant\n%+v", version, got, want)
		}
		for n := range len(data) { // no part of it reads beyond its end
			if _, list, err := registry.TaskActions(data[:n]); err == nil && len(list) == len(want) {
				t.Errorf("version %d: %d of %d bytes: %d actions", version, n, len(data), len(list))
			}
		}
	}
	if _, err := registrytest.TaskActions(4, ""); err == nil {
		t.Error("version 4 was written")
	}
}

func TestTaskTriggers(t *testing.T) {
	for version := uint8(0x15); version <= 0x17; version++ {
		want := everyTrigger(version)
		data, err := registrytest.TaskTriggers(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := registry.ReadTaskTriggers(data)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got.List {
			got.List[i].Offset = 0
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("version %#x: got\n%+v\nwant\n%+v", version, got, want)
		}
		for n := range len(data) {
			if cut, err := registry.ReadTaskTriggers(data[:n]); err == nil && len(cut.List) == len(want.List) {
				t.Errorf("version %#x: %d of %d bytes are a whole value", version, n, len(data))
			}
		}
	}
	if _, err := registrytest.TaskTriggers(registry.TaskTriggers{Version: 0x14}); err == nil {
		t.Error("version 0x14 was written")
	}
}

func TestTaskValuesDamaged(t *testing.T) {
	actions, err := registrytest.TaskActions(3, "", everyAction()...)
	if err != nil {
		t.Fatal(err)
	}
	triggers, err := registrytest.TaskTriggers(everyTrigger(0x17))
	if err != nil {
		t.Fatal(err)
	}
	put := func(b []byte, at int, n uint32) []byte {
		b = append([]byte(nil), b...)
		binary.LittleEndian.PutUint32(b[at:], n)
		return b
	}
	settings := strings.Index(string(triggers), "\x58\x00\x00\x00HHHH")
	first := strings.Index(string(triggers), "\x66\x66\x00\x00")
	many, _ := registrytest.TaskActions(3, "", make300()...)
	for _, tt := range []struct {
		name string
		read func() error
		err  string
	}{
		{"no actions", func() error { _, _, err := registry.TaskActions(nil); return err }, "version of the actions at 0x0: got 0 bytes, want 2 bytes"},
		{"version 4", func() error { _, _, err := registry.TaskActions([]byte{4, 0}); return err }, "version of the actions at 0x0: got 4, want 1 to 3"},
		{"a mark", func() error { _, _, err := registry.TaskActions(put(actions, 6, 1)); return err }, "mark of an action at 0x6: got 0x1"},
		{"a size", func() error { _, _, err := registry.TaskActions(put(actions, 8, 1<<32-1)); return err }, "ID of an action at 0xc: got"},
		{"many actions", func() error { _, _, err := registry.TaskActions(many); return err }, "number of actions at"},
		{"no triggers", func() error { _, err := registry.ReadTaskTriggers(nil); return err }, "version of the triggers at 0x0: got 0 bytes"},
		{"an old version", func() error { _, err := registry.ReadTaskTriggers(put(triggers, 0, 0x14)); return err }, "version of the triggers at 0x0: got 0x14, want 0x15 to 0x17"},
		{"small settings", func() error { _, err := registry.ReadTaskTriggers(put(triggers, settings, 4)); return err }, "size of the settings at"},
		{"large settings", func() error { _, err := registry.ReadTaskTriggers(put(triggers, settings, 1<<31)); return err }, "settings at"},
		{"a mark of a trigger", func() error { _, err := registry.ReadTaskTriggers(put(triggers, first, 0x1234)); return err }, "mark of a trigger at 0x"},
	} {
		if err := tt.read(); err == nil || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.err)
		}
	}
}

// Of a value of another version nothing is read, its error says which version it is, and
// the rest of the task stays: nothing says that such a task is disabled.
func TestTaskValuesOfOtherVersions(t *testing.T) {
	triggers, err := registrytest.TaskTriggers(everyTrigger(0x15))
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []byte{0, 0x12, 0x13, 0x14, 0x18, 0xff} {
		data := append([]byte{version}, triggers[1:]...)
		got, err := registry.ReadTaskTriggers(data)
		var e *registry.FormatError
		if !errors.Is(err, registry.ErrTaskVersion) || !errors.As(err, &e) || e.Got != fmt.Sprintf("%#x", version) || !reflect.DeepEqual(got, registry.TaskTriggers{}) {
			t.Errorf("version %#x: %v, %+v", version, err, got)
		}
	}
	for n := range 56 { // the options end at 48
		got, err := registry.ReadTaskTriggers(triggers[:n])
		if err == nil || errors.Is(err, registry.ErrTaskVersion) || n < 48 && !reflect.DeepEqual(got, registry.TaskTriggers{}) || n >= 48 && got.Options&registry.TaskEnabled == 0 {
			t.Errorf("%d bytes: %v, %+v", n, err, got)
		}
	}
	for name, value := range map[string][]byte{"Triggers": append([]byte{0x14}, triggers[1:]...), "Actions": {4, 0}, "DynamicInfo": append([]byte{4}, make([]byte, 35)...)} {
		h := hiveOfTasks(t, aTask(1))
		h.Set(cacheTasks+taskID(1), when, registrytest.Binary(name, value))
		n := 0
		for task, err := range registry.CachedTasks(read(t, write(t, h), registry.WithName("SOFTWARE"))) {
			switch {
			case err != nil:
				if n++; !errors.Is(err, registry.ErrTaskVersion) || !strings.Contains(err.Error(), name) {
					t.Errorf("%s: %v", name, err)
				}
			case task.Path != aTask(1).Path || task.Author == "" || !task.Enabled() || !reflect.DeepEqual(task.Damaged, []string{name}):
				t.Errorf("%s: %+v", name, task)
			}
		}
		if n != 1 {
			t.Errorf("%s: %d errors", name, n)
		}
	}
}

// make300 returns more actions than are read.
func make300() []registry.TaskAction {
	list := make([]registry.TaskAction, 300)
	for i := range list {
		list[i].Kind = "ShowMessage"
	}
	return list
}

// Whatever the bytes, what is read is bounded by them.
func FuzzTaskValues(f *testing.F) {
	for version := uint16(1); version <= 3; version++ {
		actions, err := registrytest.TaskActions(version, "Author", everyAction()...)
		if err != nil {
			f.Fatal(err)
		}
		triggers, err := registrytest.TaskTriggers(everyTrigger(uint8(0x14 + version)))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(actions)
		f.Add(triggers)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, actions, _ := registry.TaskActions(data)
		size := 0
		for i := range actions {
			a := &actions[i]
			size += len(a.ID) + len(a.Command) + len(a.Arguments) + len(a.WorkingDirectory) + len(a.Data) + len(a.Title) + len(a.Body) + len(a.CommandLine())
			if m := a.Mail; m != nil {
				size += len(m.Body) + len(m.From) + 4*len(m.Attachments) + 4*len(m.Headers)
			}
		}
		triggers, _ := registry.ReadTaskTriggers(data)
		for i := range triggers.List {
			tr := &triggers.List[i]
			size += len(tr.ID) + len(tr.Subscription) + len(tr.Data) + 8*len(tr.Queries) + len(tr.Account.Name)
		}
		if size > 8*len(data)+64 {
			t.Errorf("%d bytes out of %d", size, len(data))
		}
	})
}
