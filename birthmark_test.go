package birthmark_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// driveLetters is a disk whose first partition is D: and holds the file in question.
// The second is C: and holds Windows; its Sysmon log records who wrote the file.
func driveLetters(t testing.TB) []byte {
	t.Helper()
	written := time.Date(2026, 3, 2, 13, 42, 9, 213456700, time.UTC)
	const first, second, signature = 1 << 20, 9 << 20, 0x4b524d42 // offsets of the partitions, and mfttest.Disk's signature
	mounted := func(letter string, partition uint64) registrytest.Value {
		device := binary.LittleEndian.AppendUint32(nil, signature)
		return registrytest.Binary(`\DosDevices\`+letter+`:`, binary.LittleEndian.AppendUint64(device, partition))
	}
	var hive registrytest.Hive
	hive.Set("MountedDevices", written, mounted("D", first), mounted("C", second))
	system, err := hive.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	const sysmon = "Microsoft-Windows-Sysmon"
	log, err := evtxtest.Bytes(&evtx.Sysmon11{
		System:  evtx.System{Provider: sysmon, EventID: 11, Channel: sysmon + "/Operational", TimeCreated: written, RecordID: 7, Computer: "WEB01"},
		UtcTime: written, ProcessId: 5532, Image: `C:\Windows\System32\certutil.exe`,
		TargetFilename: `D:\web\sqlserver.exe`, CreationUtcTime: written, User: `WEB01\admin`,
	})
	if err != nil {
		t.Fatal(err)
	}
	return disk(t,
		[]mfttest.File{{Path: "web/sqlserver.exe", Data: []byte("MZ"), Times: mfttest.AllAt(written)}},
		[]mfttest.File{
			{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")},
			{Path: "Windows/System32/config/SYSTEM", Data: system},
			{Path: "Windows/System32/winevt/Logs/" + sysmon + "%4Operational.evtx", Data: log},
		})
}

// disk writes a disk with volumes of 8 MiB.
func disk(t testing.TB, volumes ...[]mfttest.File) []byte {
	t.Helper()
	var parts []mfttest.Partition
	for _, files := range volumes {
		b, err := mfttest.Volume{Size: 8 << 20, Files: files}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, mfttest.Partition{Data: b})
	}
	b, err := mfttest.Disk(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// save writes a file for the duration of a test.
func save(t testing.TB, name string, content []byte) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func image(t testing.TB, s *origintest.Scenario) []byte {
	t.Helper()
	b, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// printed returns what f writes to stdout.
func printed(t *testing.T, f func() error) (string, error) {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	stdout := os.Stdout
	os.Stdout = file
	defer func() { os.Stdout = stdout }()
	failed := f()
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), failed
}

// The README's sample, on evidence that holds the answer and on evidence that does
// not.
func TestSample(t *testing.T) {
	s := origintest.SQLServer()
	for _, tt := range []struct {
		name      string
		disk      string
		file      string
		want, err string
	}{
		{"the scenario", save(t, "disk.raw", image(t, s)), s.Subject, `C:\Windows\System32\certutil.exe recorded 90571`, ""},
		{"no Sysmon", save(t, "disk.raw", image(t, s.NoSysmon())), s.Subject, `C:\Windows\System32\certutil.exe inferred 814251`, ""},
		{"Security log cleared", save(t, "disk.raw", image(t, s.SecurityCleared())), s.Subject, `C:\Windows\System32\certutil.exe recorded 90571`, ""},
		{"times stomped", save(t, "disk.raw", image(t, s.TimesStomped())), s.Subject, `C:\Windows\System32\certutil.exe recorded 90571`, ""},
		{"a triage folder that holds neither the file nor the $MFT", filepath.Join("testdata", "sqlserver"), s.Subject, `C:\Windows\System32\certutil.exe recorded 90571`, ""},
		{"one log", filepath.Join("testdata", "sqlserver", "C", "Windows", "System32", "winevt", "Logs", "Microsoft-Windows-Sysmon%4Operational.evtx"), s.Subject,
			`C:\Windows\System32\certutil.exe recorded 90571`, ""},
		{"the case drive-letters", save(t, "disk.raw", driveLetters(t)), `D:\web\sqlserver.exe`, `C:\Windows\System32\certutil.exe recorded 7`, ""},
		{"the case readme-sample-panics: the writer is unknown", save(t, "disk.raw", disk(t, []mfttest.File{{Path: "web/sqlserver.exe", Data: []byte("MZ")}})),
			`web\sqlserver.exe`, " unknown ", ""},
		{"a text file and nothing else", save(t, "disk.raw", disk(t, []mfttest.File{{Path: "notes.txt", Data: []byte("buy milk")}})), "notes.txt", " unknown ", ""},
		{"a misspelled name", save(t, "disk.raw", driveLetters(t)), `D:\web\sqlservr.exe`, "", `D:\web\sqlservr.exe: not in the evidence; nearest: D:\web\sqlserver.exe`},
		{"not evidence", "README.md", s.Subject, "", "README.md: content: got "},
		{"no such evidence", "none", s.Subject, "", "none"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := printed(t, func() error { return whoWrote(t.Context(), tt.disk, tt.file) })
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) || got != "" {
					t.Errorf("printed %q, error %v, want %s", got, err, tt.err)
				}
				return
			}
			if err != nil || got != tt.want+"\n" {
				t.Errorf("printed %q, error %v, want %s", got, err, tt.want)
			}
		})
	}
}

// The fixture of the README is the code of an Example too.
func TestREADMEFixture(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(filepath.Join("evtx", "evtxtest", "example_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(strings.ReplaceAll(string(readme), "\r\n", "\n"), "## For detection engineers\n")
	_, code, ok := strings.Cut(section, "```go\n")
	code, _, ok2 := strings.Cut(code, "```\n")
	if !ok || !ok2 || strings.Count(code, "\n") != 3 || !strings.Contains(strings.ReplaceAll(string(example), "\r\n", "\n"), code) {
		t.Errorf("example_test.go does not have the code of the README:\n%s", code)
	}
}

// The code of the README is the code of the Example.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(strings.ReplaceAll(string(readme), "\r\n", "\n"), "## As a library\n")
	_, code, ok := strings.Cut(section, "```go\n")
	code, _, ok2 := strings.Cut(code, "```\n")
	if !ok || !ok2 || !strings.Contains(code, "birthmark.Investigate(") {
		t.Fatalf("the README has no such code: %s", code)
	}
	if !strings.Contains(strings.ReplaceAll(string(example), "\r\n", "\n"), "\n"+code+"\n") {
		t.Errorf("example_test.go does not hold\n%s", code)
	}
}

// The path may be written in any way that an analyst has it. A file that is deleted
// or was not collected is found in the records.
func TestInvestigate(t *testing.T) {
	s := origintest.SQLServer()
	whole, gone := image(t, s), image(t, s.Without("ProgramData/USOShared/sqlserver.exe"))
	two := disk(t,
		[]mfttest.File{{Path: "a/tool.exe", Data: []byte("MZ")}},
		[]mfttest.File{{Path: "Windows/tool.exe", Data: []byte("MZ")}, {Path: "Users/x/TOOL.EXE", Data: []byte("MZ")}})
	content := func() []byte {
		ev := opened(t, whole)
		vol, name, err := ev.Resolve(s.Subject)
		if err != nil {
			t.Fatal(err)
		}
		b, err := fs.ReadFile(vol.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}()
	hash := fmt.Sprintf("%x", sha256.Sum256(content))
	for _, tt := range []struct {
		name string
		disk []byte
		path string
		want string // path and volume of the subject, or the error
	}{
		{"a path", whole, s.Subject, s.Subject + " on partition 2"},
		{"in quotes", whole, `"` + s.Subject + `"`, s.Subject + " on partition 2"},
		{"a name", whole, "SQLSERVER.EXE", s.Subject + " on partition 2"},
		{"a wildcard", whole, `*\uso*\sqlserver.*`, s.Subject + " on partition 2"},
		{"a hash", whole, hash, s.Subject + " on partition 2"},
		{"on D:", driveLetters(t), `d:\WEB\sqlserver.exe`, `D:\web\sqlserver.exe on partition 1`},
		{"on D:, by its name", driveLetters(t), `sqlserver.exe`, `D:\web\sqlserver.exe on partition 1`},
		{"gone", gone, s.Subject, s.Subject + " on partition 2"},
		{"gone, in quotes", gone, `'` + s.Subject + `'`, s.Subject + " on partition 2"},
		{"gone, as a log writes it", gone, `\??\` + s.Subject, s.Subject + " on partition 2"},
		{"gone, below the drive", gone, `%SystemDrive%\ProgramData\USOShared\sqlserver.exe`, s.Subject + " on partition 2"},
		{"never there", gone, `C:\ProgramData\USOShared\sqlserver.com`, `C:\ProgramData\USOShared\sqlserver.com: not in the evidence; nearest: `},
		{"gone, by its hash", gone, hash, hash + ": not in the evidence; files hashed: "},
		{"several files", two, "tool.exe", `tool.exe: 3 files match: C:\Users\x\TOOL.EXE, C:\Windows\tool.exe, partition 1/a/tool.exe`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := birthmark.Investigate(t.Context(), opened(t, tt.disk), tt.path)
			if err != nil {
				if r != nil || !strings.HasPrefix(err.Error(), tt.want) {
					t.Errorf("%v, %v; want %s", r, err, tt.want)
				}
				return
			}
			if got := r.Subject.Path + " on " + r.Subject.Volume; got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
	if r, err := birthmark.Investigate(t.Context(), nil, s.Subject); r != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nil evidence: %v, %v", r, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := birthmark.Investigate(ctx, opened(t, whole), s.Subject); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, %v", r, err)
	}
	r, err := birthmark.Investigate(t.Context(), opened(t, whole), s.Subject, origin.WithVolumeName("the web server"))
	if err != nil || r.Subject.Volume != "the web server" {
		t.Errorf("an option of the caller does not count: %+v, %v", r, err)
	}
}

func opened(t testing.TB, image []byte) *evidence.Evidence {
	t.Helper()
	ev, err := evidence.New("disk.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

// A file in an $MFT without its volume is found by its name and taken to be on C:.
func TestInvestigateInMFT(t *testing.T) {
	s := origintest.SQLServer()
	vol, _, err := opened(t, image(t, s)).Resolve(`C:\`)
	if err != nil {
		t.Fatal(err)
	}
	table, err := fs.ReadFile(vol.FS, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{s.Subject, "sqlserver.exe", "sqlserver.*"} {
		ev, err := evidence.New("$MFT", bytes.NewReader(table), int64(len(table)))
		if err != nil {
			t.Fatal(err)
		}
		r, err := birthmark.Investigate(t.Context(), ev, path)
		if err != nil {
			t.Fatal(err)
		}
		if a := r.Answer(origin.Appeared); r.Subject.Path != s.Subject || a.Grade != origin.Inferred || a.First().Artifact != "$MFT" {
			t.Errorf("%s: %s, %s: %s", path, r.Subject.Path, a.Grade, a.Answer)
		}
	}
}

// unreadable is a folder with one file that cannot be read.
type unreadable struct{ fstest.MapFS }

func (u unreadable) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, "x.exe") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.MapFS.Open(name)
}

// Every method of a report works even if all its answers are unknown.
func TestNothingIsKnown(t *testing.T) {
	ev, err := evidence.OpenFS("collection", unreadable{fstest.MapFS{"C/x.exe": {}, "C/Windows/win.ini": {}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := birthmark.Investigate(t.Context(), ev, `C:\x.exe`)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range origin.Questions() {
		a := r.Answer(q)
		if a.Grade != origin.Unknown || a.UnknownBecause == "" || a.Fact("image") != "" || a.First() != (origin.Citation{}) {
			t.Errorf("%s: %+v", q, a)
		}
	}
	if len(r.Verdict) != len(origin.Questions()) || r.WriteText(io.Discard) != nil || r.WriteHTML(io.Discard) != nil || r.WriteJSON(io.Discard) != nil {
		t.Error("the report cannot be written")
	}
}

// "Not in the evidence" names the artifacts that could not be read: they may record the file.
func TestNotFoundNamesDamagedArtifacts(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"C/Windows/System32/config/SYSTEM", "C/Windows/System32/winevt/Logs/Security.evtx"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, bytes.Repeat([]byte("damaged "), 9000), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ev, err := evidence.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	for _, path := range []string{`C:\Users\a\tool.exe`, "tool.exe"} {
		_, err := birthmark.Investigate(t.Context(), ev, path)
		var notFound *evidence.NotFoundError
		if !errors.As(err, &notFound) || !errors.Is(err, fs.ErrNotExist) ||
			!strings.HasSuffix(err.Error(), "; artifacts that could not be read: Windows/System32/config/SYSTEM, Windows/System32/winevt/Logs/Security.evtx") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
