package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
	"github.com/birthmark-dfir/birthmark/winid"
)

const aliceSID, bobSID = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"

// loose writes the hives of a machine, each into a folder that no Windows has.
func loose(t *testing.T) (dir string) {
	t.Helper()
	var software, system registrytest.Hive
	alice := registrytest.Hive{Root: registrytest.Key{Owner: aliceSID}}
	classes := registrytest.Hive{Name: `AppData\Local\Microsoft\Windows\UsrClass.dat`, Root: registrytest.Key{Owner: aliceSID}}
	bob := registrytest.Hive{Root: registrytest.Key{Owner: bobSID}}
	system.Set("Select", when, registrytest.DWord("Current", 1))
	system.Set(`ControlSet001\Control\ComputerName\ComputerName`, when, registrytest.SZ("ComputerName", "WEB01"))
	system.Set(`ControlSet001\Control\SecureBoot\State`, when, registrytest.DWord("UEFISecureBootEnabled", 1))
	system.Set(`ControlSet001\Control\Session Manager\Environment`, when, registrytest.SZ("TOOLS", `C:\Tools`))
	software.Set(`Microsoft\Windows NT\CurrentVersion`, when, registrytest.SZ("CurrentVersion", "6.3"))
	software.Set(`Microsoft\Windows NT\CurrentVersion\Windows`, when, registrytest.SZ("AppInit_DLLs", `C:\a.dll`), registrytest.DWord("LoadAppInit_DLLs", 1))
	software.Set(current+`Run`, when, registrytest.ExpandSZ("Tool", `%TOOLS%\t.exe`))
	software.Set(current+`Group Policy\State\Machine`, when, registrytest.SZ("Distinguished-Name", "CN=WEB01,DC=corp,DC=example"))
	for sid, name := range map[string]string{aliceSID: "alice.CORP", bobSID: "bob"} {
		id, err := winid.ParseSID(sid)
		if err != nil {
			t.Fatal(err)
		}
		software.SetProfile(registry.Profile{SID: id, Path: `C:\Users\` + name, LastWrite: when})
	}
	for i, name := range []string{"Same", "Other"} {
		c := registry.CachedTask{Path: `\` + name, ID: fmt.Sprintf("{%d}", i), Index: 3, HasSD: true, LastWrite: when, KeyWrite: when, Recorded: `\` + name,
			Key: `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks\` + fmt.Sprintf("{%d}", i), Actions: []registry.TaskAction{{Kind: "Exec", Command: `C:\a.exe`}}}
		if err := software.SetTask(c); err != nil {
			t.Fatal(err)
		}
	}
	alice.Set(`Software\`+current+`Run`, when, registrytest.ExpandSZ("Drop", `%APPDATA%\drop.exe`))
	alice.Set(`Environment`, when)
	bob.Set(`Software\`+current+`Run`, when, registrytest.SZ("Up", `C:\up.exe`))
	bob.Set(`Environment`, when)
	classes.Set(`CLSID\{1}\InprocServer32`, when, registrytest.SZ("", `C:\evil.dll`))
	dir = write(t, t.TempDir(), map[string]registrytest.Hive{"SYSTEM": system, "SOFTWARE": software, "alice/NTUSER.DAT": alice, "bob/NTUSER.DAT": bob, "UsrClass.dat": classes})
	b, err := tasktest.File{Task: task.Task{URI: `\Same`, Actions: []task.Action{{Kind: "Exec", Command: `C:\a.exe`}}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "Same"), b)
	return dir
}

// Hives and files on one command line are those of one machine, if nothing in them
// contradicts that.
func TestHivesOnOneCommandLine(t *testing.T) {
	dir := loose(t)
	in := func(names ...string) []string {
		for i, name := range names {
			names[i] = filepath.Join(dir, filepath.FromSlash(name))
		}
		return append([]string{"-format", "jsonl", "-verify"}, names...)
	}
	rows := func(args []string) (map[string]row, string) {
		t.Helper()
		out, problems := autoruns(t, cli.Done, args...)
		list := map[string]row{}
		for line := range strings.Lines(out) {
			var r row
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatal(err)
			}
			list[r.Name] = r
		}
		return list, problems
	}
	got, problems := rows(in("SYSTEM", "SOFTWARE", "alice/NTUSER.DAT", "bob/NTUSER.DAT", "UsrClass.dat", "Same"))
	for _, tt := range []struct{ what, got, want string }{
		{"problems", problems, ""},
		{"a switch in SYSTEM", got["AppInit_DLLs"].Off, "Secure Boot"},
		{"nothing is undecided", got["Drop"].Undecided, ""},
		{"a variable of SYSTEM", got["Tool"].Verdict, notInEvidence},
		{"a variable of the account", got["Drop"].Verdict, notInEvidence},
		{"the account of a hive", got["Drop"].User, "alice.CORP"},
		{"the account of classes", got[""].User, "alice.CORP"},
		{"another account", got["Up"].User, "bob"},
		{"the file of a task", got[`\Same`].File, "Same"},
		{"the state of a task with its file", got[`\Same`].State, ""},
		{"the state of a task whose file was not given", got[`\Other`].State, ""},
		{"names of hives", got["Drop"].Hive + "|" + got["Up"].Hive + "|" + got["Tool"].Hive, `alice\NTUSER.DAT|bob\NTUSER.DAT|SOFTWARE`},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.what, tt.got, tt.want)
		}
	}
	if got, _ := rows(in("SOFTWARE")); got["AppInit_DLLs"].Off != "" || got["Tool"].Verdict != notChecked+"a variable in its path is not known" {
		t.Errorf("SOFTWARE by itself: %+v", got)
	}
	if got, _ := rows(in("alice/NTUSER.DAT")); got["Drop"].User != aliceSID || got["Drop"].Undecided == "" {
		t.Errorf("NTUSER.DAT by itself: %+v", got["Drop"])
	}

	// A folder counts as what is in it.
	folder, _ := rows(in("."))
	if folder["AppInit_DLLs"].Off != "Secure Boot" || folder[""].User != "alice.CORP" {
		t.Errorf("the folder: %+v", folder)
	}
	mixed, _ := rows(in("SYSTEM", "SOFTWARE", "alice", "bob"))
	if len(mixed) != len(got)-1 || mixed["Up"].User != "bob" || mixed["Up"].Hive != `bob\NTUSER.DAT` {
		t.Errorf("hives and folders: %+v", mixed)
	}

	// A log among the arguments is read with its hive.
	put(t, filepath.Join(dir, "SYSTEM.LOG1"), nil)
	if _, problems := rows(in("SYSTEM", "SYSTEM.LOG1", "SOFTWARE")); problems != "" {
		t.Errorf("with a log: %s", problems)
	}
}

// Hives of several machines are kept apart, and that is said.
func TestHivesOfSeveralMachines(t *testing.T) {
	dir := loose(t)
	var other registrytest.Hive
	other.Set("Select", when, registrytest.DWord("Current", 1))
	other.Set(`ControlSet001\Control\ComputerName\ComputerName`, when, registrytest.SZ("ComputerName", "DC02"))
	other.Set(`ControlSet001\Control\SecureBoot\State`, when, registrytest.DWord("UEFISecureBootEnabled", 1))
	other.Set(`ControlSet001\Services\Evil`, when, registrytest.ExpandSZ("ImagePath", `C:\evil.exe`), registrytest.DWord("Type", 0x10), registrytest.DWord("Start", 2))
	write(t, dir, map[string]registrytest.Hive{"other/SYSTEM": other})
	foreign := registrytest.Hive{Root: registrytest.Key{Owner: "S-1-5-21-7-8-9-500"}}
	foreign.Set(`Software\`+current+`Run`, when, registrytest.SZ("Foreign", `C:\foreign.exe`))
	foreign.Set(`Environment`, when)
	write(t, dir, map[string]registrytest.Hive{"other/NTUSER.DAT": foreign, "NTUSER.DAT": foreign})
	const undecided = "whether Secure Boot is on, which turns it off: no SYSTEM hive"
	for _, tt := range []struct {
		name  string
		files []string
		want  []string // name, what turns it off, what is not known
		says  string
	}{
		{"another name", []string{"other/SYSTEM", "SOFTWARE"}, []string{"AppInit_DLLs||" + undecided, "Evil||"},
			"SOFTWARE is of WEB01, SYSTEM of DC02: the hives are not of one machine, and only those of one folder are read together\n"},
		{"two machines in two folders", []string{"SYSTEM", "SOFTWARE", "other/SYSTEM", "other/NTUSER.DAT"},
			[]string{"AppInit_DLLs|Secure Boot|", "Evil||", "Foreign||whether the policy DisableCurrentUserRun of the machine is set: no SOFTWARE hive"},
			"the hives are not of one machine, and only those of one folder are read together\n"},
		{"an account without a profile", []string{"SYSTEM", "SOFTWARE", "NTUSER.DAT"},
			[]string{"AppInit_DLLs||" + undecided, "Foreign||whether the policy DisableCurrentUserRun of the machine is set: no SOFTWARE hive"},
			"NTUSER.DAT belongs to S-1-5-21-7-8-9-500, and SOFTWARE has no profile of that account or its domain: the hives are not of one machine, and each is read by itself\n"},
		{"a folder with two", []string{"."}, nil, "the hives are not of one machine, and each is read by itself\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := []string{"-format", "jsonl"}
			for _, name := range tt.files {
				args = append(args, filepath.Join(dir, filepath.FromSlash(name)))
			}
			out, problems := autoruns(t, cli.Done, args...)
			var got []string
			for line := range strings.Lines(out) {
				for name, r := range rowsOf(t, line) {
					if slices.Contains([]string{"AppInit_DLLs", "Evil", "Foreign"}, name) {
						got = append(got, name+"|"+r.Off+"|"+r.Undecided)
					}
				}
			}
			slices.Sort(got)
			if tt.want != nil && !slices.Equal(got, tt.want) || !strings.Contains(strings.ReplaceAll(problems, string(os.PathSeparator), `\`), tt.says) {
				t.Errorf("got %q, want %q\nproblems: %s\nwant %s", got, tt.want, problems, tt.says)
			}
		})
	}
}
