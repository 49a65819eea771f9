package timeline

import (
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// The autostarts of a hive know what the other hives of the machine turn off.
func TestAutostartsKnowTheOtherHives(t *testing.T) {
	data := func(h registrytest.Hive) *fstest.MapFile {
		b, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return &fstest.MapFile{Data: b}
	}
	const (
		run    = `Microsoft\Windows\CurrentVersion\Run`
		policy = `Microsoft\Windows\CurrentVersion\Policies\Explorer`
	)
	var software, alice, bob registrytest.Hive
	software.Set(run, day(1, 0, 0), registrytest.SZ("a", "a.exe"))
	software.Set(policy, day(1, 0, 0), registrytest.DWord("DisableCurrentUserRun", 1))
	alice.Set(`Software\`+run, day(1, 0, 0), registrytest.SZ("b", "b.exe"))
	bob.Set(`Software\`+policy, day(1, 0, 0), registrytest.DWord("DisableLocalMachineRun", 1))
	files := fstest.MapFS{softwarePath: data(software), "Users/alice/NTUSER.DAT": data(alice), "Users/bob/NTUSER.DAT": data(bob)}
	states := func() map[string]string {
		got := map[string]string{}
		for _, h := range collect(t, files).Hives() {
			for _, a := range h.Autostarts {
				got[a.Name] = a.Off + "|" + a.OffFor + "|" + a.Undecided
			}
		}
		return got
	}
	if got := states(); got["a"] != "|bob: the policy DisableLocalMachineRun|" || got["b"] != "the policy DisableCurrentUserRun||" {
		t.Errorf("%q", got)
	}
	files["other/SOFTWARE"] = data(software)
	delete(files, softwarePath)
	software.LastWrite = day(2, 0, 0)
	files["more/SOFTWARE"] = data(software)
	if got := states(); got["a"] != "||" || got["b"] != "||whether the policy DisableCurrentUserRun of the machine is set: no SOFTWARE hive" {
		t.Errorf("of several machines: %q", got)
	}
}
