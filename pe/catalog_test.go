package pe_test

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

var (
	catalogTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	catalogRoot = petest.NewCA("Test Root")
	catalogSign = petest.Signature{Signer: catalogRoot.Intermediate("Test PCA").Issue("Test Windows"), SigningTime: catalogTime,
		Timestamper: catalogRoot.IssueTimestamper("TSA"), ProgramName: "Test"}
)

// catalogs returns a catalog of each kind. Each lists the same executable and text.
func catalogs(t testing.TB) map[string]petest.Catalog {
	image, err := petest.Image{Version: pe.VersionInfo{CompanyName: "Test"}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	members := []petest.Member{{Content: image, File: `amd64_test_none\test.exe`}, {Content: []byte("a text")}}
	nested := catalogSign
	nested.Nested = []petest.Signature{{Signer: catalogRoot.Issue("Second"), SigningTime: catalogTime}}
	tags := slices.Clone(members)
	tags[0].TagOnly, tags[1].TagOnly = true, true
	return map[string]petest.Catalog{
		"version 1":           {Made: catalogTime, Version: 1, Members: members, Signature: catalogSign},
		"version 2":           {Made: catalogTime, Members: members, Signature: catalogSign},
		"names only":          {Made: catalogTime, Members: tags, Signature: catalogSign},
		"names only, SHA-1":   {Made: catalogTime, Version: 1, Members: tags, Signature: catalogSign},
		"not signed":          {Made: catalogTime, Members: members},
		"signed twice":        {Made: catalogTime, Members: members, Signature: nested},
		"without any members": {Made: catalogTime, Signature: catalogSign},
	}
}

func catalogBytes(t testing.TB, c petest.Catalog) []byte {
	t.Helper()
	b, err := c.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readCatalog(b []byte) (*pe.Catalog, error) {
	return pe.NewCatalog(bytes.NewReader(b), int64(len(b)))
}

func TestCatalog(t *testing.T) {
	for name, want := range catalogs(t) {
		t.Run(name, func(t *testing.T) {
			c, err := readCatalog(catalogBytes(t, want))
			if err != nil {
				t.Fatal(err)
			}
			for p := range c.Problems() {
				t.Error(p)
			}
			if !c.Made.Equal(catalogTime) || len(c.Identifier) != 32 || len(c.Members) != len(want.Members) {
				t.Fatalf("made %v, identifier %q, %d members", c.Made, c.Identifier, len(c.Members))
			}
			for _, m := range want.Members {
				isImage := m.Content[0] == 'M'
				var digests []string
				if isImage {
					digests = mustRead(t, m.Content).CatalogDigests()
				} else {
					old, sum := sha1.Sum(m.Content), sha256.Sum256(m.Content)
					digests = []string{hex.EncodeToString(sum[:]), hex.EncodeToString(old[:])}
				}
				algorithm, digest := "SHA256", digests[0]
				if want.Version == 1 {
					algorithm, digest = "SHA1", digests[1]
				}
				i := slices.IndexFunc(c.Members, func(m pe.CatalogMember) bool { return m.Digest == digest })
				if i < 0 {
					t.Fatalf("%s is not in %+v", digest, c.Members)
				}
				got := c.Members[i]
				if got.Algorithm != algorithm || got.Image != isImage || got.File != m.File || got.Tag != "" || got.Offset == 0 {
					t.Errorf("got %+v", got)
				}
			}
			if want.Signature.Signer == nil {
				if c.SignatureState() != pe.Unsigned || len(c.Signatures) != 0 {
					t.Errorf("state %v, %d signatures", c.SignatureState(), len(c.Signatures))
				}
				return
			}
			if n := 1 + len(want.Signature.Nested); c.SignatureState() != pe.Unverified || len(c.Signatures) != n {
				t.Fatalf("state %v, %d signatures, want %d", c.SignatureState(), len(c.Signatures), n)
			}
			s := c.Signatures[0]
			if s.StatedSigner.CommonName() != "Test Windows" || len(s.Chain) != 2 || !s.StatedSigningTime.Equal(catalogTime) || s.Timestamp != pe.RFC3161 || s.ProgramName != "Test" || s.StatedDigest != "" {
				t.Errorf("got %+v", s)
			}
		})
	}
}

// Whoever adds a member to a signed catalog cannot keep its signature.
func TestCatalogThatWasChanged(t *testing.T) {
	for name, c := range catalogs(t) {
		if c.Signature.Signer == nil || len(c.Members) == 0 {
			continue
		}
		b := catalogBytes(t, c)
		intact, err := readCatalog(b)
		if err != nil {
			t.Fatal(err)
		}
		digest, _ := hex.DecodeString(intact.Members[0].Digest)
		other := bytes.Repeat([]byte{0xab}, len(digest))
		changed := bytes.ReplaceAll(b, digest, other)
		if name == "names only, SHA-1" {
			changed = bytes.ReplaceAll(b, wide(strings.ToUpper(hex.EncodeToString(digest))), wide(strings.ToUpper(hex.EncodeToString(other))))
		}
		got, err := readCatalog(changed)
		if err != nil || got.SignatureState() != pe.Tampered {
			t.Errorf("%s: %v, %v", name, err, got.SignatureState())
		}
	}
}

func wide(s string) (b []byte) {
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}

func TestNotACatalog(t *testing.T) {
	signed := catalogBytes(t, catalogs(t)["version 2"])
	image := sample(t)
	trust := bytes.Clone(signed) // the usage of lists of roots ends with 9 instead of 1
	at := bytes.Index(trust, []byte{0x06, 0x0a, 0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x0c, 0x01, 0x01})
	trust[at+11] = 9
	for _, tt := range []struct {
		name string
		in   []byte
		want string
	}{
		{"nothing", nil, "catalog: ContentInfo at 0x0: got 0 bytes, want 2 bytes: not a catalog"},
		{"text", []byte("a text"), "catalog: ContentInfo at 0x0: got 4 bytes, want 32 bytes: not a catalog"},
		{"an executable", image, "catalog: ContentInfo at 0x0: got tag 0x4d, want tag 0x30: not a catalog"},
		{"the signature of an executable", image[mustRead(t, image).Signatures[0].Offset:], "catalog: content type at 0x0: got 1.3.6.1.4.1.311.2.1.4, want 1.3.6.1.4.1.311.10.1: not a catalog"},
		{"a list of trusted roots", trust, fmt.Sprintf("catalog: subjectUsage at %#x: got 1.3.6.1.4.1.311.12.1.9, want 1.3.6.1.4.1.311.12.1.1: not a catalog", at)},
		{"cut", signed[:300], "catalog: ContentInfo at 0x0: got 296 bytes, want "},
	} {
		_, err := readCatalog(tt.in)
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) || !errors.Is(err, pe.ErrNotCatalog) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// Damage to a member or a signature leaves the others.
func TestDamagedCatalog(t *testing.T) {
	b := catalogBytes(t, catalogs(t)["version 2"])
	intact, err := readCatalog(b)
	if err != nil {
		t.Fatal(err)
	}
	first := int(intact.Members[0].Offset)
	set := func(at int, v byte) []byte {
		changed := bytes.Clone(b)
		changed[at] = v
		return changed
	}
	for _, tt := range []struct {
		name    string
		in      []byte
		members int
		state   pe.SignatureState
		want    string
	}{
		{"another structure for a member", set(first, 0x31), 1, pe.Tampered, fmt.Sprintf("malformed: catalog: TrustedSubject at %#x: got tag 0x31, want tag 0x30", first)},
		{"a member without a name", set(first+3, 0x05), 1, pe.Tampered, fmt.Sprintf("malformed: catalog: TrustedSubject subjectIdentifier at %#x: got tag 0x05, want tag 0x04", first+3)},
		{"bytes after the catalog", append(bytes.Clone(b), "more"...), 2, pe.Unverified, fmt.Sprintf("hidden: catalog: end of the catalog at %#x: got 4 bytes more, want none", len(b))},
	} {
		c, err := readCatalog(tt.in)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for p := range c.Problems() {
			got = append(got, p.String())
		}
		if len(c.Members) != tt.members || c.SignatureState() != tt.state || !slices.Contains(got, tt.want) {
			t.Errorf("%s: %d members, %v, problems %q; want %d, %v, %q", tt.name, len(c.Members), c.SignatureState(), got, tt.members, tt.state, tt.want)
		}
	}
}

func TestCatalogs(t *testing.T) {
	kinds := catalogs(t)
	image := kinds["version 2"].Members[0].Content
	tampered := bytes.ReplaceAll(catalogBytes(t, kinds["version 2"]), []byte("t\x00e\x00s\x00t\x00.\x00e\x00x\x00e\x00"), []byte("b\x00e\x00s\x00t\x00.\x00e\x00x\x00e\x00"))
	set, err := pe.OpenCatalogs(fstest.MapFS{
		"CatRoot/{1}/a.cat":     {Data: tampered},
		"CatRoot/{1}/b.CAT":     {Data: catalogBytes(t, kinds["not signed"])},
		"CatRoot/{1}/c.cat":     {Data: catalogBytes(t, kinds["version 1"])},
		"CatRoot/{1}/d.cat":     {Data: catalogBytes(t, kinds["without any members"])},
		"CatRoot/{1}/e.cat":     {Data: []byte("a text")},
		"CatRoot/{1}/other.txt": {Data: catalogBytes(t, kinds["version 1"])},
	}, "CatRoot")
	if err != nil || set.Read != 4 || set.Unread != 1 {
		t.Fatalf("%v, %d read, %d not", err, set.Read, set.Unread)
	}
	var got []string
	for _, l := range set.Find(mustRead(t, image).CatalogDigests()...) {
		got = append(got, fmt.Sprint(l.Path, " ", l.Catalog.SignatureState(), " ", l.Member.Algorithm))
	}
	if want := []string{"CatRoot/{1}/c.cat unverified SHA1", "CatRoot/{1}/b.CAT unsigned SHA256", "CatRoot/{1}/a.cat tampered SHA256"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if list := set.Find("", strings.Repeat("0", 64)); len(list) != 0 {
		t.Errorf("got %+v", list)
	}
	n := 0
	for p := range set.Problems() {
		if n++; p.Err.Artifact == "" {
			t.Errorf("%v has no artifact", p)
		}
	}
	if n != 2 { // a.cat and e.cat
		t.Errorf("%d problems, want 2", n)
	}
	if _, err := pe.OpenCatalogs(fstest.MapFS{}, "CatRoot"); err == nil {
		t.Error("a folder that is absent is read")
	}
}

// A file whose size is not a multiple of 8 is listed as it is, or as it is padded.
func TestCatalogDigestsOfAnOddSize(t *testing.T) {
	image, err := petest.Image{Padding: 3}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for len(image)%8 == 0 {
		image = append(image, 1)
	}
	padded := append(bytes.Clone(image), make([]byte, -len(image)&7)...)
	got, want := mustRead(t, image).CatalogDigests(), mustRead(t, padded).CatalogDigests()
	if len(got) != 4 || len(want) != 2 || got[1] != want[0] || got[3] != want[1] {
		t.Errorf("got %q, padded %q", got, want)
	}
	if got := mustRead(t, sample(t)).CatalogDigests(); len(got) != 2 {
		t.Errorf("of a signed file: %q", got)
	}
}

func TestOsslsigncodeReadsCatalogs(t *testing.T) {
	tool := testenv.Tool(t, "osslsigncode")
	dir := t.TempDir()
	save := func(name string, b []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	ca := save("ca.pem", catalogRoot.PEM())
	for name, c := range catalogs(t) {
		if c.Signature.Signer == nil || len(c.Members) == 0 || c.Members[0].TagOnly {
			continue // osslsigncode compares digests of the attributes only
		}
		catalog, image := save("a.cat", catalogBytes(t, c)), save("a.exe", c.Members[0].Content)
		out, err := exec.Command(tool, "verify", "-CAfile", ca, "-TSA-CAfile", ca, "-catalog", catalog, "-in", image).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "Signature verification: ok") {
			t.Errorf("%s: %v:\n%s", name, err, out)
		}
	}
}

// Whatever the bytes: no panic, and no problem without a place.
func FuzzNewCatalog(f *testing.F) {
	for _, c := range catalogs(f) {
		f.Add(catalogBytes(f, c))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := readCatalog(b)
		if err != nil {
			var damaged *pe.FormatError
			if !errors.As(err, &damaged) {
				t.Fatalf("not a FormatError: %v", err)
			}
			return
		}
		_ = c.SignatureState()
		for p := range c.Problems() {
			if p.Err == nil || p.Err.Artifact != "catalog" || p.Err.What == "" {
				t.Errorf("problem without a place: %+v", p.Err)
			}
		}
		for _, m := range c.Members {
			if m.Offset <= 0 || m.Offset >= c.Size {
				t.Errorf("member at %d of %d", m.Offset, c.Size)
			}
		}
	})
}

// The program of Windows has no signature of its own, and a catalog lists it.
func ExampleCatalogs_Find() {
	program, _ := petest.Image{}.Bytes()
	catalog, _ := petest.Catalog{
		Made:      time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Members:   []petest.Member{{Content: program, File: "sethc.exe"}},
		Signature: petest.Signature{Signer: petest.NewCA("Test Root").Issue("Test Windows")},
	}.Bytes()
	volume := fstest.MapFS{ // in practice a volume of package evidence
		"Windows/System32/sethc.exe":          {Data: program},
		"Windows/System32/CatRoot/{1}/nt.cat": {Data: catalog},
	}

	file, err := pe.OpenFS(volume, "Windows/System32/sethc.exe")
	if err != nil {
		fmt.Println(err)
		return
	}
	catalogs, err := pe.OpenCatalogs(volume, "Windows/System32/CatRoot")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.SignatureState())
	for _, l := range catalogs.Find(file.CatalogDigests()...) {
		fmt.Println(l.Path, l.Catalog.SignatureState(), l.Catalog.Signatures[0].StatedSigner.CommonName(), l.Member.File)
	}
	// Output:
	// unsigned
	// Windows/System32/CatRoot/{1}/nt.cat unverified Test Windows sethc.exe
}
