package timeline

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Each row of the table of keys with traces makes events, and what is not a trace makes
// none.
func TestTracesInKeys(t *testing.T) {
	at := time.Date(2026, 3, 2, 13, 42, 9, 213_456_700, time.UTC)
	used := at.Add(-time.Hour)
	user := registrytest.Hive{Name: "NTUSER.DAT"}
	const current = `Software\Microsoft\Windows\CurrentVersion\`
	user.Set(explorerKey+"RunMRU", at, registrytest.SZ("a", `cmd\1`), registrytest.SZ("b", `\\srv\tools\1`), registrytest.SZ("MRUList", "bax"))
	user.Set(current+`Search\RecentApps\{1}`, at, registrytest.SZ("AppPath", `{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\a.exe`), registrytest.DWord("LaunchCount", 4), registrytest.QWord("LastAccessedTime", filetime.Ticks(used)))
	user.Set(current+`Search\RecentApps\{2}`, at, registrytest.SZ("AppPath", `C:\no time.exe`))
	user.Set(explorerKey+`FeatureUsage\AppSwitched`, at, registrytest.DWord(`C:\Tools\x.exe`, 12), registrytest.SZ("other", "x"))
	user.Set(explorerKey+`MountPoints2\##srv#tools`, at)
	user.Set(explorerKey+`MountPoints2\{guid}`, at)
	user.Set(`Software\Microsoft\Terminal Server Client\Servers\10.0.4.15`, at, registrytest.SZ("UsernameHint", `CORP\lee`))
	user.Set(`Software\Microsoft\Terminal Server Client\Servers\db01`, at)
	user.Set(`Software\Microsoft\Windows\ShellNoRoam\MUICache`, at, registrytest.SZ(`C:\Tools\old.exe`, "Old"), registrytest.SZ("@shell32.dll,-1", "x"), registrytest.SZ("LangID", "x"))
	user.Set(`Software\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Compatibility Assistant\Store`, at, registrytest.Binary(`C:\Tools\s.exe`, []byte("SACP")))
	user.Set(`Software\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Compatibility Assistant\Persisted`, at, registrytest.DWord(`C:\Tools\p.exe`, 1))
	user.Set(current+`App Paths\u.exe`, at, registrytest.SZ("", `C:\Tools\u.exe`))
	items := func(list ...shellitem.Item) []byte {
		b, err := shellitemtest.List(list...)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	lastFirst := registrytest.Binary("MRUListEx", []byte{1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0xff, 0xff, 0xff, 0xff})
	wide := func(s string) []byte { return append(wtf8.Encode(s), 0, 0) }
	user.Set(explorerKey+`ComDlg32\OpenSavePidlMRU\exe`, at, lastFirst, registrytest.Binary("0", items(shellitemtest.File(`C:\Tools\a.exe`, nil)...)), registrytest.Binary("1", items(shellitemtest.File(`E:\b.exe`, nil)...)))
	user.Set(explorerKey+`ComDlg32\LastVisitedPidlMRU`, at, lastFirst, registrytest.Binary("1", append(wide("notepad.exe"), items(shellitemtest.File(`E:\kit`, nil)...)...)))
	user.Set(explorerKey+`RecentDocs`, at, lastFirst, registrytest.Binary("1", wide("list.txt")), registrytest.Binary("0", wide("kit")))
	user.Set(explorerKey+`RecentDocs\.txt`, at, lastFirst, registrytest.Binary("1", wide("list.txt")))
	user.Set(explorerKey+`RecentDocs\Folder`, at, lastFirst, registrytest.Binary("1", wide("kit")))
	user.Set(explorerKey+`TypedPaths`, at, registrytest.SZ("url1", `\\srv\tools`), registrytest.SZ("url2", `C:\Tools`))
	drive, kit := shellitemtest.File(`E:`, nil)[1], shellitemtest.File(`E:\kit`, nil)[2]
	user.Set(`Software\Microsoft\Windows\Shell\BagMRU`, at, lastFirst, registrytest.Binary("1", items(drive)))
	user.Set(`Software\Microsoft\Windows\Shell\BagMRU\1`, at, lastFirst, registrytest.Binary("0", items(kit)))
	classes := registrytest.Hive{Name: "UsrClass.dat"}
	classes.Set(`Local Settings\Software\Microsoft\Windows\Shell\BagMRU`, at, lastFirst, registrytest.Binary("1", items(shellitem.Item{Kind: shellitem.Network, Name: `\\srv\tools`})))
	classes.Set(`Local Settings\Software\Microsoft\Windows\Shell\MuiCache`, at, registrytest.SZ(`C:\Tools\x.exe.FriendlyAppName`, "X"), registrytest.SZ(`C:\Tools\x.exe.ApplicationCompany`, "Contoso"), registrytest.Binary("LangID", []byte{9, 4}))
	software := registrytest.Hive{Name: "SOFTWARE"}
	software.Set(`Microsoft\Windows\CurrentVersion\App Paths\x.exe`, at, registrytest.SZ("", `"C:\Tools\x.exe"`), registrytest.SZ("Path", `C:\Tools`))
	software.Set(`Microsoft\Windows\CurrentVersion\App Paths\none.exe`, at)
	software.Set(`Policies\Microsoft\WindowsFirewall\FirewallRules`, at, registrytest.SZ("p", `v2.31|Action=Block|Active=TRUE|Dir=Out|App=C:\Tools\p.exe|`))
	system := registrytest.Hive{Name: "SYSTEM"}
	system.Set(`Select`, at, registrytest.DWord("Current", 1))
	const firewall = `ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\`
	system.Set(firewall+`FirewallRules`, at, registrytest.SZ("{1}", `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=4444|App=%SystemRoot%\f.exe|Svc=f|Name=F|`), registrytest.SZ("{2}", `v2.31|Action=Allow|Active=TRUE|Dir=In|App=System|`), registrytest.SZ("{3}", `v2.31|Action=Allow|Dir=In|`))
	system.Set(firewall+`RestrictedServices\Static\System`, at, registrytest.SZ("r", `v2.0|Action=Allow|Active=FALSE|Dir=In|App=C:\Tools\r.exe|`))
	for i, profile := range []string{"StandardProfile", "DomainProfile"} {
		path := fmt.Sprintf(`C:\Tools\xp%d.exe`, i)
		system.Set(firewall+profile+`\AuthorizedApplications\List`, at, registrytest.SZ(path, path+":*:Enabled:X"))
	}
	amcache := registrytest.Hive{Name: "Amcache.hve"}
	amcache.SetAmcache(registry.AmcacheFile{Key: `Root\InventoryApplicationFile\x.exe|1`, LastWrite: at, Path: `c:\tools\x.exe`, SHA1: strings.Repeat("a1", 20), Size: 40_000_000})
	amcache.SetAmcache(registry.AmcacheFile{Key: `Root\InventoryApplicationFile\y`, LastWrite: at})

	files := fstest.MapFS{"Windows/System32/x": {}}
	for name, h := range map[string]registrytest.Hive{
		"Users/eve/NTUSER.DAT": user, "Users/eve/AppData/Local/Microsoft/Windows/UsrClass.dat": classes,
		"Windows/System32/config/SOFTWARE": software, "Windows/System32/config/SYSTEM": system, "Windows/AppCompat/Programs/Amcache.hve": amcache,
	} {
		data, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	tl := collect(t, files)
	var got []string
	seen := map[*keyTrace]bool{}
	for e := range tl.ByKind(CommandTyped, ProgramRan, ProgramSeen, ProgramRegistered, FirewallRuleHeld, ShareMounted, RDPOutgoing, FileInventoried, FileOpened, FolderOpened) {
		said, _, _ := strings.Cut(e.Message, " (HK")
		said, _, _ = strings.Cut(said, " (Root")
		if e.Kind == ProgramRan && !e.Time.Equal(used) || e.Kind != ProgramRan && !e.Time.Equal(at) || e.Source.Offset <= 0 {
			t.Errorf("%s: %v, %+v", said, e.Time, e.Source)
		}
		got = append(got, string(e.Kind)+" "+e.Path+": "+said)
		for i := range keyTraces {
			if row := &keyTraces[i]; row.kind == e.Kind && fits(row.key, e.Source.Record) {
				seen[row] = true
			}
		}
		if d, ok := e.Data.(*registry.AmcacheFile); ok != (e.Kind == FileInventoried) || ok && d.Size != 40_000_000 {
			t.Errorf("%s: data %v", said, e.Data)
		}
	}
	run := `HKU\eve\` + explorerKey + `RunMRU: `
	server := `HKU\eve\Software\Microsoft\Terminal Server Client\Servers\`
	want := []string{
		`file.opened C:\Tools\a.exe: C:\Tools\a.exe was chosen in the dialog for opening and saving files, 1 before the last`,
		`file.opened E:\b.exe: E:\b.exe was chosen in the dialog for opening and saving files, the last one`,
		`folder.opened E:\kit: E:\kit was open in the dialog for opening and saving files of notepad.exe, the last one`,
		`file.opened list.txt: list.txt was opened by way of the shell, the last one`,
		`file.opened kit: kit was opened by way of the shell, 1 before the last`,
		`file.opened list.txt: list.txt was opened by way of the shell, the last one`,
		`folder.opened kit: kit was opened by way of the shell, the last one`,
		`folder.opened \\srv\tools: \\srv\tools was typed into the address bar, the last one`,
		`folder.opened C:\Tools: C:\Tools was typed into the address bar, 1 before the last`,
		`folder.opened E:\: E:\ was open in the Explorer, the last one of its folder`,
		`folder.opened E:\kit: E:\kit was open in the Explorer, 1 before the last one of its folder`,
		`folder.opened \\srv\tools: \\srv\tools was open in the Explorer, the last one of its folder`,
		`command.typed ` + run + `\\srv\tools was typed into Run last`,
		`command.typed ` + run + `cmd was typed into Run, 1 before the last`,
		`program.ran C:\Windows\System32\a.exe: {1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\a.exe was used by a user`,
		`program.seen C:\Tools\x.exe: C:\Tools\x.exe was in the task bar: AppSwitched 12`,
		`share.mounted \\srv\tools: \\srv\tools was connected`,
		`rdp.outgoing ` + server + `10.0.4.15: Remote Desktop was connected to 10.0.4.15 as CORP\lee`,
		`rdp.outgoing ` + server + `db01: Remote Desktop was connected to db01`,
		`program.seen C:\Tools\old.exe: the shell had looked up the name of C:\Tools\old.exe, Old`,
		`program.seen C:\Tools\x.exe: the shell had looked up the name of C:\Tools\x.exe, X`,
		`program.seen C:\Tools\s.exe: C:\Tools\s.exe had been watched by the Program Compatibility Assistant`,
		`program.seen C:\Tools\p.exe: C:\Tools\p.exe had been watched by the Program Compatibility Assistant`,
		`program.registered C:\Tools\u.exe: C:\Tools\u.exe is started for the name u.exe`,
		`program.registered C:\Tools\x.exe: C:\Tools\x.exe is started for the name x.exe`,
		`firewall.rule_held C:\Windows\f.exe: the Windows Firewall had a rule for %SystemRoot%\f.exe (service f): Allow In`,
		`firewall.rule_held C:\Tools\r.exe: the Windows Firewall had an inactive rule for C:\Tools\r.exe: Allow In`,
		`firewall.rule_held C:\Tools\xp0.exe: the Windows Firewall had a rule for C:\Tools\xp0.exe: Allow In`,
		`firewall.rule_held C:\Tools\xp1.exe: the Windows Firewall had a rule for C:\Tools\xp1.exe: Allow In`,
		`firewall.rule_held C:\Tools\p.exe: the Windows Firewall had a rule for C:\Tools\p.exe: Block Out`,
		`file.inventoried C:\tools\x.exe: c:\tools\x.exe was there when Windows took stock of it, SHA-1 ` + strings.Repeat("a1", 20) + ` of its first 31457280 bytes`,
	}
	if a, b := sorted(got), sorted(want); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	for i := range keyTraces {
		if row := &keyTraces[i]; !seen[row] {
			t.Errorf("no event of the row %s", row.key)
		}
	}
	for _, c := range tl.Coverage() {
		if c.Type == TypeRegistry && c.ProblemCount > 0 {
			t.Errorf("%+v", c)
		}
	}
}
