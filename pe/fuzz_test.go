package pe_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// Whatever the bytes: no panic, no error without a place, and a file that can be
// read gives the same result when it is read in small parts.
func FuzzNewReader(f *testing.F) {
	f.Add(sample(f))
	for _, image := range []petest.Image{
		{},
		{Machine: pe.I386, DLL: true, ExportName: "a.dll", Imports: []petest.Import{{DLL: "b.dll", Functions: []string{"#1"}}}},
	} {
		b, err := image.Bytes()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		whole, err := read(b)
		if err != nil {
			var damage *pe.FormatError
			if !errors.As(err, &damage) {
				t.Fatalf("not a FormatError: %v", err)
			}
			return
		}
		part, err := pe.NewReader(bytes.NewReader(b), int64(len(b)), pe.WithLimit(0))
		if err != nil {
			t.Fatalf("read in parts: %v", err)
		}
		if whole.SHA256 != part.SHA256 || whole.AuthentihashSHA256 != part.AuthentihashSHA256 ||
			whole.ComputedCheckSum != part.ComputedCheckSum || len(whole.Signatures) != len(part.Signatures) {
			t.Errorf("read in parts: got %+v, want %+v", part, whole)
		}
		check(t, whole)
	})
}

// FuzzCertificateTable appends tables to an intact image and reads the result.
func FuzzCertificateTable(f *testing.F) {
	signed := sample(f)
	at := get32(signed, dirs+8*4)
	f.Add(signed[at:])
	ca := petest.NewCA("Root")
	signer, tsa := ca.Intermediate("CA").Issue("Signer"), ca.IssueTimestamper("TSA")
	for _, s := range []petest.Signature{
		{Signer: signer, Timestamper: tsa, TimestampKind: pe.PKCS9, TimestampTime: tsaTime},
		{Signer: signer, ProgramURL: "https://example.com/", Nested: []petest.Signature{{Signer: signer}}},
	} {
		b, err := petest.Image{Signature: s}.Bytes()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[get32(b, dirs+8*4):])
	}
	image := bytes.Clone(signed[:at])
	f.Fuzz(func(t *testing.T, table []byte) {
		b := append(bytes.Clone(image), table...)
		binary.LittleEndian.PutUint32(b[dirs+8*4+4:], uint32(len(table)))
		check(t, mustRead(t, b))
	})
}

// check checks what the package promises for every file.
func check(t *testing.T, f *pe.Reader) {
	t.Helper()
	for i := range f.Signatures {
		s := &f.Signatures[i]
		if s.Offset <= 0 || s.Offset >= f.Size {
			t.Errorf("signature %d at %d of %d", i, s.Offset, f.Size)
		}
		for j, c := range s.Chain {
			if j > 0 && s.Chain[j-1].Issuer != c.Subject {
				t.Errorf("signature %d: certificate %d of the chain is not the issuer of the one before", i, j)
			}
		}
		if (s.Timestamp == pe.NoTimestamp) != (s.Countersigner.Offset == 0) {
			t.Errorf("signature %d: timestamp %v, countersigner %v", i, s.Timestamp, s.Countersigner)
		}
	}
	for p := range f.Problems() {
		if p.Err == nil || p.Err.Artifact != "pe" || p.Err.What == "" {
			t.Errorf("problem without a place: %+v", p.Err)
		}
	}
	if (f.ImpHash == "") != (len(f.Imports) == 0) {
		t.Errorf("import hash %q of %d imports", f.ImpHash, len(f.Imports))
	}
}
