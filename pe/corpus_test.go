package pe_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/pe"
)

// executables returns the files of the corpus that are executables.
func executables(t *testing.T) []string {
	var names []string
	for _, name := range testenv.CorpusGlob(t, "pe/*") {
		if _, err := pe.Open(name); !errors.Is(err, pe.ErrNotExecutable) {
			names = append(names, name)
		}
	}
	return names
}

// ask runs a script of testdata on files and decodes its answers.
func ask[T any](t *testing.T, module, script string, names []string) []T {
	t.Helper()
	cmd := exec.Command(testenv.Python(t, module), append([]string{filepath.Join("testdata", script)}, names...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", script, err, &stderr)
	}
	var answers []T
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var a T
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(names) {
		t.Fatalf("%s answered for %d of %d files", script, len(answers), len(names))
	}
	return answers
}

type pefileAnswer struct {
	ImpHash   string
	RichHash  string
	Machine   uint16
	Subsystem uint16
	DLL       bool
	LinkTime  int64
	CheckSum  uint32
	Export    string
	PDB       string
	Strings   [][3]string
}

// pefileDifferences are the differences on the corpus, by file and field, and who
// is right. Nothing else may differ.
var pefileDifferences = map[string]string{
	"brave.exe CheckSum":  "the file has our value; pefile first writes the structures it parsed over the file, and so zeroes two bytes of padding at 0x174bf6",
	"impbyord.exe Export": "the directory has RVA 0, which is not an address, for the name; pefile reads the DOS signature there",
}

func TestCorpusAgreesWithPefile(t *testing.T) {
	names := executables(t)
	strs := 0
	for i, want := range ask[pefileAnswer](t, "pefile", "ask_pefile.py", names) {
		base := filepath.Base(names[i])
		f, err := pe.Open(names[i])
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		got := pefileAnswer{
			ImpHash: f.ImpHash, RichHash: f.RichHash, Machine: uint16(f.Machine), Subsystem: uint16(f.Subsystem), DLL: f.DLL,
			CheckSum: f.ComputedCheckSum, Export: f.ExportName, PDB: f.PDBPath, Strings: [][3]string{},
		}
		if !f.LinkTime.IsZero() {
			got.LinkTime = f.LinkTime.Unix()
		}
		for _, s := range f.Version.Strings {
			got.Strings = append(got.Strings, [3]string{s.Lang, s.Name, s.Value})
		}
		strs += len(got.Strings)
		compareFields(t, base, got, want, pefileDifferences)
	}
	t.Logf("%d files, %d version strings", len(names), strs)
}

type signifyAnswer struct {
	SHA1, SHA256 string
	Signatures   []signifySignature
}

type signifySignature struct {
	Serial           string
	DigestAlgorithm  string `json:"digest_algorithm"`
	StatedDigest     string `json:"stated_digest"`
	Program, URL     string
	Claimed          string
	Countersignature string
	Countersigned    string
	Certificates     int
}

func TestCorpusAgreesWithSignify(t *testing.T) {
	names := executables(t)
	signatures := 0
	for i, want := range ask[signifyAnswer](t, "signify", "ask_signify.py", names) {
		base := filepath.Base(names[i])
		f, err := pe.Open(names[i])
		if err != nil {
			t.Errorf("%s: %v", base, err)
			continue
		}
		compareFields(t, base, toSignify(f), want, nil)
		signatures += len(f.Signatures)
	}
	t.Logf("%d files, %d signatures", len(names), signatures)
}

func toSignify(f *pe.Reader) signifyAnswer {
	const layout = "2006-01-02T15:04:05"
	text := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(layout)
	}
	a := signifyAnswer{SHA1: f.AuthentihashSHA1, SHA256: f.AuthentihashSHA256, Signatures: []signifySignature{}}
	for _, s := range f.Signatures {
		out := signifySignature{
			Serial: strings.TrimLeft(s.StatedSigner.Serial, "0"), DigestAlgorithm: s.DigestAlgorithm, StatedDigest: s.StatedDigest,
			Program: s.ProgramName, URL: s.ProgramURL, Claimed: text(s.ClaimedSigningTime),
			Countersignature: s.Timestamp.String(), Certificates: len(s.Certificates),
		}
		if s.Timestamp != pe.NoTimestamp {
			out.Countersigned = text(s.StatedSigningTime)
		}
		a.Signatures = append(a.Signatures, out)
	}
	return a
}

// compareFields compares two structs field by field as JSON; a difference may be
// excused by "file field".
func compareFields(t *testing.T, name string, got, want any, excused map[string]string) {
	t.Helper()
	g, w := fields(t, got), fields(t, want)
	for field := range w {
		differs := !bytes.Equal(g[field], w[field])
		why, ok := excused[name+" "+field]
		switch {
		case differs && !ok:
			t.Errorf("%s: %s: got %s, want %s", name, field, g[field], w[field])
		case !differs && ok:
			t.Errorf("%s: %s: no difference any more (%s)", name, field, why)
		}
	}
}

func fields(t *testing.T, v any) map[string]json.RawMessage {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]json.RawMessage
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

var osslDigest = regexp.MustCompile(`(?m)^(Current|Calculated) message digest\s*: ([0-9A-F]+)`)

// osslsigncode prints the digest in every signature and the computed one. It
// finds no roots for the chains of the corpus, but they are not compared here.
func TestCorpusAgreesWithOsslsigncode(t *testing.T) {
	tool := testenv.Tool(t, "osslsigncode")
	for _, name := range executables(t) {
		f, err := pe.Open(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(f.Signatures) == 0 {
			continue
		}
		out, _ := exec.Command(tool, "verify", name).CombinedOutput() // fails because it has no roots
		var got, want []string
		for _, m := range osslDigest.FindAllSubmatch(out, -1) {
			want = append(want, string(bytes.ToLower(m[2])))
		}
		for _, s := range f.Signatures {
			got = append(got, s.StatedDigest, s.ComputedDigest)
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: digests\n got  %s\n want %s", filepath.Base(name), got, want)
		}
	}
}

func TestCorpusTampered(t *testing.T) {
	for name, want := range map[string]pe.SignatureState{
		"putty.exe": pe.Unverified, "putty_modified.exe": pe.Tampered, "brave.exe": pe.Unverified, "shimeng.dll": pe.Unsigned,
	} {
		f, err := pe.Open(testenv.Corpus(t, "pe/"+name))
		if err != nil {
			t.Fatal(err)
		}
		if got := f.SignatureState(); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

// Every byte of a real file's headers, and every 97th of the rest, is set to
// values that break sizes and counts: nothing may panic, and the hashes remain.
func TestCorpusMutated(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long; not run with -short")
	}
	names := executables(t)
	for _, name := range names {
		original := readFile(t, name)
		if len(original) > 400<<10 {
			continue // the larger ones add time, not kinds of structure
		}
		step := 1
		for at := 0; at < len(original); at += step {
			if at >= 0x400 {
				step = max(97, len(original)/400)
			}
			b := bytes.Clone(original)
			b[at] ^= 0xff
			f, err := pe.NewReader(bytes.NewReader(b), int64(len(b)))
			if err == nil && f.SHA256 == "" {
				t.Errorf("%s: byte %#x: no hash", name, at)
			}
			var damage *pe.FormatError
			if err != nil && !errors.As(err, &damage) {
				t.Errorf("%s: byte %#x: %v", name, at, err)
			}
		}
	}
}
