package main

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// folder writes one file of each verdict, and some that are not executables.
func folder(t *testing.T) string {
	t.Helper()
	ca := petest.NewCA("Test Root")
	image := petest.Image{
		LinkTime: time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC),
		Imports:  []petest.Import{{DLL: "KERNEL32.dll", Functions: []string{"ExitProcess"}}},
		Version: pe.VersionInfo{
			CompanyName: "Example\x1b[2J", ProductName: "Product", FileDescription: "Description",
			OriginalFilename: "sqlserver.exe", InternalName: "sqlserver", FileVersion: "1.2",
		},
	}
	unsigned := bytesOf(t, image)
	image.Signature = petest.Signature{
		Signer: ca.Issue("Example"), SigningTime: time.Date(2024, 3, 1, 13, 0, 0, 0, time.UTC),
		Timestamper: ca.IssueTimestamper("TSA"), ProgramName: "Program", ProgramURL: "https://example.com/",
		Nested: []petest.Signature{{Signer: ca.Issue("Example"), SigningTime: time.Date(2024, 3, 1, 13, 0, 1, 0, time.UTC)}},
	}
	signed := bytesOf(t, image)
	image.Stuffed = []byte{0xc3}
	changed := petest.Tampered(signed)
	dir := t.ArtifactDir()
	for name, b := range map[string][]byte{
		"a/signed.exe":       signed,
		"a/tampered.exe":     changed,
		"a/redigested.exe":   redigested(t, changed),
		"a/uncovered.exe":    bytesOf(t, image),
		"a/unsigned.dll":     unsigned,
		"a/svch0st.pdf .exe": unsigned,
		"a/svch0st.exe":      unsigned,
		"b/malformed.sys":    signed[:len(signed)-2000],
		"b/notes.txt":        []byte("not an executable"),
		"b/empty":            nil,
		"c/cut.exe":          signed[:100],
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// redigested writes the digest of a changed image into its signature.
func redigested(t *testing.T, changed []byte) []byte {
	t.Helper()
	f, err := pe.NewReader(bytes.NewReader(changed), int64(len(changed)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range f.Signatures {
		stated, _ := hex.DecodeString(s.StatedDigest)
		computed, _ := hex.DecodeString(s.ComputedDigest)
		changed = bytes.ReplaceAll(changed, stated, computed)
	}
	return changed
}

func bytesOf(t *testing.T, image petest.Image) []byte {
	t.Helper()
	b, err := image.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sigcheck runs the program in dir.
func sigcheck(t *testing.T, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	t.Chdir(dir)
	var out, problems bytes.Buffer
	code = run(args, &out, &problems)
	return out.String(), problems.String(), code
}

func TestText(t *testing.T) {
	golden, err := filepath.Abs(filepath.Join("testdata", "folder.txt"))
	if err != nil {
		t.Fatal(err)
	}
	out, problems, code := sigcheck(t, folder(t), ".")
	if want := "sigcheck: c/cut.exe: PE signature at 0x80: got 0 bytes, want 4 bytes\n"; problems != want || code != 0 {
		t.Errorf("stderr %q, code %d; want %q", problems, code, want)
	}
	testenv.Golden(t, golden, []byte(out))
	if strings.Contains(out, "\x1b") {
		t.Error("an escape of the evidence reaches the terminal")
	}
}

func TestJSONLines(t *testing.T) {
	golden, err := filepath.Abs(filepath.Join("testdata", "folder.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	out, _, code := sigcheck(t, folder(t), "-q", "-format", "jsonl", "a", "b")
	if code != 0 {
		t.Errorf("code %d", code)
	}
	var verdicts []string
	for line := range strings.Lines(out) {
		var r struct {
			Path, Verdict string
			Signatures    []struct {
				StatedSigner string `json:"stated_signer"`
			}
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		verdicts = append(verdicts, r.Verdict)
	}
	if want := []string{"tampered", "unverified", "unsigned", "unsigned", "tampered", "uncovered", "unsigned", "malformed"}; !slices.Equal(verdicts, want) {
		t.Errorf("verdicts %v, want %v", verdicts, want)
	}
	testenv.Golden(t, golden, []byte(out))
}

// A catalog in -catalogs signs what has no signature of its own. It is named for others too.
func TestCatalogs(t *testing.T) {
	dir := folder(t)
	unsigned, err := os.ReadFile(filepath.Join(dir, "a", "unsigned.dll"))
	if err != nil {
		t.Fatal(err)
	}
	c := petest.Catalog{Made: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Members: []petest.Member{{Content: unsigned}}}
	c.Signature.Signer = petest.NewCA("Test Root").Issue("Windows\x1b[2J")
	b, err := c.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "cats"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"one.cat": b, "two.cat": []byte("text")} {
		if err := os.WriteFile(filepath.Join(dir, "cats", name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, problems, code := sigcheck(t, dir, "-format", "jsonl", "-catalogs", "cats", "a/unsigned.dll", "a/signed.exe")
	if code != 0 || strings.Count(out, `"verdict":"cataloged","catalog":"one.cat","catalog_stated_signer":"CN=Windows`) != 1 || strings.Count(out, `"verdict":"unverified","catalog":"one.cat"`) != 1 ||
		!strings.HasPrefix(problems, "sigcheck: malformed: two.cat: ContentInfo at 0x0: got 2 bytes, ") {
		t.Errorf("code %d, stderr %s\n%s", code, problems, out)
	}
	out, _, _ = sigcheck(t, dir, "-q", "-catalogs", "cats", "a/unsigned.dll")
	if !strings.Contains(out, "  verdict        cataloged\n  catalog        one.cat\n    signer       CN=Windows") || strings.Contains(out, "\x1b") {
		t.Errorf("got\n%s", out)
	}
}

func TestCSV(t *testing.T) {
	out, _, code := sigcheck(t, folder(t), "-q", "-format", "csv", filepath.Join("a", "signed.exe"))
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || code != 0 || len(rows) != 2 {
		t.Fatalf("%v, code %d, %d rows: %v", err, code, len(rows), rows)
	}
	got := map[string]string{}
	for i, column := range rows[0] {
		got[column] = rows[1][i]
	}
	for column, want := range map[string]string{
		"company": `Example\u001b[2J`, "original_name": "sqlserver.exe", "verdict": "unverified", "link_time": "2024-03-01T12:00:00Z",
		"signatures": "CN=Example,O=Example,C=US; CN=Example,O=Example,C=US", "findings": "",
	} {
		if got[column] != want {
			t.Errorf("%s: got %q, want %q", column, got[column], want)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		args   []string
		code   int
		stderr string
	}{
		{"no argument", nil, 2, "sigcheck: want at least one FILE or FOLDER\n"},
		{"format", []string{"-format", "xml", "a"}, 2, `sigcheck: format "xml": want one of text, jsonl, csv`},
		{"not an executable", []string{"b/notes.txt"}, 1, "sigcheck: b/notes.txt: DOS signature at 0x0: got \"no\", want \"MZ\": not an executable\nsigcheck: no executable found"},
		{"a folder without executables", []string{"c"}, 1, "sigcheck: c/cut.exe: "},
		{"absent", []string{"absent"}, 1, "sigcheck: open absent: "},
		{"a device", []string{os.DevNull}, 1, "sigcheck: " + os.DevNull + ": want a file or a folder\n"},
		{"a device and a folder", []string{os.DevNull, "a"}, 0, "sigcheck: " + os.DevNull + ": want a file or a folder\n"},
		{"absent and present", []string{"absent", "a"}, 0, "sigcheck: open absent: "},
		{"quiet", []string{"-q", "absent"}, 1, ""},
		{"catalogs that are absent", []string{"-catalogs", "absent", "a"}, 1, "sigcheck: catalogs: "},
		{"a folder without catalogs", []string{"-catalogs", "b", "a"}, 0, ""},
		{"help names the verdicts", []string{"-h"}, 0, "usage: sigcheck [-o FILE] [-q] [-format F] [-catalogs DIR] FILE|FOLDER…\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, stderr, code := sigcheck(t, folder(t), tt.args...)
			if code != tt.code || !strings.HasPrefix(stderr, tt.stderr) || tt.stderr == "" && stderr != "" {
				t.Errorf("code %d, stderr %q; want %d, %q", code, stderr, tt.code, tt.stderr)
			}
		})
	}
	if _, stderr, _ := sigcheck(t, t.TempDir(), "-h"); !strings.Contains(stderr, "unverified  the digest of the image matches") {
		t.Errorf("the help does not say what the verdicts mean: %s", stderr)
	}
}

// A link to a folder is followed.
func TestLinkToAFolder(t *testing.T) {
	dir := folder(t)
	if err := os.Symlink("a", filepath.Join(dir, "other")); err != nil {
		t.Skipf("this system cannot make links: %v", err)
	}
	out, problems, code := sigcheck(t, dir, "-format", "csv", "other")
	if want, _, _ := sigcheck(t, dir, "-format", "csv", "a"); code != 0 || problems != "" || strings.ReplaceAll(out, "other/", "a/") != want {
		t.Errorf("code %d, stderr %q, stdout\n%s", code, problems, out)
	}
}
