package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A change of each setting of a service is one of the row, under its name. Each field that
// is compared only for services has a change here.
func TestBaselineOfServiceSettings(t *testing.T) {
	const spooler = `ControlSet001\Services\Spooler`
	dword, sz, text := registrytest.DWord, registrytest.SZ, registrytest.MultiSZ
	descriptor := func(more ...registrytest.ACE) []byte {
		sd, err := registrytest.Descriptor("S-1-5-18", append([]registrytest.ACE{{SID: "S-1-5-18", Access: 0xf01ff}, {SID: "S-1-5-32-544", Access: 0xf01ff}, {SID: "S-1-5-11", Access: 0x2018d}}, more...))
		if err != nil {
			t.Fatal(err)
		}
		return sd
	}
	set := func(v registrytest.Value) func(*registrytest.Hive) {
		return func(h *registrytest.Hive) { h.Set(spooler, when, v) }
	}
	before := func() registrytest.Hive {
		h := hosting(nil)
		h.Set(spooler+`\Security`, when, registrytest.Binary("Security", descriptor()))
		h.Set(spooler, when, text("DependOnService", "RPCSS", "http"))
		return h
	}
	covered := map[string]bool{}
	for _, tt := range []struct {
		field, want string
		change      func(*registrytest.Hive)
	}{
		{"group", " -> SpoolerGroup", set(sz("Group", "SpoolerGroup"))},
		{"depends_on", "RPCSS, http -> RPCSS, http, evil", set(text("DependOnService", "RPCSS", "http", "evil"))},
		{"depends_on_group", " -> TDI", set(text("DependOnGroup", "TDI"))},
		{"service_main", " -> Evil", func(h *registrytest.Hive) { h.Set(spooler+`\Parameters`, when, sz("ServiceMain", "Evil")) }},
		{"error_control", " -> 3", set(dword("ErrorControl", 3))},
		{"delayed_start", " -> true", set(dword("DelayedAutostart", 1))},
		{"failures_on_stop", " -> true", set(dword("FailureActionsOnNonCrashFailures", 1))},
		{"privileges", " -> SeDebugPrivilege, SeTcbPrivilege", set(text("RequiredPrivileges", "SeDebugPrivilege", "SeTcbPrivilege"))},
		{"sid_type", " -> 1", set(dword("ServiceSidType", 1))},
		{"protected", " -> 3", set(dword("LaunchProtected", 3))},
		{"changers", " -> the service: S-1-1-0", func(h *registrytest.Hive) {
			h.Set(spooler+`\Security`, when, registrytest.Binary("Security", descriptor(registrytest.ACE{SID: "S-1-1-0", Access: 0x2})))
		}},
		{"changers", " -> the service: S-1-5-32-545", func(h *registrytest.Hive) {
			h.Set(spooler+`\Security`, when, registrytest.Binary("Security", descriptor(registrytest.ACE{SID: "S-1-5-32-545", Access: 0x40000})))
		}},
		{"changers", " -> the key: S-1-5-21-1-2-3-1001", func(h *registrytest.Hive) {
			sd, err := registrytest.Descriptor("S-1-5-18", []registrytest.ACE{{SID: "S-1-5-18", Access: 0xf003f}, {SID: "S-1-5-32-545", Access: 0x20019}, {SID: "S-1-5-21-1-2-3-1001", Access: 0x2}})
			if err != nil {
				t.Fatal(err)
			}
			h.Key(spooler, when).Security = sd
		}},
		{"changers", " -> the service: everyone, for it does not have a DACL", func(h *registrytest.Hive) {
			sd, err := registrytest.Descriptor("S-1-5-18", nil)
			if err != nil {
				t.Fatal(err)
			}
			h.Set(spooler+`\Security`, when, registrytest.Binary("Security", sd))
		}},
		{"", "", func(h *registrytest.Hive) { // reading is not changing, and what is denied is not allowed
			h.Set(spooler+`\Security`, when, registrytest.Binary("Security", descriptor(registrytest.ACE{SID: "S-1-1-0", Access: 0x2018d}, registrytest.ACE{SID: "S-1-1-0", Access: 0x2, Deny: true}, registrytest.ACE{SID: "S-1-1-0", Access: 0x2, InheritOnly: true})))
		}},
	} {
		covered[tt.field] = true
		old, changed := before(), before()
		tt.change(&changed)
		from, to := triage(t, map[string]registrytest.Hive{"SYSTEM": old}), triage(t, map[string]registrytest.Hive{"SYSTEM": changed})
		out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-baseline", from, to)
		var got []string
		for line := range strings.Lines(out) {
			for _, r := range rowsOf(t, line) {
				for _, c := range r.Changed {
					got = append(got, c.String())
				}
			}
		}
		var want []string
		if tt.field != "" {
			want = []string{tt.field + ": " + tt.want}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", tt.field, got, want)
		}
	}
	for i := range fields {
		if fields[i].base == "service" && !covered[fields[i].name] {
			t.Errorf("%s has no change here", fields[i].name)
		}
	}
}

// What an earlier version did not write is not compared, and that is said.
func TestBaselineWithoutServiceSettings(t *testing.T) {
	h := hosting(nil)
	dir := triage(t, map[string]registrytest.Hive{"SYSTEM": h})
	out, _ := autoruns(t, cli.Done, "-format", "jsonl", dir)
	file := t.TempDir() + "/baseline.jsonl"
	put(t, file, []byte(strings.ReplaceAll(out, `,"group":""`, "")))
	h.Set(`ControlSet001\Services\Spooler`, when, registrytest.SZ("Group", "x"), registrytest.DWord("ErrorControl", 3))
	out, problems := autoruns(t, cli.Done, "-baseline", file, triage(t, map[string]registrytest.Hive{"SYSTEM": h}))
	if out != "" || !strings.Contains(problems, "settings of services that it did not write, such as group and changers, are not compared") {
		t.Errorf("%s%s", out, problems)
	}
}
