package main

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// The explanation of an answer names the rules, what each found, and the steps of its
// grade.
func TestExplain(t *testing.T) {
	code, out, problems := execute("-explain", "writer")
	if code != cli.Done || problems != "" {
		t.Fatalf("exit %d: %s", code, problems)
	}
	testenv.Golden(t, filepath.Join("testdata", "explain.txt"), []byte(out))
	for _, asked := range origin.Questions() {
		if _, out, _ := execute("-explain", string(asked)); !strings.HasPrefix(out, asked.Words()) || !strings.Contains(out, "Rules:") {
			t.Errorf("%s:\n%s", asked, out)
		}
	}
	if code, _, problems := execute("-explain", "who"); code != cli.Misused || !strings.Contains(problems, "want one of what, appeared,") {
		t.Errorf("an unknown question: exit %d: %s", code, problems)
	}
}

// The hash of the evidence is in the head of the report, if it is asked for.
func TestHashEvidence(t *testing.T) {
	image := sqlserver(t, "disk.raw.gz")
	data, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	want := hex.EncodeToString(sum[:])
	if _, out, problems := execute("-hash-evidence", image, "sqlserver.exe"); !strings.Contains(out, want) {
		t.Errorf("no %s in the report: %s", want, problems)
	}
	if _, out, _ := execute(image, "sqlserver.exe"); strings.Contains(out, want) {
		t.Error("the hash is there without being asked for")
	}
	if code, _, problems := execute("-hash-evidence", sqlserver(t, ""), "sqlserver.exe"); code != cli.Nothing || !strings.Contains(problems, "folder") {
		t.Errorf("a folder: exit %d: %s", code, problems)
	}
}

// -verify-image says whether the image is what was acquired, and goes on.
func TestVerifyImage(t *testing.T) {
	image := sqlserver(t, "disk.raw.gz")
	if code, _, problems := execute("-verify-image", image, "sqlserver.exe"); code != cli.Done || !strings.Contains(problems, "disk.raw.gz: the image stores no hash of its content") {
		t.Errorf("exit %d: %s", code, problems)
	}
	tool, err := exec.LookPath("ewfacquire")
	if err != nil {
		t.Skip(err)
	}
	packed, err := os.Open(image)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	source, target := filepath.Join(dir, "disk.raw"), filepath.Join(dir, "case")
	if err := os.WriteFile(source, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "-u", "-q", "-c", "deflate:fast", "-t", target, source).CombinedOutput(); err != nil {
		t.Skipf("ewfacquire: %v: %s", err, out)
	}
	sum := md5.Sum(raw)
	want := fmt.Sprintf("case.E01: the image's stored MD5 %x matches its content", sum)
	if code, _, problems := execute("-verify-image", target+".E01", "sqlserver.exe"); code != cli.Done || !strings.Contains(problems, want) {
		t.Errorf("exit %d: %s\nwant %s", code, problems, want)
	}
	b, err := os.ReadFile(target + ".E01")
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(target+".E01", b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, problems := execute("-verify-image", target+".E01", "sqlserver.exe"); !strings.Contains(problems, "case.E01: the image's stored hash cannot be checked: case.E01: chunk ") {
		t.Errorf("a damaged chunk: %s", problems)
	}
}

// Several files are investigated in one run. What is wrong with one of them does not
// keep the others from being reported.
func TestSeveralFiles(t *testing.T) {
	image := sqlserver(t, "disk.raw.gz")
	_, one, _ := execute("-format", "json", image, "sqlserver.exe")
	_, two, _ := execute("-format", "json", image, `C:\ProgramData\USOShared\sqlhelper.dll`)
	code, out, problems := execute("-format", "json", image, "sqlserver.exe", "nothing.exe", `C:\ProgramData\USOShared\sqlhelper.dll`)
	if code != cli.Done || !strings.Contains(problems, "nothing.exe: not in the evidence") {
		t.Errorf("exit %d: %s", code, problems)
	}
	dec := json.NewDecoder(strings.NewReader(out))
	for _, want := range []string{one, two} {
		var report, alone origin.Report
		if err := dec.Decode(&report); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(want), &alone); err != nil {
			t.Fatal(err)
		}
		report.Tool.Run = alone.Tool.Run
		got, err1 := json.Marshal(&report)
		same, err2 := json.Marshal(&alone)
		if err1 != nil || err2 != nil || string(got) != string(same) {
			t.Errorf("the report on %s is another one than alone", alone.Subject.Path)
		}
	}
	// The process that Sysmon gave this GUID ran the file.
	var report origin.Report
	if err := json.Unmarshal([]byte(one), &report); err != nil {
		t.Fatal(err)
	}
	guid := report.Answer(origin.Executed).Fact("process_guid")
	if _, out, problems := execute("-format", "json", image, guid); !strings.Contains(out, `\\USOShared\\sqlserver.exe`) {
		t.Errorf("process %s: %s", guid, problems)
	}
	for args, want := range map[string]string{
		"nothing.exe also.exe":                   "also.exe: not in the evidence",
		"{11111111-2222-3333-4444-555555555555}": "no process has that GUID",
	} {
		if code, _, problems := execute(append([]string{image}, strings.Fields(args)...)...); code != cli.Nothing || !strings.Contains(problems, want) {
			t.Errorf("%s: exit %d: %s", args, code, problems)
		}
	}
	if code, _, _ := execute("-format", "html", image, "a", "b"); code != cli.Misused {
		t.Errorf("two reports in one HTML document: exit %d", code)
	}
}

// A log that is there and cannot be read is named as a problem.
func TestUnreadLog(t *testing.T) {
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Windows/System32/winevt/Logs/Security.evtx", Data: bytes.Repeat([]byte{0xa5}, 70_000)}, {Path: "a.exe", Data: []byte("MZ")},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, image, 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, problems := execute(name, `C:\a.exe`); code != cli.Done || !strings.Contains(problems, "Security.evtx was not read: not a Windows XML event log") {
		t.Errorf("exit %d: %s", code, problems)
	}
}
