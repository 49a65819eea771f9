package origin_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

func TestNatures(t *testing.T) {
	for _, tt := range natures(t) {
		t.Run(tt.name, func(t *testing.T) { tt.w.check(t, tt.want, tt.also) })
	}
}

// called is a machine with one file, which has a name and a content.
func called(subject string, data []byte) world {
	return world{subject: subject, files: []mfttest.File{{Path: strings.ReplaceAll(strings.TrimPrefix(subject, `C:\`), `\`, "/"), Data: data, Times: mfttest.AllAt(noon)}}}
}

// listed is a machine with one file and catalogs.
func listed(subject string, data []byte, catalogs ...[]byte) world {
	w := called(subject, data)
	for i, c := range catalogs {
		w.files = append(w.files, mfttest.File{Path: fmt.Sprintf("Windows/System32/CatRoot/{1}/%d.cat", i), Data: c, Times: mfttest.AllAt(noon)})
	}
	return w
}

func what(want string) findings { return findings{origin.What: want} }

// natures are machines with files of all kinds, names and signatures.
func natures(t testing.TB) []trap {
	image := func(i petest.Image) []byte {
		t.Helper()
		b, err := i.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	signature := petest.Signature{Signer: petest.NewCA("Root").Issue("Example"), SigningTime: time.Date(2024, 3, 1, 13, 0, 0, 0, time.UTC)}
	program := petest.Image{Version: pe.VersionInfo{CompanyName: "Example", OriginalFilename: "tool.exe"}}
	unsigned := image(program)
	program.Signature = signature
	signed := image(program)
	tampered := petest.Tampered(signed)
	f, err := pe.NewReader(bytes.NewReader(tampered), int64(len(tampered)))
	if err != nil {
		t.Fatal(err)
	}
	redigested := bytes.Clone(tampered)
	for _, s := range f.Signatures {
		stated, _ := hex.DecodeString(s.StatedDigest)
		computed, _ := hex.DecodeString(s.ComputedDigest)
		redigested = bytes.ReplaceAll(redigested, stated, computed)
	}
	catalog := func(s petest.Signature, files ...[]byte) []byte {
		c := petest.Catalog{Made: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Signature: s}
		for _, f := range files {
			c.Members = append(c.Members, petest.Member{Content: f})
		}
		b, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	tagged := program
	tagged.Signature.Tag = []byte("tag")
	stuffed := program
	stuffed.Stuffed = []byte{0xc3}
	const firstRawSize = 0x188 + 16
	unusual := bytes.Clone(unsigned)
	binary.LittleEndian.PutUint32(unusual[firstRawSize:], 3)

	const file = `C:\Data\tool.exe`
	broken, none := kinds{origin.SignatureBroken, absent(origin.ImageUnusual)}, kinds{absent(origin.SignatureBroken), absent(origin.ImageUnusual)}
	strange := kinds{origin.ImageUnusual, absent(origin.SignatureBroken)}
	list := []trap{
		{"a signed program", called(file, signed), what("recorded signature=unverified :CN=Example,O=Example,C=US (not verified)"), none},
		{"a program that may be signed in a catalog", called(file, unsigned), what("recorded signature=unsigned :without an embedded signature (the evidence has no catalogs)"), none},
		{"a program that a catalog lists", listed(file, unsigned, catalog(signature, unsigned)),
			what(`recorded signature=cataloged :the catalog C:\Windows\System32\CatRoot\{1}\0.cat lists it, with a signature that claims to be by CN=Example,O=Example,C=US (not verified)`), none},
		{"a program that no catalog lists", listed(file, unsigned, catalog(signature, signed), catalog(signature)),
			what("recorded signature=unsigned :without an embedded signature, and not listed in 2 catalogs"), none},
		{"a program beside a catalog that cannot be read", listed(file, unsigned, catalog(signature, signed), []byte("text")),
			what("recorded signature=unsigned :and not listed in 1 catalog (1 more could not be read)"), none},
		{"a program whose catalogs cannot be read", listed(file, unsigned, []byte("text")), what("recorded signature=unsigned :without an embedded signature (the catalogs cannot be read)"), none},
		{"a program in a catalog that was changed", listed(file, unsigned, bytes.Replace(catalog(signature, unsigned), []byte("260101000000Z"), []byte("250101000000Z"), 1)),
			what(`recorded signature=unsigned :0.cat lists it, and its signature is not of its content`), none},
		{"a program in a catalog without a signature", listed(file, unsigned, catalog(petest.Signature{}, unsigned)), what(`recorded signature=unsigned :0.cat lists it, and is not signed`), none},
		{"a program in catalogs of two kinds", listed(file, unsigned, catalog(petest.Signature{}, unsigned), catalog(signature, unsigned)), what(`recorded signature=cataloged :1.cat lists it, with a signature`), none},
		{"a program in a catalog with its own certificate", listed(file, unsigned, catalog(petest.Signature{Signer: &petest.NewCA("Microsoft Windows").Signer}, unsigned)),
			what("recorded signature=cataloged :CN=Microsoft Windows,O=Microsoft Windows,C=US with a certificate that issued itself (not verified)"), none},
		{"a program that was changed after it was signed", called(file, tampered), what("recorded signature=tampered :is not of this content"), broken},
		{"a program with its new digest in an old signature", called(file, redigested), what("recorded signature=tampered :is not of this content"), broken},
		{"a program with code in its certificate table", called(file, image(stuffed)), what(`recorded signature=uncovered :section ".stuffed"`), broken},
		{"a signature that is cut off", called(file, signed[:len(signed)-600]), what("recorded signature=malformed :cannot be read"), strange},
		{"a tag that no signature covers", called(file, image(tagged)), what("recorded signature=unverified :1 problem of its structure: unsigned attribute"), strange},
		{"a size that is not rounded", called(file, unusual), what("recorded problems=2 :problems of its structure"), strange},

		{"a program under the name of a picture", called(`C:\Data\holiday.jpg`, unsigned), what("recorded masquerade=content :its name is that of a document"), nil},
		{"a name that resembles that of a server", called(`C:\Data\sqlsrvr.exe`, unsigned), what("recorded lookalike_of=sqlservr.exe :1 edit away from sqlservr.exe"), nil},
		{"a name that resembles one with digits", called(`C:\Data\sv'chost.exe`, unsigned), what("recorded masquerade=distance"), nil},
		{"two extensions", called(`C:\Data\invoice.pdf.exe`, unsigned), what("recorded masquerade=double_extension :the extension .pdf of a document"), nil},
		{"letters of another script", called("C:\\Data\\sqls\u0435rvr.exe", unsigned), what("recorded masquerade=scripts :U+0435"), nil},
		{"a folder that ends as another does", called(`C:\Data\Windows\System32\lsass.exe`, unsigned), what(`recorded misplaced=\Windows\System32`), nil},
		{"Internet Explorer in its place", called(`C:\Program Files\Internet Explorer\iexplore.exe`, unsigned), what("recorded masquerade="), nil},
		{"the shell for programs of 32 bits", called(`C:\Windows\SysWOW64\explorer.exe`, unsigned), what("recorded misplaced="), nil},
		{"a browser in the folder of its version", called(`C:\Program Files (x86)\Microsoft\EdgeCore\130.0.2849.46\msedge.exe`, unsigned), what("recorded misplaced="), nil},
		{"a process of Windows 8", called(`C:\Windows\System32\taskhostex.exe`, unsigned), what("recorded lookalike_of="), nil},
	}
	for _, k := range []struct{ name, data, want string }{
		{"x.exe", "MZ a program for DOS", "program for DOS, or damaged Windows executable :A program for DOS, or damaged Windows executable, of 20 bytes"},
		{"x.exe", "text", " :A file of 4 bytes that is not a Windows executable."},
		{"x", "", "empty file :An empty file."},
		{"x.ps1", "Get-Item", "script :A script of 8 bytes, as its name says."},
		{"x.dat", "#!/bin/sh", "script :A script of 9 bytes."},
		{"x.hta", "<html>", "HTML application :An HTML application of 6 bytes, as its name says."},
		{"x.txt", "<HTA:APPLICATION ID=a>", "HTML application :An HTML application of 22 bytes."},
		{"x.txt", "<\x00%\x00@\x00 \x00P\x00", "page with code for a web server"},
		{"x.aspx", "text", "page with code for a web server"},
		{"x.lnk", "L\x00\x00\x00\x01\x14\x02\x00\x00\x00", "shortcut"},
		{"x.msi", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Windows Installer package"},
		{"x.doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Office document :An Office document of 8 bytes."},
		{"x.tmp", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "compound file, as installers and old Office documents are"},
		{"x.jpg", "PK\x03\x04 [Content_Types].xml", "Office document"},
		{"x.docm", "PK\x03\x04", "Office document"},
		{"x.ps1", "PK\x03\x04", "ZIP archive"},
		{"x.img", strings.Repeat("\x00", 0x8001) + "CD001", "disk image"},
		{"x.xz", "\xfd7zXZ\x00", "XZ archive :An XZ archive of 6 bytes."},
	} {
		kind, words, _ := strings.Cut(k.want, " :")
		want := "recorded kind=" + kind
		if words != "" {
			want += " :" + words
		}
		list = append(list, trap{"a file of the kind " + kind + ", " + k.name, called(`C:\Data\`+k.name, []byte(k.data)), what(want), none})
	}
	return list
}

// The verdict names what the content shows of the signature.
func TestVerdictOfASignature(t *testing.T) {
	for _, tt := range natures(t) {
		want, ok := map[string]string{
			"a signed program":                               "has a signature that claims to be by CN=Example,O=Example,C=US and was not verified.",
			"a program that may be signed in a catalog":      "has no embedded signature; no catalogs were read.",
			"a program that a catalog lists":                 "is listed in a catalog that claims to be by CN=Example,O=Example,C=US and was not verified.",
			"a program that no catalog lists":                "has no signature of its own or in a catalog.",
			"a program beside a catalog that cannot be read": "has no signature of its own or in a catalog that could be read.",
			"a program whose catalogs cannot be read":        "has no embedded signature; no catalogs were read.",
			"a program that was changed after it was signed": "but is not what was signed.",
			"a program with code in its certificate table":   "but does not cover all of it.",
			"a signature that is cut off":                    "has a signature that cannot be read.",
			"a file of the kind script, x.ps1":               "x.ps1 is a script.",
			"two extensions":                                 "invoice.pdf.exe has a name like a disguise (double_extension),",
		}[tt.name]
		if !ok {
			continue
		}
		r, err := origin.Investigate(t.Context(), tt.w.volume(t), tt.w.path())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(r.Verdict, func(s origin.Sentence) bool { return s.Question == origin.What && strings.Contains(s.Text, want) }) {
			t.Errorf("%s: %s is not in %+v", tt.name, want, r.Verdict)
		}
		var text bytes.Buffer
		if err := r.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		for _, kind := range tt.also {
			if kind == origin.SignatureBroken && !strings.Contains(text.String(), "Caveat: The signature that claims to be by") {
				t.Errorf("%s: no caveat in\n%s", tt.name, text.String())
			}
		}
	}
}
