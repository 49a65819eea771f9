package registry_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// descriptorOf returns a security descriptor with a DACL.
func descriptorOf(t testing.TB, dacl []registrytest.ACE) []byte {
	t.Helper()
	sd, err := registrytest.Descriptor("S-1-5-32-544", dacl)
	if err != nil {
		t.Fatal(err)
	}
	return sd
}

// hiddenWith returns why a task is hidden whose key below Tree has a security descriptor,
// and the damage.
func hiddenWith(t *testing.T, sd []byte, folder []byte) (string, []string) {
	t.Helper()
	task := aTask(1)
	h := hiveOfTasks(t, task)
	h.Set(task.Location, when, registrytest.Binary("SD", sd))
	if folder != nil {
		h.Set(cacheTree+`\Microsoft`, when, registrytest.Binary("SD", folder))
	}
	list, errs := cachedTasks(t, h)
	if len(list) != 1 {
		t.Fatalf("%d tasks, %q", len(list), errs)
	}
	if !list[0].Enabled() {
		t.Error("it does not start")
	}
	return list[0].Hidden, errs
}

// The DACL of a task decides who can read it, and so for whom the tools of Windows list it.
// The entries count in their order: the first that fits a caller and reading.
func TestTasksThatSomeCannotRead(t *testing.T) {
	const (
		admins, system, everyone, users, anna = "S-1-5-32-544", "S-1-5-18", "S-1-1-0", "S-1-5-32-545", "S-1-5-21-1-2-3-1001"
		full, read, execute                   = registrytest.FullAccess, registrytest.ReadAccess, 0x001200a0
		both                                  = "its security descriptor does not let Administrators and SYSTEM read it "
	)
	allow := func(sid string, access uint32) registrytest.ACE { return registrytest.ACE{SID: sid, Access: access} }
	deny := func(sid string, access uint32) registrytest.ACE {
		return registrytest.ACE{SID: sid, Access: access, Deny: true}
	}
	below := registrytest.ACE{SID: everyone, Access: full, Deny: true, InheritOnly: true}
	for _, tt := range []struct {
		name string
		dacl []registrytest.ACE
		want string
	}{
		{"as Windows makes it", []registrytest.ACE{allow(admins, full), allow(system, full), allow(anna, read)}, ""},
		{"no DACL allows everything", nil, ""},
		{"an empty DACL allows nothing", []registrytest.ACE{}, both + "(nothing allows it)"},
		{"Everyone may read", []registrytest.ACE{allow(everyone, read)}, ""},
		{"SYSTEM is an administrator", []registrytest.ACE{allow(admins, full)}, ""},
		{"Everyone is denied first", []registrytest.ACE{deny(everyone, full), allow(admins, full), allow(system, full)}, both + "(an entry denies it to Everyone)"},
		{"Everyone is denied last", []registrytest.ACE{allow(admins, full), allow(system, full), deny(everyone, full)}, ""},
		{"Administrators are denied", []registrytest.ACE{deny(admins, read), allow(everyone, full)}, both + "(an entry denies it to Administrators)"},
		{"only the tokens of users are denied", []registrytest.ACE{deny(users, read), allow(everyone, full)}, "its security descriptor does not let Administrators read it (an entry denies it to Users)"},
		{"SYSTEM is denied", []registrytest.ACE{deny(system, read), allow(everyone, full)}, "its security descriptor does not let SYSTEM read it (an entry denies it to SYSTEM)"},
		{"only SYSTEM may read", []registrytest.ACE{allow(system, full)}, "its security descriptor does not let Administrators read it (nothing allows it)"},
		{"only an account may read", []registrytest.ACE{allow(anna, full)}, both + "(nothing allows it)"},
		{"only another is denied", []registrytest.ACE{deny(anna, full), allow(everyone, full)}, ""},
		{"writing is denied", []registrytest.ACE{deny(everyone, 0x2), allow(everyone, full)}, ""},
		{"only to be run", []registrytest.ACE{allow(everyone, execute)}, both + "(nothing allows it)"},
		{"generic rights", []registrytest.ACE{allow(admins, 0x80000000), allow(system, 0x10000000)}, ""},
		{"denied by generic rights", []registrytest.ACE{deny(everyone, 0x10000000), allow(admins, full)}, both + "(an entry denies it to Everyone)"},
		{"for what is below", []registrytest.ACE{below, allow(admins, full), allow(system, full)}, ""},
		{"each for another reason", []registrytest.ACE{deny(users, read), deny(system, read)},
			both + "(an entry denies it to Users, an entry denies it to SYSTEM)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got, errs := hiddenWith(t, descriptorOf(t, tt.dacl), nil); got != tt.want || len(errs) > 0 {
				t.Errorf("got %q, want %q; %q", got, tt.want, errs)
			}
		})
	}
}

// What cannot be read of a folder is not listed either.
func TestTasksInFoldersThatSomeCannotRead(t *testing.T) {
	open := descriptorOf(t, []registrytest.ACE{{SID: "S-1-1-0", Access: registrytest.ReadAccess}})
	shut := descriptorOf(t, []registrytest.ACE{{SID: "S-1-1-0", Access: registrytest.FullAccess, Deny: true}})
	const folder = `the security descriptor of its folder \Microsoft does not let Administrators and SYSTEM read it (an entry denies it to Everyone)`
	for name, tt := range map[string]struct {
		task, folder []byte
		want         string
	}{
		"the folder is shut": {open, shut, folder},
		"both are shut":      {shut, shut, `its security descriptor does not let Administrators and SYSTEM read it (an entry denies it to Everyone); ` + folder},
		"both are open":      {open, open, ""},
		"no descriptor":      {open, nil, ""},
	} {
		if got, errs := hiddenWith(t, tt.task, tt.folder); got != tt.want || len(errs) > 0 {
			t.Errorf("%s: got %q, want %q; %q", name, got, tt.want, errs)
		}
	}
}

// What is not understood does not hide a task, and what is damaged is reported. Nothing
// before the end of a descriptor reads beyond it.
func TestDescriptorsOfTasksThatAreNotUnderstood(t *testing.T) {
	sd := descriptorOf(t, []registrytest.ACE{{SID: "S-1-1-0", Access: registrytest.FullAccess, Deny: true}})
	const dacl, ace = 20, 28
	change := func(at int, b ...byte) []byte {
		out := bytes.Clone(sd)
		copy(out[at:], b)
		return out
	}
	object := func(flags byte) []byte { // with as many GUIDs as it has flags
		sid := sd[ace+8 : ace+20]
		entry := []byte{6, 0, 0, 0, 0xff, 1, 0x1f, 0, flags, 0, 0, 0}
		for f := flags; f != 0; f &= f - 1 {
			entry = append(entry, make([]byte, 16)...)
		}
		entry = append(entry, sid...)
		entry[2] = byte(len(entry))
		out := append(bytes.Clone(sd[:ace]), entry...)
		out[dacl+2] = byte(8 + len(entry))
		return out
	}
	for _, tt := range []struct {
		name   string
		sd     []byte
		hidden bool
		err    string
	}{
		{"a condition", change(ace, 0x0a), false, ""},
		{"an entry about objects", object(0), true, ""},
		{"an entry about one kind of objects", object(1), true, ""},
		{"an entry about two", object(3), true, ""},
		{"the DACL is not there", change(2, 0x00, 0x80), false, ""},
		{"too short", sd[:18], false, "offset of the DACL"},
		{"the DACL is beyond the end", change(16, 0xff, 0xff), false, "DACL"},
		{"the DACL is larger than the descriptor", change(dacl+2, 0xff, 0xff), false, "DACL"},
		{"the DACL is smaller than its header", change(dacl+2, 4, 0), false, "size of the DACL"},
		{"more entries than there are", change(dacl+4, 9, 0), true, ""}, // the first decides
		{"an entry that has no size", change(ace+2, 0, 0), false, "size of an entry of the DACL"},
		{"an entry that is larger than the DACL", change(ace+2, 0xff, 0), false, "size of an entry of the DACL"},
		{"an entry without a SID", change(ace+8, 9), false, "SID of an entry of the DACL"},
	} {
		got, errs := hiddenWith(t, tt.sd, nil)
		if got != "" != tt.hidden || len(errs) > 1 || (len(errs) == 1) != (tt.err != "") || tt.err != "" && !strings.Contains(errs[0], `\Täglich 1: SD: `+tt.err) {
			t.Errorf("%s: %q, %q", tt.name, got, errs)
		}
	}
	for n := 1; n < len(sd); n++ {
		hiddenWith(t, sd[:n], nil)
	}
}

// The reason is in the rows of autostarts.
func TestUnreadableTaskIsHidden(t *testing.T) {
	h := hiveOfTasks(t, aTask(1))
	h.Set(aTask(1).Location, when, registrytest.Binary("SD", descriptorOf(t, []registrytest.ACE{})))
	for a, err := range registry.Autostarts(read(t, write(t, h), registry.WithName("SOFTWARE"))) {
		if err != nil || !strings.Contains(a.Hidden, "does not let Administrators and SYSTEM read it") {
			t.Errorf("%v: %q", err, a.Hidden)
		}
	}
}

// Whatever the descriptor, a task is listed, hidden or not, and damage is located.
func FuzzTaskDescriptor(f *testing.F) {
	for _, dacl := range [][]registrytest.ACE{nil, {}, {{SID: "S-1-1-0", Access: registrytest.FullAccess, Deny: true}, {SID: "S-1-5-18", Access: registrytest.ReadAccess}}} {
		f.Add(descriptorOf(f, dacl))
	}
	f.Fuzz(func(t *testing.T, sd []byte) {
		if len(sd) > 16000 {
			return
		}
		h := hiveOfTasks(t, aTask(1))
		h.Set(aTask(1).Location, when, registrytest.Binary("SD", sd))
		n := 0
		for task, err := range registry.CachedTasks(read(t, write(t, h), registry.WithName("SOFTWARE"))) {
			var e *registry.FormatError
			switch {
			case err == nil:
				if n++; !task.Enabled() {
					t.Error("it does not start")
				}
			case !errors.As(err, &e) || e.Offset < 4096:
				t.Errorf("not located: %v", err)
			}
		}
		if n != 1 {
			t.Errorf("%d tasks", n)
		}
	})
}
