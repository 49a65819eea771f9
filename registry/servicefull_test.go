package registry_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// failures returns FailureActions with a list of actions, each with its delay.
func failures(count uint32, actions ...uint32) []byte {
	var b []byte
	for _, n := range append([]uint32{86400, 0, 0, count, 20}, actions...) {
		b = binary.LittleEndian.AppendUint32(b, n)
	}
	return b
}

func TestFailureActions(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"restart and command", failures(3, 1, 60000, 3, 1000, 0, 0), "restart after 1m0s, run the command after 1s, nothing"},
		{"reboot at once", failures(1, 2, 0), "reboot"},
		{"nothing", failures(2, 0, 0, 0, 5), ""},
		{"none", failures(0), ""},
		{"unknown action", failures(1, 9, 0), "action 9"},
		{"more than there is room for", failures(1000, 1, 0), "restart"},
		{"cut off", failures(1, 1, 0)[:19], ""},
		{"empty", nil, ""},
	} {
		var h registrytest.Hive
		h.Set(`ControlSet001\Services\x`, when, registrytest.SZ("ImagePath", "x.exe"), registrytest.Binary("FailureActions", tt.data))
		for a, err := range registry.Autostarts(read(t, write(t, h))) {
			if err != nil || a.FailureActions != tt.want {
				t.Errorf("%s: got %q, %v; want %q", tt.name, a.FailureActions, err, tt.want)
			}
		}
	}
}

func TestServiceTriggersAndDescriptor(t *testing.T) {
	guid, err := winid.ParseGUID("{4D36E96B-E325-11CE-BFC1-08002BE10318}")
	if err != nil {
		t.Fatal(err)
	}
	const services = `ControlSet001\Services\`
	var h registrytest.Hive
	h.Set(services+`full`, when, registrytest.SZ("ImagePath", "x.exe"), registrytest.DWord("Start", 3))
	h.Set(services+`full\TriggerInfo\0`, when, registrytest.DWord("Type", 1), registrytest.DWord("Action", 1), registrytest.Binary("GUID", guid[:]))
	h.Set(services+`full\TriggerInfo\1`, when, registrytest.DWord("Type", 99), registrytest.DWord("Action", 2))
	h.Set(services+`full\TriggerInfo\2`, when)
	h.Set(services+`full\Security`, when, registrytest.Binary("Security", descriptorOf(t, nil)))
	h.Set(services+`plain`, when, registrytest.SZ("ImagePath", "y.exe"))
	type full struct {
		triggers   string
		descriptor bool
	}
	want := map[string]full{
		"full":  {"start on device arrival 4D36E96B-E325-11CE-BFC1-08002BE10318; stop on trigger 99; action 0 on trigger 0", true},
		"plain": {},
	}
	for a, err := range registry.Autostarts(read(t, write(t, h))) {
		if got := (full{a.Triggers, a.HasDescriptor}); err != nil || got != want[a.Name] || a.Use != registry.Runs {
			t.Errorf("%s: got %+v, %v; want %+v", a.Name, got, err, want[a.Name])
		}
	}
}

// A service whose security descriptor denies administrators its state is one that the tools
// of Windows do not list, as sc sdset makes one.
func TestHiddenServices(t *testing.T) {
	const (
		admins, system, interactive, services = "S-1-5-32-544", "S-1-5-18", "S-1-5-4", "S-1-5-6"
		all, look                             = 0x000f01ff, 0x0002018d
	)
	allow := func(sid string, access uint32) registrytest.ACE { return registrytest.ACE{SID: sid, Access: access} }
	deny := func(sid string) registrytest.ACE { return registrytest.ACE{SID: sid, Access: 0x0001003e, Deny: true} }
	usual := []registrytest.ACE{allow(system, look), allow(admins, all), allow(interactive, look), allow(services, look)}
	for _, tt := range []struct {
		name string
		sd   []byte
		want string // the beginning
	}{
		{"as Windows makes it", descriptorOf(t, usual), ""},
		{"no DACL", descriptorOf(t, nil), ""},
		{"denied to those who look", descriptorOf(t, append([]registrytest.ACE{deny(interactive), deny(services), deny(admins)}, usual...)),
			"its security descriptor does not let Administrators and SYSTEM query it"},
		{"denied to who is logged on", descriptorOf(t, append([]registrytest.ACE{deny(interactive)}, usual...)), "its security descriptor does not let Administrators query it (an entry denies it to INTERACTIVE)"},
		{"allowed to SYSTEM only", descriptorOf(t, usual[:1]), "its security descriptor does not let Administrators query it (nothing allows it)"},
		{"denied last", descriptorOf(t, append(usual[:len(usual):len(usual)], deny(admins))), ""},
		{"damaged", []byte{1, 0}, "damaged"},
		{"empty", nil, ""},
	} {
		var h registrytest.Hive
		h.Set(`ControlSet001\Services\x`, when, registrytest.SZ("ImagePath", "x.exe"), registrytest.DWord("Start", 2))
		h.Set(`ControlSet001\Services\x\Security`, when, registrytest.Binary("Security", tt.sd))
		hidden := ""
		for a, err := range registry.Autostarts(read(t, write(t, h))) {
			if err != nil {
				hidden = "damaged"
			}
			hidden += a.Hidden
		}
		if hidden != tt.want && (tt.want == "" || !strings.HasPrefix(hidden, tt.want)) {
			t.Errorf("%s: hidden is %q, want %q", tt.name, hidden, tt.want)
		}
	}
}

// A service without Start is not one that starts at boot, which 0 means.
func TestServiceWithoutStart(t *testing.T) {
	const services = `ControlSet001\Services\`
	var h registrytest.Hive
	h.Set(services+`without`, when, registrytest.SZ("ImagePath", "x.exe"), registrytest.DWord("Type", 16))
	h.Set(services+`boot`, when, registrytest.SZ("ImagePath", "y.exe"), registrytest.DWord("Type", 16), registrytest.DWord("Start", 0))
	n := 0
	for a, err := range registry.Autostarts(read(t, write(t, h))) {
		if n++; err != nil || a.NoStart != (a.Name == "without") {
			t.Errorf("%s: %v, %v", a.Name, a.NoStart, err)
		}
	}
	if n != 2 {
		t.Errorf("%d services", n)
	}
}
