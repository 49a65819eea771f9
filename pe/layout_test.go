package pe_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// redigested returns a copy of a signed executable with one bit changed, and with the
// new digest of the image in place of the signed one.
func redigested(t *testing.T, b []byte) []byte {
	t.Helper()
	changed := petest.Tampered(b)
	s := mustRead(t, changed).Signatures[0]
	stated, err := hex.DecodeString(s.StatedDigest)
	if err != nil {
		t.Fatal(err)
	}
	computed, err := hex.DecodeString(s.ComputedDigest)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Replace(changed, stated, computed, 1)
}

// What is added to a signed executable, or changed in it, has a problem, and a state
// that is not the one of an honest file unless installers do the same.
func TestOutsideOfTheDigest(t *testing.T) {
	signature := petest.Signature{Signer: petest.NewCA("Root").Issue("Example")}
	of := func(i petest.Image) []byte {
		t.Helper()
		b, err := i.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	signed := of(petest.Image{Signature: signature})
	table := int(get32(signed, dirs+8*4))
	tagged, stuffed := signature, petest.Image{Signature: signature, Stuffed: bytes.Repeat([]byte{0xc3}, 0x300)}
	tagged.Tag = make([]byte, 512)

	// extended appends bytes to the certificate table, inside of the entry or behind it.
	extended := func(more []byte, inside bool) []byte {
		b := append(bytes.Clone(signed), more...)
		put32(b, dirs+8*4+4, uint32(len(b)-table))
		if inside {
			put32(b, table, uint32(len(b)-table))
		}
		return b
	}
	behind := of(stuffed)
	place := int(get32(behind, firstSection+40+20))
	headers := bytes.Clone(signed)
	put32(headers, dirs+8*4, firstSection+8)
	put32(headers, dirs+8*4+4, uint32(len(headers)-firstSection-8))

	for _, tt := range []struct {
		name  string
		in    []byte
		state pe.SignatureState
		want  string // a problem; "" if there is none
	}{
		{"as it was signed", signed, pe.Unverified, ""},
		{"changed", petest.Tampered(signed), pe.Tampered, "checksum: pe: image digest at "},
		{"changed, with its new digest", redigested(t, signed), pe.Tampered, "checksum: pe: content digest at "},
		{"a section in the certificate table", behind, pe.Uncovered,
			fmt.Sprintf(`malformed: pe: section ".stuffed" at %#x: got 1024 bytes within the certificate table, and the entry point among them, want data`, place)},
		{"a section in it that no longer runs", patch(behind, optional+16, 0x1000), pe.Tampered,
			fmt.Sprintf(`malformed: pe: section ".stuffed" at %#x: got 1024 bytes within the certificate table, want data`, place)},
		{"the headers in it", headers, pe.Malformed, "malformed: pe: section table at "},
		{"a tag among the unsigned attributes", of(petest.Image{Signature: tagged}), pe.Unverified,
			"hidden: pe: unsigned attribute 1.3.6.1.4.1.99999.2 at "},
		{"bytes behind the PKCS #7", extended(make([]byte, 512), true), pe.Unverified, "malformed: pe: WIN_CERTIFICATE padding at "},
		{"bytes behind the last entry", extended(bytes.Repeat([]byte("RSRC"), 128), false), pe.Malformed, "malformed: pe: WIN_CERTIFICATE dwLength at "},
		{"an entry of another type", extended(append([]byte{0, 2, 0, 0, 0, 2, 1, 0}, make([]byte, 504)...), false), pe.Unverified,
			"unsupported: pe: WIN_CERTIFICATE wCertificateType at "},
		{"bytes behind the table", append(bytes.Clone(signed), make([]byte, 512)...), pe.Tampered, "malformed: pe: end of file at "},
	} {
		f := mustRead(t, tt.in)
		if got := f.SignatureState(); got != tt.state {
			t.Errorf("%s: %v, want %v: %v", tt.name, got, tt.state, problems(f))
		}
		if got := problems(f); tt.want == "" && len(got) > 0 || tt.want != "" && !slices.ContainsFunc(got, func(p string) bool { return strings.HasPrefix(p, tt.want) }) {
			t.Errorf("%s: got %v, want %s", tt.name, got, tt.want)
		}
	}
	if s := mustRead(t, redigested(t, signed)).Signatures[0]; !s.DigestMatches() || s.ContentMatches() {
		t.Errorf("redigested: %+v", s)
	}
	if s := mustRead(t, signed).Signatures[0]; !s.DigestMatches() || !s.ContentMatches() {
		t.Errorf("signed: %+v", s)
	}
}

// A content digest that cannot be compared is a problem, not a difference.
func TestContentDigest(t *testing.T) {
	b, err := petest.Image{Signature: petest.Signature{Signer: petest.NewCA("Root").Issue("Example")}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	// last returns the offset of the last byte of the nth object identifier.
	last := func(oid string, n int) int {
		at := 0
		for range n {
			at += bytes.Index(b[at:], []byte(oid)) + len(oid)
		}
		return at - 1
	}
	const messageDigest, sha256 = "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04", "\x60\x86\x48\x01\x65\x03\x04\x02\x01"
	for _, tt := range []struct {
		name string
		at   int
		want string
	}{
		{"none", last(messageDigest, 1), "malformed: pe: signed attributes at "},
		{"by an unknown algorithm", last(sha256, 3), "unsupported: pe: content digest at "}, // after those of SignedData and DigestInfo
	} {
		changed := bytes.Clone(b)
		changed[tt.at] ^= 0x40
		f := mustRead(t, changed)
		if got := problems(f); f.SignatureState() != pe.Unverified || f.Signatures[0].ContentMatches() ||
			!slices.ContainsFunc(got, func(p string) bool { return strings.HasPrefix(p, tt.want) }) {
			t.Errorf("%s: %v, %v, want %s", tt.name, f.SignatureState(), got, tt.want)
		}
	}
}

// The loader maps whole sectors, so what is behind a size that is not rounded is read.
// A resource that claims more than there is keeps what it has.
func TestSizesOfParts(t *testing.T) {
	b := sample(t)
	want := mustRead(t, b)
	leaf := offset(b, 2) + 3*24 // IMAGE_RESOURCE_DATA_ENTRY
	for _, tt := range []struct {
		name string
		in   []byte
		want string
	}{
		{"SizeOfRawData of a part of a sector", patch(b, rdataSection+16, 0x60), `malformed: pe: SizeOfRawData of the section ".rdata" at 0x400: got 0x60, want a multiple of 0x200`},
		{"SizeOfRawData of a byte", patch(b, rdataSection+16, 1), `malformed: pe: SizeOfRawData of the section ".rdata" at 0x400: got 0x1, want a multiple of 0x200`},
		{"size of a resource", patch(b, leaf+4, 0x900), "malformed: pe: resource data at "},
	} {
		f := mustRead(t, tt.in)
		if f.ImpHash != want.ImpHash || f.PDBPath != want.PDBPath || f.ExportName != want.ExportName || !slices.Equal(f.Version.Strings, want.Version.Strings) {
			t.Errorf("%s: something is lost: %+v", tt.name, f)
		}
		if !slices.ContainsFunc(problems(f), func(p string) bool { return strings.HasPrefix(p, tt.want) }) {
			t.Errorf("%s: got %v, want %s", tt.name, problems(f), tt.want)
		}
	}
}
