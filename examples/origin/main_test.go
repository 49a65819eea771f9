package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// sqlserver is the folder of the module that holds the scenario as files.
func sqlserver(t testing.TB, name string) string {
	return filepath.Join(testenv.Root(t), "testdata", "sqlserver", name)
}

func execute(args ...string) (code int, out, problems string) {
	var stdout, stderr bytes.Buffer
	code = run(context.Background(), args, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// Without arguments the program reports on the scenario, in every format. The
// scenario's image gives the same report.
func TestTheScenario(t *testing.T) {
	subject := origintest.SQLServer().Subject
	image := sqlserver(t, "disk.raw.gz")
	for format, golden := range map[string]string{"text": "report.txt", "json": "report.json", "html": ""} {
		code, out, problems := execute("-format", format)
		if code != cli.Done || problems != "" {
			t.Errorf("%s: exit %d: %s", format, code, problems)
		}
		if golden != "" {
			want, err := os.ReadFile(sqlserver(t, golden))
			if err != nil {
				t.Fatal(err)
			}
			if origintest.Golden(out) != string(want) {
				t.Errorf("%s is not testdata/sqlserver/%s (go test ./origin/... -update rewrites it)", format, golden)
			}
		}
		if _, same, _ := execute("-format", format, image, subject); origintest.Golden(same) != origintest.Golden(out) {
			t.Errorf("%s: the report on the image differs from the one without arguments", format)
		}
		file := filepath.Join(t.TempDir(), "report")
		if code, out, _ := execute("-format", format, "-o", file); code != cli.Done || out != "" {
			t.Errorf("-o: exit %d, on stdout %q", code, out)
		}
		if saved, err := os.ReadFile(file); err != nil || origintest.Golden(string(saved)) != origintest.Golden(out) {
			t.Errorf("-o holds %d bytes, want %d (%v)", len(saved), len(out), err)
		}
	}
}

// The README's excerpt of the report is what the program prints.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(testenv.Root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, excerpt, ok := strings.Cut(strings.ReplaceAll(string(readme), "\r\n", "\n"), "```text\n")
	excerpt, _, ok2 := strings.Cut(excerpt, "```")
	if _, out, _ := execute(); !ok || !ok2 || !strings.Contains(out, excerpt) {
		t.Errorf("the report does not contain\n%s", excerpt)
	}
}

// A path may be written as Windows writes it or relative to a volume, with or
// without quotes. A name or a wildcard will do if only one file matches.
func TestPathForms(t *testing.T) {
	image := sqlserver(t, "disk.raw.gz")
	_, want, _ := execute()
	for _, path := range []string{
		`c:\programdata\usoshared\SQLSERVER.EXE`, `ProgramData/USOShared/sqlserver.exe`, `\\?\C:\ProgramData\USOShared\sqlserver.exe`,
		`%SystemDrive%\ProgramData\USOShared\sqlserver.exe`, `partition 2/ProgramData/USOShared/sqlserver.exe`,
		`"C:\ProgramData\USOShared\sqlserver.exe"`, `'C:\ProgramData\USOShared\sqlserver.exe'`, `sqlserver.exe`, `*\usoshared\sqlserv?r.*`,
	} {
		if code, out, problems := execute(image, path); code != cli.Done || origintest.Golden(out) != origintest.Golden(want) {
			t.Errorf("%s: exit %d, another report: %s", path, code, problems)
		}
	}
}

// A triage folder has logs, hives and the $MFT, but not the file. The report answers
// what they record; the content is unknown but for what a log has.
func TestTriageFolder(t *testing.T) {
	code, out, problems := execute("-format", "json", sqlserver(t, ""), `C:\ProgramData\USOShared\sqlserver.exe`)
	if code != cli.Done {
		t.Fatalf("exit %d: %s", code, problems)
	}
	var r origin.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if want := []origin.Source{{Name: "sqlserver", Kind: "triage folder"}}; r.Tool.Name != "birthmark" || r.Tool.Version == "" || r.Tool.Run.IsZero() || !slices.Equal(r.Evidence, want) {
		t.Errorf("the report says that %+v read %+v, want %+v", r.Tool, r.Evidence, want)
	}
	for question, grade := range map[origin.Question]origin.Grade{origin.Appeared: origin.Recorded, origin.Writer: origin.Recorded, origin.Executed: origin.Recorded, origin.WebEntry: origin.Corroborated, origin.What: origin.Inferred} {
		if a := r.Answer(question); a.Grade != grade || len(a.Evidence) == 0 {
			t.Errorf("%s is %s, want %s: %s", question, a.Grade, grade, a.Answer)
		}
	}
	if r.Subject.SHA256 != "" || r.Subject.MFTEntry == 0 {
		t.Errorf("the folder holds the $MFT, but not the file: %+v", r.Subject)
	}
}

// Drive letters come from the SYSTEM hive: it calls the subject's volume E:, and
// the hives of C: are read with it.
func TestDriveLetters(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	const partition, signature, megabyte = 9 << 20, 0x4b524d42, 1 << 20 // where E: begins, and the disk's signature
	hive := registrytest.Hive{Name: "SYSTEM"}
	hive.Set("Select", at, registrytest.DWord("Current", 1))
	mounted := func(offset uint64) []byte {
		return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(nil, signature), offset)
	}
	hive.Set("MountedDevices", at, registrytest.Binary(`\DosDevices\E:`, mounted(partition)), registrytest.Binary(`\DosDevices\C:`, mounted(megabyte)))
	hive.Set(`ControlSet001\Services\Drop`, at, registrytest.ExpandSZ("ImagePath", `E:\Sites\drop.exe`), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
	system, err := hive.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	volume := func(files ...mfttest.File) mfttest.Partition {
		data, err := mfttest.Volume{Size: 8 << 20, Files: files}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return mfttest.Partition{Data: data}
	}
	disk, err := mfttest.Disk(volume(mfttest.File{Path: "Windows/System32/config/SYSTEM", Data: system}), volume(mfttest.File{Path: "Sites/drop.exe", Data: []byte("x")}))
	if err != nil {
		t.Fatal(err)
	}
	image := filepath.Join(t.TempDir(), "disk.raw")
	if err := os.WriteFile(image, disk, 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, problems := execute(image, `e:\sites\DROP.EXE`)
	if code != cli.Done || !strings.Contains(out, `ORIGIN OF E:\Sites\drop.exe`) || !strings.Contains(out, "service Drop") || !strings.Contains(out, "C:/Windows/System32/config/SYSTEM") {
		t.Errorf("exit %d: %s%s", code, problems, out)
	}
}

// A single log is evidence too.
func TestOneLog(t *testing.T) {
	log := sqlserver(t, "C/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx")
	code, out, problems := execute(log, `C:\ProgramData\USOShared\sqlserver.exe`)
	if code != cli.Done || !strings.Contains(out, "certutil.exe (PID 5532") {
		t.Errorf("exit %d: %s%s", code, problems, out)
	}
}

func TestFailures(t *testing.T) {
	image := sqlserver(t, "disk.raw.gz")
	readme := filepath.Join(testenv.Root(t), "README.md")
	for _, tt := range []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"a name that is nearly right", []string{image, `C:\ProgramData\USOShared\sqlservr.exe`}, cli.Nothing,
			[]string{"not in the evidence", `nearest: C:\ProgramData\USOShared\sqlserver.exe`}},
		{"a path that nothing is near", []string{image, `C:\Windows\zzzzzzzz.exe`}, cli.Nothing, []string{`C:\Windows\zzzzzzzz.exe: not in the evidence`, `nearest: C:\Windows`}},
		{"a drive that does not exist", []string{image, `Q:\sqlserver.exe`}, cli.Nothing, []string{"not in the evidence", `C:\ProgramData\USOShared\sqlserver.exe`}},
		{"a name that two files have", []string{image, "NTUSER.DAT"}, cli.Nothing, []string{
			"origin: C:\\Users\\portaladmin\\NTUSER.DAT\norigin: C:\\Users\\svcadmin\\NTUSER.DAT\n", "origin: NTUSER.DAT: 2 files match: give the path of one\n"}},
		{"a wildcard that many files match", []string{image, "*"}, cli.Nothing, []string{"files match, of which 50 are listed: give the path of one"}},
		{"a hash that no file has", []string{image, strings.Repeat("0", 64)}, cli.Nothing, []string{"not in the evidence; files hashed: "}},
		{"a terminal escape for a path", []string{image, "C:\\\x1b[2J"}, cli.Nothing, []string{`\u001b[2J`}},
		{"not evidence", []string{readme, `C:\a.exe`}, cli.Nothing, []string{"unrecognized evidence format", "want the image of a disk or volume", "an event log"}},
		{"no file", []string{filepath.Join(t.TempDir(), "none"), `C:\a.exe`}, cli.Nothing, []string{"none"}},
		{"one argument", []string{image}, cli.Misused, []string{"got 1 argument", "usage: origin"}},
		{"another format", []string{"-format", "pdf"}, cli.Misused, []string{"text, json or html", "usage: origin"}},
		{"the evidence as output", []string{"-o", image, image, "a"}, cli.Misused, []string{"would overwrite the evidence"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, out, problems := execute(tt.args...)
			if code != tt.code || out != "" {
				t.Errorf("exit %d with %d bytes of data, want %d", code, len(out), tt.code)
			}
			for _, want := range tt.says {
				if !strings.Contains(problems, want) {
					t.Errorf("does not say %q: %s", want, problems)
				}
			}
			if strings.Contains(problems, "\x1b") {
				t.Errorf("an escape reaches the terminal: %q", problems)
			}
			if _, _, problems := execute(append([]string{"-q"}, tt.args...)...); tt.code == cli.Nothing && problems != "" {
				t.Errorf("-q is not silent: %s", problems)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, problems bytes.Buffer
	if code := run(ctx, nil, &out, &problems); code != cli.Nothing || out.Len() > 0 {
		t.Errorf("exit %d with %d bytes", code, out.Len())
	}
}

// Everything that truth.md of the case names is in the JSON, with the record it
// comes from.
func TestCorpusCase(t *testing.T) {
	image := testenv.Unpacked(t, "cases/winlogon-shell/disk.raw.zst")
	code, out, problems := execute("-format", "json", image, `C:\Users\IEUser\AppData\Roaming\9QxTsAU9w8gyPj4w\BRE6BgE2JubB.exe`)
	if code != cli.Done {
		t.Fatalf("exit %d: %s", code, problems)
	}
	var r origin.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	const sysmon = "Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx"
	for _, tt := range []struct {
		question         origin.Question
		says             []string
		artifact, record string
	}{
		{origin.Appeared, []string{"2019-06-14T22:22:21.503"}, "$MFT", "71-1"},
		{origin.Writer, []string{`C:\Users\IEUser\Downloads\a.exe`, `C:\Windows\explorer.exe`}, sysmon, "7531"},
		{origin.Writer, nil, sysmon, "7530"}, // its start
		{origin.Account, []string{`IEWIN7\IEUser`, "0x1336d"}, sysmon, "7530"},
		{origin.Account, nil, "$MFT", "71-1"}, // the owner
		{origin.Arrival, []string{"ZoneId 3", "http://203.0.113.77/a.exe"}, "Users/IEUser/Downloads/a.exe:Zone.Identifier", "67-1"},
		{origin.Autostart, []string{"Shell", "2019-06-14T22:22:21.519Z"}, "Users/IEUser/NTUSER.DAT", `Software\Microsoft\Windows NT\CurrentVersion\Winlogon`},
		{origin.Autostart, nil, sysmon, "7532"},
		{origin.Executed, []string{"2019-06-14T22:23:13.925Z", "userinit.exe", "2019-06-14T22:23:16.577Z"}, sysmon, "7556"},
		{origin.Executed, nil, sysmon, "7559"},
	} {
		a := r.Answer(tt.question)
		for _, want := range tt.says {
			if !strings.Contains(a.Answer, want) {
				t.Errorf("%s does not name %s: %s", tt.question, want, a.Answer)
			}
		}
		if !slices.ContainsFunc(a.Evidence, func(c origin.Citation) bool { return c.Artifact == tt.artifact && c.Record == tt.record }) {
			t.Errorf("%s does not cite %s %s", tt.question, tt.artifact, tt.record)
		}
	}
	if want := "S-1-5-21-3583694148-1414552638-2922671848-1000"; r.Subject.OwnerSID != want {
		t.Errorf("owner %s, want %s", r.Subject.OwnerSID, want)
	}
	i := slices.IndexFunc(r.Contradictions, func(c origin.Contradiction) bool { return c.Kind == "hash_differs" })
	if i < 0 {
		t.Fatal("the differing hashes are not reported")
	}
	for _, sum := range []string{"5de788d23b247b29f116cd0583280ce10a429e9f8c1d80c42deab20c6f4dbb4e", r.Subject.SHA256} {
		if !strings.Contains(r.Contradictions[i].Text, sum) {
			t.Errorf("%s is not named: %s", sum, r.Contradictions[i].Text)
		}
	}
}
