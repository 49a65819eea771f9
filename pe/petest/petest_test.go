package petest_test

import (
	"bytes"
	"crypto"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

var (
	linked = time.Date(2024, 2, 29, 23, 59, 58, 0, time.UTC)
	signed = time.Date(2024, 3, 1, 10, 0, 0, 0, time.UTC)
	proven = time.Date(2024, 3, 1, 10, 0, 7, 0, time.UTC)

	root         = petest.NewCA("Birthmark Test Root")
	intermediate = root.Intermediate("Birthmark Test Code Signing CA")
	publisher    = intermediate.Issue("Example Software, Inc.")
	tsa          = root.IssueTimestamper("Birthmark Test Time Stamping")
)

// images returns the images that the other tools read.
func images() map[string]petest.Image {
	full := petest.Image{
		LinkTime: linked,
		Imports: []petest.Import{
			{DLL: "KERNEL32.dll", Functions: []string{"ExitProcess", "GetStdHandle"}},
			{DLL: "WS2_32.dll", Functions: []string{"#115", "WSASocketA", "#23"}},
			{DLL: "api-ms-win-core.v1.dll", Functions: []string{"#7"}},
		},
		PDBPath: `C:\build\sqlserver\x64\Release\sqlserver.pdb`,
		Version: pe.VersionInfo{
			CompanyName: "Example Software, Inc.", FileDescription: "SQL Sërver \"test\" 中", FileVersion: "1.2.3",
			InternalName: "sqlserver", LegalCopyright: "© Example", OriginalFilename: "sqlserver.exe",
			ProductName: "Example", ProductVersion: "1.2", FixedFileVersion: "1.2.3.4", FixedProductVersion: "65535.0.0.1",
		},
		Padding: 5000,
	}
	dll := petest.Image{
		Machine: pe.I386, DLL: true, Subsystem: pe.WindowsGUI, ExportName: "first-name.dll", LinkTime: linked,
		Imports: full.Imports,
		Version: pe.VersionInfo{Strings: []pe.StringPair{
			{Lang: "040904b0", Name: "CompanyName", Value: "English"}, {Lang: "040904b0", Name: "Empty", Value: ""},
			{Lang: "040704b0", Name: "CompanyName", Value: "Deutsch"}, {Lang: "040704b0", Name: "ProductName", Value: "Produkt"},
		}},
	}
	with := func(i petest.Image, s petest.Signature) petest.Image { i.Signature = s; return i }
	return map[string]petest.Image{
		"zero":   {},
		"emoji":  {Version: pe.VersionInfo{ProductName: "😀"}}, // pefile does not support characters beyond the BMP
		"full":   full,
		"dll":    dll,
		"driver": {Driver: true, Imports: []petest.Import{{DLL: "ntoskrnl.exe", Functions: []string{"IoCreateDevice"}}}},
		"arm64":  {Machine: pe.ARM64, ExportName: "a", PDBPath: "b.pdb"},
		"armnt":  {Machine: pe.ARMNT, Padding: 1},
		"signed": with(full, petest.Signature{
			Signer: publisher, SigningTime: signed, ProgramName: "Größe 中", ProgramURL: "https://example.com/",
		}),
		"sha1":     with(dll, petest.Signature{Signer: root.Issue("Direct Signer"), Hash: crypto.SHA1}),
		"sha512":   with(full, petest.Signature{Signer: publisher, Hash: crypto.SHA512}),
		"rfc 3161": with(full, petest.Signature{Signer: publisher, SigningTime: signed, Timestamper: tsa, TimestampTime: proven}),
		"pkcs 9":   with(dll, petest.Signature{Signer: publisher, Timestamper: tsa, TimestampKind: pe.PKCS9, TimestampTime: proven}),
		"nested": with(full, petest.Signature{
			Signer: publisher, Hash: crypto.SHA1, Timestamper: tsa, TimestampKind: pe.PKCS9, TimestampTime: proven,
			Nested: []petest.Signature{{Signer: root.Issue("Direct Signer"), Timestamper: tsa, TimestampTime: proven}},
		}),
	}
}

func TestReadsBackEqual(t *testing.T) {
	for name, image := range images() {
		t.Run(name, func(t *testing.T) {
			b := write(t, image)
			f, err := pe.NewReader(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			for p := range f.Problems() {
				t.Errorf("problem: %v", p)
			}
			if f.CheckSum == 0 || f.CheckSum != f.ComputedCheckSum {
				t.Errorf("checksum: stated %#x, computed %#x", f.CheckSum, f.ComputedCheckSum)
			}
			got := petest.Image{
				Machine: f.Machine, Subsystem: f.Subsystem, DLL: f.DLL, Driver: f.Driver, LinkTime: f.LinkTime,
				Imports: f.Imports, ExportName: f.ExportName, PDBPath: f.PDBPath, Version: f.Version,
			}
			want := image
			want.Code, want.Padding, want.Signature = nil, 0, petest.Signature{}
			if want.Machine == 0 {
				want.Machine = pe.AMD64
			}
			switch {
			case want.Driver:
				want.Subsystem = pe.Native
			case want.Subsystem == 0:
				want.Subsystem = pe.WindowsCUI
			}
			// The file holds strings and always a binary version, but no named fields.
			got.Version, want.Version = normal(got.Version), normal(want.Version)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("\n got  %+v\n want %+v", got, want)
			}
		})
	}
}

// normal returns the version as it is in a file, without its named fields.
func normal(v pe.VersionInfo) pe.VersionInfo {
	for _, name := range []string{
		"CompanyName", "FileDescription", "FileVersion", "InternalName",
		"LegalCopyright", "OriginalFilename", "ProductName", "ProductVersion",
	} {
		set := false
		for _, s := range v.Strings {
			set = set || s.Name == name
		}
		if value := v.Get(name); !set && value != "" {
			v.Strings = append(v.Strings, pe.StringPair{Lang: "040904b0", Name: name, Value: value})
		}
		reflect.ValueOf(&v).Elem().FieldByName(name).SetString("")
	}
	if len(v.Strings) > 0 && v.FixedFileVersion == "" {
		v.FixedFileVersion, v.FixedProductVersion = "0.0.0.0", "0.0.0.0"
	}
	return v
}

func TestSignatureReadsBackEqual(t *testing.T) {
	for name, image := range images() {
		t.Run(name, func(t *testing.T) {
			b := write(t, image)
			f, err := pe.NewReader(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			var want []petest.Signature
			if image.Signature.Signer != nil {
				want = append([]petest.Signature{image.Signature}, image.Signature.Nested...)
			}
			if len(f.Signatures) != len(want) {
				t.Fatalf("got %d signatures, want %d", len(f.Signatures), len(want))
			}
			for i, s := range f.Signatures {
				checkSignature(t, s, want[i], i > 0)
			}
		})
	}
}

func checkSignature(t *testing.T, got pe.Signature, want petest.Signature, nested bool) {
	t.Helper()
	if !got.DigestMatches() || got.Nested != nested {
		t.Errorf("DigestMatches %v, Nested %v; want true, %v", got.DigestMatches(), got.Nested, nested)
	}
	if got.ProgramName != want.ProgramName || got.ProgramURL != want.ProgramURL {
		t.Errorf("program: got %q, %q; want %q, %q", got.ProgramName, got.ProgramURL, want.ProgramName, want.ProgramURL)
	}
	algorithm := map[crypto.Hash]string{0: "SHA256", crypto.SHA1: "SHA1", crypto.SHA512: "SHA512"}[want.Hash]
	if got.DigestAlgorithm != algorithm {
		t.Errorf("digest algorithm: got %s, want %s", got.DigestAlgorithm, algorithm)
	}
	signer := map[*petest.Signer]string{publisher: `CN=Example Software\, Inc.,O=Example Software\, Inc.,C=US`}[want.Signer]
	chain := 2
	if signer == "" {
		signer, chain = "CN=Direct Signer,O=Direct Signer,C=US", 1
	}
	if got.StatedSigner.Subject != signer || len(got.Chain) != chain {
		t.Errorf("signer: got %s with a chain of %d, want %s with %d", got.StatedSigner.Subject, len(got.Chain), signer, chain)
	}
	if !got.ClaimedSigningTime.Equal(want.SigningTime) {
		t.Errorf("claimed time: got %v, want %v", got.ClaimedSigningTime, want.SigningTime)
	}
	kind, stated := want.TimestampKind, want.SigningTime
	if want.Timestamper != nil {
		if stated = want.TimestampTime; kind == pe.NoTimestamp {
			kind = pe.RFC3161
		}
		if got.Countersigner.CommonName() != "Birthmark Test Time Stamping" {
			t.Errorf("countersigner: got %+v", got.Countersigner)
		}
	}
	if got.Timestamp != kind || !got.StatedSigningTime.Equal(stated) {
		t.Errorf("timestamp: got %v at %v, want %v at %v", got.Timestamp, got.StatedSigningTime, kind, stated)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	for name, image := range images() {
		if !bytes.Equal(write(t, image), write(t, image)) {
			t.Errorf("%s: two runs differ", name)
		}
	}
	again := petest.NewCA("Birthmark Test Root")
	if !bytes.Equal(again.PEM(), root.PEM()) {
		t.Error("the same name gave two authorities")
	}
	if bytes.Equal(petest.NewCA("Other").PEM(), root.PEM()) {
		t.Error("two names gave the same authority")
	}
}

func TestTampered(t *testing.T) {
	b := petest.Tampered(write(t, images()["nested"]))
	f, err := pe.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range f.Signatures {
		if s.DigestMatches() {
			t.Errorf("signature %d still matches", i)
		}
	}
	if got := f.SignatureState(); got != pe.Tampered {
		t.Errorf("got %v, want %v", got, pe.Tampered)
	}
	if f.CheckSum == f.ComputedCheckSum {
		t.Error("the checksum still matches")
	}
}

func TestRefuses(t *testing.T) {
	bad := petest.NewCA("\xff")
	for _, tt := range []struct {
		name  string
		image petest.Image
		want  string
	}{
		{"link time", petest.Image{LinkTime: time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC)}, "link time"},
		{"padding", petest.Image{Padding: -1}, "padding of -1"},
		{"ordinal", petest.Image{Imports: []petest.Import{{DLL: "a.dll", Functions: []string{"#65536"}}}}, "#65536"},
		{"language", petest.Image{Version: pe.VersionInfo{Strings: []pe.StringPair{{Lang: "en", Name: "a", Value: "b"}}}}, `language "en"`},
		{"version", petest.Image{Version: pe.VersionInfo{CompanyName: "x", FixedFileVersion: "1.2"}}, `version "1.2"`},
		{"long version", petest.Image{Version: pe.VersionInfo{CompanyName: strings.Repeat("x", 40000)}}, "want at most 65535"},
		{"hash", petest.Image{Signature: petest.Signature{Signer: publisher, Hash: crypto.MD5}}, "MD5"},
		{"signer", petest.Image{Signature: petest.Signature{Signer: new(petest.Signer)}}, "without a signer"},
		{"authority", petest.Image{Signature: petest.Signature{Signer: bad.Issue("x")}}, "petest: certificate"},
		{"stuffed", petest.Image{Stuffed: []byte{0xc3}}, "without a signature"},
		{"timeless", petest.Image{Signature: petest.Signature{Signer: publisher, Timestamper: tsa}}, "without a time"},
	} {
		if _, err := tt.image.Bytes(); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q in it", tt.name, err, tt.want)
		}
	}
	twice := write(t, images()["signed"])
	if _, err := petest.Sign(twice, petest.Signature{Signer: publisher}); err == nil || !strings.Contains(err.Error(), "already signed") {
		t.Errorf("signing twice: got %v", err)
	}
	if _, err := petest.Sign([]byte("MZ"), petest.Signature{Signer: publisher}); err == nil || !strings.Contains(err.Error(), "not an executable") {
		t.Errorf("signing something else: got %v", err)
	}
}

func TestPefileAccepts(t *testing.T) {
	python := testenv.Python(t, "pefile")
	for name, image := range images() {
		if name == "emoji" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			b := write(t, image)
			out, err := exec.Command(python, "../testdata/ask_pefile.py", save(t, b)).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			var got struct {
				ImpHash, Export, PDB string
				CheckSum             uint32
				Strings              [][3]string
				Warnings             []string
			}
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatal(err)
			}
			f, err := pe.NewReader(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range got.Warnings {
				if !strings.Contains(w, "0x00 makes up") { // small files are mostly padding
					t.Errorf("warning: %s", w)
				}
			}
			if got.ImpHash != f.ImpHash || got.Export != f.ExportName || got.PDB != f.PDBPath || got.CheckSum != f.CheckSum {
				t.Errorf("got %+v\nwant %s %s %s %#x", got, f.ImpHash, f.ExportName, f.PDBPath, f.CheckSum)
			}
			if len(got.Strings) != len(f.Version.Strings) {
				t.Fatalf("got %d strings, want %d", len(got.Strings), len(f.Version.Strings))
			}
			for i, s := range f.Version.Strings {
				if got.Strings[i] != [3]string{s.Lang, s.Name, s.Value} {
					t.Errorf("string %d: got %q, want %q", i, got.Strings[i], s)
				}
			}
		})
	}
}

func TestOsslsigncodeVerifies(t *testing.T) {
	tool := testenv.Tool(t, "osslsigncode")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, root.PEM(), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, image := range images() {
		if image.Signature.Signer == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			b := write(t, image)
			verify := func(b []byte) (string, error) {
				out, err := exec.Command(tool, "verify", "-CAfile", ca, "-TSA-CAfile", ca, save(t, b)).CombinedOutput()
				return string(out), err
			}
			out, err := verify(b)
			if err != nil || !strings.Contains(out, "Signature verification: ok") {
				t.Errorf("%v:\n%s", err, out)
			}
			if image.Signature.Timestamper != nil && !strings.Contains(out, "Timestamp Server Signature verification: ok") {
				t.Errorf("the countersignature is not accepted:\n%s", out)
			}
			if out, err := verify(petest.Tampered(b)); err == nil {
				t.Errorf("a tampered file is accepted:\n%s", out)
			}
		})
	}
}

func write(t testing.TB, image petest.Image) []byte {
	t.Helper()
	b, err := image.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func save(t testing.TB, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "image.exe")
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}
