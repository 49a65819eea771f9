package origin_test

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// starts are machines on which an autostart depends on more than its command: it is off for
// one account, it is not known whether it is on, and it has the place of a file of Windows.
func starts(t *testing.T) []place {
	t.Helper()
	const dll = `C:\ProgramData\Up\evil.dll`
	const addIn, appInit, saver = `Microsoft\Office\Excel\Addins\Evil.Addin`, `Microsoft\Windows NT\CurrentVersion\Windows`, system32 + "Bubbles.scr"
	const setup = `Microsoft\Active Setup\Installed Components\{1}`
	shell, err := petest.Image{Version: pe.VersionInfo{CompanyName: "Microsoft Corporation", OriginalFilename: "Cmd.Exe"}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var list []place
	for _, tt := range []struct {
		name    string
		subject string
		values  []placed
	}{
		{"an add-in that an account does not load", dll, []placed{
			{"SOFTWARE", addIn, registrytest.DWord("LoadBehavior", 3)}, {"SOFTWARE", `Classes\Evil.Addin\CLSID`, registrytest.SZ("", "{1}")},
			{"SOFTWARE", `Classes\CLSID\{1}\InprocServer32`, registrytest.SZ("", dll)}, {"NTUSER", `Software\` + addIn, registrytest.DWord("LoadBehavior", 0)}}},
		{"an AppInit DLL without Secure Boot in the registry", dll, []placed{
			{"SOFTWARE", `Microsoft\Windows NT\CurrentVersion`, registrytest.SZ("CurrentVersion", "6.3")},
			{"SOFTWARE", appInit, registrytest.SZ("AppInit_DLLs", dll)}, {"SOFTWARE", appInit, registrytest.DWord("LoadAppInit_DLLs", 1)}}},
		{"a component of Active Setup that ran for an account", dropped, []placed{
			{"SOFTWARE", setup, registrytest.SZ("StubPath", dropped)}, {"SOFTWARE", setup, registrytest.SZ("Version", "1,0")}, {"NTUSER", `Software\` + setup, registrytest.SZ("Version", "1,0")}}},
		{"a shell in the place of a screensaver", saver, []placed{{"NTUSER", `Control Panel\Desktop`, registrytest.SZ("SCRNSAVE.EXE", saver)}}},
	} {
		w := start{subject: tt.subject, values: tt.values}.world(t)
		for i := range w.files {
			if w.files[i].Path == strings.ReplaceAll(saver[3:], `\`, "/") {
				w.files[i].Data = shell
			}
		}
		list = append(list, place{tt.name, w.path(), w.volume(t)})
	}
	return list
}
