package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/archive/archivetest"
)

type member = archivetest.Member

func openZip(b []byte, password string) (*FS, error) {
	o := Options{}
	if password != "" {
		o.Password = func() (string, error) { return password, nil }
	}
	return OpenZip(bytes.NewReader(b), int64(len(b)), o)
}

// listing returns the files with their contents, or the causes of their errors.
func listing(fsys *FS) []string {
	var list []string
	fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			list = append(list, name+": "+err.Error())
			return nil
		}
		if d.IsDir() {
			return nil
		}
		b, err := fs.ReadFile(fsys, name)
		text := string(b)
		if len(b) > 20 {
			text = fmt.Sprintf("%d bytes", len(b))
		}
		for _, cause := range []error{ErrChecksum, ErrLimit, ErrEncrypted, ErrPassword, ErrUnsupported, io.ErrUnexpectedEOF} {
			if errors.Is(err, cause) {
				text = cause.Error()
			}
		}
		if err != nil && text == string(b) {
			text = "error"
		}
		list = append(list, name+"="+text)
		return nil
	})
	return list
}

func problems(fsys *FS) []string {
	var list []string
	for _, p := range fsys.Problems() {
		list = append(list, p.String())
	}
	return list
}

var long = bytes.Repeat([]byte("a long text, "), 100000) // 1.3 MB

// What a zip file holds, and what is wrong with it.
func TestZip(t *testing.T) {
	text := []byte("text")
	for _, tt := range []struct {
		name     string
		members  []member
		want     []string
		problems []string
	}{
		{"the usual", []member{{Name: "C/"}, {Name: "C/a.txt", Content: text}, {Name: "C/b.txt", Content: text, Stored: true}, {Name: "empty"}, {Name: "long", Content: long}},
			[]string{"C/a.txt=text", "C/b.txt=text", "empty=", "long=1300000 bytes"}, nil},
		{"Zip64 and data descriptors", []member{{Name: "a", Content: long, Zip64: true}, {Name: "b", Content: text, Descriptor: true}, {Name: "c", Content: text, Descriptor: true, Zip64: true}},
			[]string{"a=1300000 bytes", "b=text", "c=text"}, nil},
		{"folders that only files imply", []member{{Name: "a/b/c/d", Content: text}}, []string{"a/b/c/d=text"}, nil},
		{"backslashes", []member{{Name: `C\Windows\win.ini`, Content: text}, {Name: `C\Users\`}}, []string{"C/Windows/win.ini=text"}, nil},
		{"ways out", []member{{Name: "../../etc/passwd", Content: text}, {Name: `a\..\b`, Content: text}, {Name: "..", Content: text}, {Name: "fine", Content: text}},
			[]string{"fine=text"}, []string{
				"malformed: ../../etc/passwd: name: got a way out of the archive, want a path in the archive; the member is left out",
				`malformed: a\..\b: name: got a way out of the archive, want a path in the archive; the member is left out`,
				"malformed: ..: name: got a way out of the archive, want a path in the archive; the member is left out"}},
		{"absolute names", []member{{Name: "/etc/passwd", Content: text}, {Name: `C:\Windows\a`, Content: text}, {Name: `\\server\share\b`, Content: text}, {Name: "C:/Windows/c", Content: text}, {Name: "C%3A/d", Content: text}},
			[]string{"C%3A/d=text", "C:/Windows/a=text", "C:/Windows/c=text", "etc/passwd=text", "server/share/b=text"}, []string{
				"malformed: /etc/passwd: name: got an absolute path, want a path in the archive",
				`malformed: \\server\share\b: name: got an absolute path, want a path in the archive`}},
		{"empty and dotted parts", []member{{Name: "a//b/./c", Content: text}, {Name: "./d", Content: text}}, []string{"a/b/c=text", "d=text"}, nil},
		{"a zero byte", []member{{Name: "a.exe\x00.txt", Content: text}}, nil, []string{"malformed: a.exe\x00.txt: name: got a zero byte, want a path in the archive; the member is left out"}},
		{"the same name twice", []member{{Name: "Security.evtx", Content: text}, {Name: "Security.evtx", Content: []byte("other")}, {Name: "Security.evtx", Content: text}, {Name: "Security.evtx", Content: []byte("third")}},
			[]string{"Security (2).evtx=other", "Security (3).evtx=third", "Security.evtx=text"}, []string{
				"conflict: Security.evtx: name: want one member of this name; this one is listed as Security (2).evtx",
				"conflict: Security.evtx: name: want one member of this name; a second one with the same size and checksum is left out",
				"conflict: Security.evtx: name: want one member of this name; this one is listed as Security (3).evtx"}},
		{"names that differ in case", []member{{Name: "System32/config/SYSTEM", Content: text}, {Name: "SYSTEM32/config/SOFTWARE", Content: text}, {Name: "System32/config/software", Content: []byte("other")}},
			[]string{"System32/config/SOFTWARE=text", "System32/config/SYSTEM=text", "System32/config/software (2)=other"}, []string{
				"conflict: System32/config/software: name: want one member of this name; this one is listed as software (2)"}},
		{"a file and a folder of one name", []member{{Name: "a", Content: text}, {Name: "a/b", Content: text}, {Name: "a/c", Content: text}, {Name: "d/e", Content: text}, {Name: "d", Content: text}},
			[]string{"a=text", "a (2)/b=text", "a (2)/c=text", "d/e=text", "d (2)=text"}, []string{
				"conflict: a/b: name: want one member of this name; this one is listed as a (2)",
				"conflict: d: name: want one member of this name; this one is listed as d (2)"}},
		{"names in code page 437 and in UTF-8", []member{{Name: "M\x81nchen", Content: text}, {Name: "Zürich", Content: text}, {Name: "Köln", UTF8: true, Content: text}},
			[]string{"Köln=text", "München=text", "Zürich=text"}, nil},
		{"a wrong CRC", []member{{Name: "a", Content: text, CRC: 1}, {Name: "b", Content: text, CRC: 1, Stored: true}, {Name: "c", Content: long, CRC: 1}, {Name: "d", Content: text}},
			[]string{"a=" + ErrChecksum.Error(), "b=" + ErrChecksum.Error(), "c=" + ErrChecksum.Error(), "d=text"}, []string{
				"checksum: a: content at 0x1f: got CRC-32 0x3b8ba7c7, want 0x3b8ba7c8: " + ErrChecksum.Error(),
				"checksum: b: CRC-32 at 0x48: got 0x3b8ba7c7, want 0x3b8ba7c8: " + ErrChecksum.Error(),
				"checksum: c: content at 0x6b: got CRC-32 0x44227a0c, want 0x44227a0d: " + ErrChecksum.Error()}},
		{"a size that deflate cannot reach", []member{{Name: "a", Content: text, Size: 1 << 30}}, []string{"a=" + ErrLimit.Error()}, nil},
		{"a wrong size", []member{{Name: "a", Content: long, Size: -1}, {Name: "b", Content: text, Stored: true, Size: 1}}, []string{"a=" + ErrChecksum.Error(), "b=error"}, []string{
			"checksum: a: content at 0x1f: got size of the unpacked content more, want 1299999: " + ErrChecksum.Error(),
			"malformed: b: size of a stored member at 0xa6e: got 5, want 4"}},
		{"members that share their data", []member{{Name: "a", Content: long}, {Name: "b", Content: long, Header: 10}}, []string{"a=1300000 bytes", "b=" + ErrLimit.Error()}, []string{
			"conflict: b: data of a member at 0xa: got bytes of another one, want its own; it is not read: " + ErrLimit.Error()}},
		{"methods that are not read", []member{{Name: "a", Content: text, Method: 12}, {Name: "b", Content: text, Method: 12}, {Name: "c", Content: text, Method: 97}, {Name: "d", Content: text}},
			[]string{"a=" + ErrUnsupported.Error(), "b=" + ErrUnsupported.Error(), "c=" + ErrUnsupported.Error(), "d=text"}, []string{
				"unsupported: members of a zip file: got 2 that cannot be read: method of compression bzip2, want them unpacked by another program: not supported yet",
				"unsupported: members of a zip file: got 1 that cannot be read: method of compression 97, want them unpacked by another program: not supported yet"}},
		{"a stream that is damaged", []member{{Name: "a", Content: text, Raw: []byte("\xff\xff\xff")}}, []string{"a=error"}, []string{"malformed: a: deflate stream at 0x1f: block of type 3"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys, err := openZip(archivetest.Zip(t, tt.members...), "")
			if err != nil {
				t.Fatal(err)
			}
			if got := listing(fsys); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
			if got := problems(fsys); !slices.Equal(got, tt.problems) {
				t.Errorf("problems\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.problems, "\n"))
			}
		})
	}
}

// The tree is a file system as fs wants it, whose files can be read at any offset, and
// the times are those of NTFS.
func TestFileSystem(t *testing.T) {
	at := time.Date(2026, 3, 2, 14, 3, 4, 123456700, time.UTC)
	fsys, err := openZip(archivetest.Zip(t, member{Name: `C\Windows\a.txt`, Content: long, ModTime: at}, member{Name: "b", Stored: true, Content: long}, member{Name: "empty/"}), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(fsys, "C/Windows/a.txt", "b", "empty"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"C/Windows/a.txt", "b"} {
		f, err := fsys.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		part := make([]byte, 1000)
		if n, err := f.(io.ReaderAt).ReadAt(part, 1234567-100000); n != len(part) || err != nil || !bytes.Equal(part, long[1134567:][:1000]) {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	if st, err := fs.Stat(fsys, "C/Windows/a.txt"); err != nil || !st.ModTime().Equal(at) {
		t.Errorf("%v, %v", st.ModTime(), err)
	}
	for _, name := range []string{"../b", "/b", "B", "b/c"} {
		if _, err := fsys.Open(name); err == nil {
			t.Errorf("%s opens", name)
		}
	}
}

// The beginning of a file is read without the rest.
func TestHead(t *testing.T) {
	fsys, err := openZip(archivetest.Zip(t, member{Name: "a", Content: long, CRC: 1}, member{Name: "b", Content: long, Stored: true}, member{Name: "c", Content: long, Password: "secret"}, member{Name: "d", Content: []byte("x")}, member{Name: "e/"}), "secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b", "c"} {
		if got, err := fsys.Head(name, 1000); err != nil || !bytes.Equal(got, long[:1000]) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if got, err := fsys.Head("d", 1000); string(got) != "x" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, name := range []string{"e", "none", "../a"} {
		if _, err := fsys.Head(name, 10); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if len(fsys.Problems()) > 0 {
		t.Errorf("problems %q: the members were not read", problems(fsys))
	}
}

// Encrypted members are read with their password, and checked before.
func TestZipAES(t *testing.T) {
	var members []member
	for strength := 1; strength <= 3; strength++ {
		for _, ae1 := range []bool{false, true} {
			for _, stored := range []bool{false, true} {
				members = append(members, member{Name: fmt.Sprint(strength, ae1, stored), Content: long, Password: "secret", Strength: strength, AE1: ae1, Stored: stored})
			}
		}
	}
	file := archivetest.Zip(t, members...)
	fsys, err := openZip(file, "secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if b, err := fs.ReadFile(fsys, m.Name); err != nil || !bytes.Equal(b, long) {
			t.Errorf("%s: %d bytes, %v", m.Name, len(b), err)
		}
	}
	if all, err := fsys.Locked(); all || err != nil {
		t.Errorf("locked with the password: %v, %v", all, err)
	}
	for password, want := range map[string]error{"": ErrEncrypted, "other": ErrPassword} {
		fsys, err := openZip(file, password)
		if err != nil {
			t.Fatal(err)
		}
		if all, err := fsys.Locked(); !all || !errors.Is(err, want) {
			t.Errorf("with %q: locked: %v, %v", password, all, err)
		}
		for _, m := range members {
			if b, err := fs.ReadFile(fsys, m.Name); !errors.Is(err, want) || len(b) > 0 {
				t.Errorf("%s with %q: %d bytes, %v", m.Name, password, len(b), err)
			}
		}
	}
	refused := errors.New("nobody knows it")
	fsys, err = OpenZip(bytes.NewReader(file), int64(len(file)), Options{Password: func() (string, error) { return "", refused }})
	if err != nil {
		t.Fatal(err)
	}
	if all, err := fsys.Locked(); !all || !errors.Is(err, ErrEncrypted) || !errors.Is(err, refused) {
		t.Errorf("without an answer: %v, %v", all, err)
	}
	i := bytes.Index(file, bytes.Repeat([]byte{7}, 4)) + 1000
	file[i]++
	if fsys, err = openZip(file, "secret"); err != nil {
		t.Fatal(err)
	}
	if b, err := fs.ReadFile(fsys, members[0].Name); !errors.Is(err, ErrChecksum) || len(b) > 0 {
		t.Errorf("a changed byte: %d bytes, %v", len(b), err)
	}
	if _, err := openZip(archivetest.Zip(t, member{Name: "a", Content: long}), "secret"); err != nil {
		t.Error(err)
	}
}

// What is before or behind a zip file does not hide its members. A cut one is an error.
func TestZipPlace(t *testing.T) {
	file := archivetest.Zip(t, member{Name: "a", Content: long}, member{Name: "b", Content: []byte("text"), Zip64: true})
	for name, b := range map[string][]byte{
		"as it is":          file,
		"something before":  append([]byte("MZ and a program"), file...),
		"something behind":  append(bytes.Clone(file), "more"...),
		"a comment":         append(bytes.Clone(file[:len(file)-2]), "\x07\x00PK\x05\x06..."...),
		"cut":               file[:len(file)-30],
		"only an end":       file[len(file)-22:],
		"nothing":           nil,
		"another file":      long,
		"a directory alone": file[len(file)-22-150:],
	} {
		fsys, err := openZip(b, "")
		want := 2
		if name == "cut" {
			want := []string{"a=1300000 bytes", "b=text"}
			if err != nil || !slices.Equal(listing(fsys), want) || len(fsys.Problems()) != 1 || fsys.Problems()[0].Kind != damage.Truncation {
				t.Errorf("%s: %v, %q, %q", name, err, listing(fsys), problems(fsys))
			}
			continue
		}
		if slices.Contains([]string{"only an end", "nothing", "another file"}, name) {
			if !damage.Is(err) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if name == "a directory alone" {
			continue // an error or members that cannot be read
		}
		if err != nil || len(listing(fsys)) != want || strings.Contains(strings.Join(listing(fsys), ""), "error") {
			t.Errorf("%s: %v, %q, %q", name, err, listing(fsys), problems(fsys))
		}
	}
}
