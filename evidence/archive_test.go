package evidence

import (
	"bytes"
	"encoding/binary"
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
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

type member = archivetest.Member

// inZip returns a zip file of members with a content each.
func inZip(t testing.TB, names ...string) []byte {
	t.Helper()
	var members []member
	for _, name := range names {
		members = append(members, member{Name: name, Content: []byte("data")})
	}
	return archivetest.Zip(t, members...)
}

func password(s string) Option { return WithPassword(func() (string, error) { return s, nil }) }

// An archive has the layouts that a folder has.
func TestArchiveLayouts(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files []string
		kind  string
		want  []string // "VOLUME LETTER: file, file"
	}{
		{"KAPE", []string{"C/Windows/System32/config/SYSTEM", "C/$Extend/$J", "D/data.txt", "2024_ConsoleLog.txt"}, "triage archive",
			[]string{"C C: $Extend/$J, Windows/System32/config/SYSTEM", "D D: data.txt"}},
		{"backslashes", []string{`C\Windows\System32\config\SYSTEM`, `C\Users\a.txt`}, "triage archive", []string{"C C: Users/a.txt, Windows/System32/config/SYSTEM"}},
		{"Velociraptor", []string{"uploads/auto/C%3A/Windows/notepad.exe", "uploads/ntfs/%5C%5C.%5CC%3A/$MFT", "uploads.json", "results/a.json"}, "triage archive",
			[]string{"C C: $MFT, Windows/notepad.exe"}},
		{"acquire", []string{"fs/C:/Windows/win.ini", "fs/$fs$/x"}, "triage archive", []string{"C C: Windows/win.ini"}},
		{"CyLR", []string{"C/$Extend/$UsnJrnl$J", "C/Windows/win.ini", "CyLR.log"}, "triage archive", []string{"C C: $Extend/$UsnJrnl$J, Windows/win.ini"}},
		{"a folder around it, and files beside", []string{"WEB01/C/Windows/win.ini", "collection.log", "notes.txt"}, "triage archive", []string{"C C: Windows/win.ini"}},
		{"two machines", []string{"WEB01/C/Windows/win.ini", "WEB02/C/Windows/win.ini"}, "triage archive", []string{"WEB01/C C: Windows/win.ini", "WEB02/C C: Windows/win.ini"}},
		{"names that differ in case", []string{"C/Windows/System32/a", "C/WINDOWS/system32/b"}, "triage archive", []string{"C C: Windows/System32/a, Windows/System32/b"}},
		{"any other", []string{"notes.txt", "logs/System.log"}, "archive", []string{"logs C: logs/System.log, notes.txt"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := inZip(t, tt.files...)
			e, err := New("logs.zip", bytes.NewReader(file), int64(len(file)))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, v := range e.Volumes() {
				got = append(got, fmt.Sprintf("%s %s: %s", v.Name, v.Letter, strings.Join(tree(t, v), ", ")))
				if v.Kind != Folder || v.Err != nil {
					t.Errorf("kind %v, error %v", v.Kind, v.Err)
				}
				if err := fstest.TestFS(v.FS, tree(t, v)[0]); err != nil {
					t.Error(err)
				}
			}
			if e.Kind() != tt.kind || !slices.Equal(got, tt.want) {
				t.Errorf("%s\ngot  %q\nwant %q", e.Kind(), got, tt.want)
			}
		})
	}
}

// What an archive carries is opened: an archive, an image, a single artifact in gzip.
func TestImageInArchive(t *testing.T) {
	disk := at(newDisk(4<<11, 512).entry(0, 0, 0, 7, 8, 16).b, 8*512+3, "-FVE-FS-")
	files := inZip(t, "C/Windows/win.ini")
	oldTar := archivetest.Tar(t, "C/Windows/win.ini", "x")
	sum := 0
	for i, c := range oldTar[:512] {
		if i >= 257 && i < 265 { // the mark and its version
			oldTar[i], c = 0, 0
		}
		if i >= 0x94 && i < 0x9c {
			c = ' '
		}
		sum += int(c)
	}
	copy(oldTar[0x94:], fmt.Sprintf("%06o\x00 ", sum))
	secret := archivetest.Zip(t, member{Name: "data.zip", Content: files, Password: "secret"})
	for _, tt := range []struct {
		name    string
		file    []byte
		options []Option
		want    string // description, or the error
	}{
		{"data.zip", archivetest.Zip(t, member{Name: "data.zip", Content: files}, member{Name: "metadata.json", Content: []byte("{}")}), nil, "triage archive; C folder  0+0"},
		{"encrypted data.zip", secret, []Option{password("secret")}, "triage archive; C folder  0+0"},
		{"encrypted data.zip without a password", secret, nil, "x.zip: data.zip: password at 0xaa: got nothing: encrypted"},
		{"encrypted data.zip with another one", secret, []Option{password("guess")}, "x.zip: data.zip: password: wrong password"},
		{"whose password is encrypted", archivetest.Zip(t, member{Name: "data.zip", Content: files, Password: "secret"}, member{Name: "metadata.json", Content: []byte(`{"EncryptedPass":"QUJD","Scheme":"X509"}`)}), nil,
			"x.zip: data.zip: password: want the one in metadata.json, which is encrypted with X509: encrypted"},
		{"encrypted in part", archivetest.Zip(t, member{Name: "C/Windows/a", Content: []byte("data"), Password: "secret"}, member{Name: "C/Windows/b", Content: []byte("data")}), nil, "triage archive; C folder  0+0"},
		{"a disk", archivetest.Zip(t, member{Name: "disk.raw", Content: disk}, member{Name: "notes.txt", Content: []byte("notes")}), nil, "disk image (MBR); partition 1 bitlocker BitLocker 4096+8192"},
		{"a compressed disk in a folder", archivetest.Zip(t, member{Name: "case/WEB01/disk.raw.gz", Content: zip(t, disk)}), nil, "disk image (MBR); partition 1 bitlocker BitLocker 4096+8192"},
		{"a disk in a compressed tar", zip(t, archivetest.Tar(t, "disk.raw", string(disk))), nil, "disk image (MBR); partition 1 bitlocker BitLocker 4096+8192"},
		{"two disks", archivetest.Zip(t, member{Name: "a.raw", Content: disk}, member{Name: "b.raw", Content: disk}), nil, "archive of images; a/partition 1 bitlocker BitLocker 4096+8192; b/partition 1 bitlocker BitLocker 4096+8192"},
		{"a disk in a collection", archivetest.Zip(t, member{Name: "C/Windows/win.ini", Content: []byte("data")}, member{Name: "C/Users/disk.raw", Content: disk}), nil, "triage archive; C folder  0+0"},
		{"a tar without a mark", oldTar, nil, "triage archive; C folder  0+0"},
		{"a zip without members", archivetest.Zip(t), nil, "archive; x folder  0+0"},
		{"a zip that was cut into parts and joined", append([]byte("PK\x07\x08"), files...), nil, "triage archive; C folder  0+0"},
		{"logs", archivetest.Zip(t, member{Name: "a.evtx", Content: pad("ElfFile\x00", 5000)}, member{Name: "b.gz", Content: zip(t, disk)}), nil, "archive; x folder  0+0"},
		{"too deep", archivetest.Zip(t, member{Name: "1.zip", Content: archivetest.Zip(t, member{Name: "2.zip", Content: archivetest.Zip(t, member{Name: "3.zip", Content: files})})}), nil,
			"x.zip: zip archive: got 4 nested containers, want ≤ 3: not supported yet"},
		{"an image with a wrong CRC", archivetest.Zip(t, member{Name: "disk.zip", Content: files, CRC: 1}), nil, "x.zip: disk.zip: content at 0x26: got CRC-32 0x9aee21c4, want 0x9aee21c5: content does not match its checksum"},
		{"a disk among texts", archivetest.Zip(t, member{Name: "a.log", Content: []byte("log")}, member{Name: "disk.raw", Content: disk}, member{Name: "disk.raw.md5", Content: []byte("d41d8cd98f00b204e9800998ecf8427e")}), nil, "disk image (MBR); partition 1 bitlocker BitLocker 4096+8192"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := New("x.zip", bytes.NewReader(tt.file), int64(len(tt.file)), tt.options...)
			got := describe(e)
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			var fe *FormatError
			if err != nil && !errors.As(err, &fe) {
				t.Errorf("no FormatError: %v", err)
			}
		})
	}
}

func TestFirstsOf(t *testing.T) {
	const e01, sparse, raw, other = "EnCase image (E01)", "VMware image (VMDK)", kindDisk, kindArtifact
	for _, tt := range []struct{ names, kinds, want []string }{
		{[]string{"c/a.E01", "c/a.E02"}, []string{e01, e01}, []string{"c/a.E01"}},
		{[]string{"a.E01", "b.E01"}, []string{e01, e01}, []string{"a.E01", "b.E01"}},
		{[]string{"a/a.E01", "b/a.E01"}, []string{e01, e01}, []string{"a/a.E01", "b/a.E01"}},
		{[]string{"d-s001.vmdk", "d-s002.vmdk", "d.vmdk"}, []string{sparse, sparse, vmdkDescriptor}, []string{"d.vmdk"}},
		{[]string{"d-flat.vmdk", "d.vmdk"}, []string{raw, vmdkDescriptor}, []string{"d.vmdk"}},
		{[]string{"c.vmdk", "d.vmdk"}, []string{vmdkDescriptor, vmdkDescriptor}, []string{"c.vmdk", "d.vmdk"}},
		{[]string{"a.raw", "a.zip"}, []string{raw, "zip archive"}, []string{"a.raw", "a.zip"}},
		// A part may begin with what looks like a file.
		{[]string{"a.001", "a.002", "a.003"}, []string{raw, other, raw}, []string{"a.001"}},
		{[]string{"a.dd.00", "a.dd.01"}, []string{raw, other}, []string{"a.dd.00"}},
		{[]string{"xaa", "xab"}, []string{raw, other}, []string{"xaa"}},
		{[]string{"a.001", "b.002"}, []string{raw, other}, []string{"a.001", "b.002"}},
		{[]string{"host.10", "host.11"}, []string{raw, raw}, []string{"host.10", "host.11"}},
		{[]string{"web.gz", "web.db"}, []string{"gzip", other}, []string{"web.gz", "web.db"}},
	} {
		if got, kinds := firstsOf(tt.names, tt.kinds); !slices.Equal(got, tt.want) || len(kinds) != len(got) {
			t.Errorf("%q: %q, want %q", tt.names, got, tt.want)
		}
	}
}

// The machines of a hunt have the names of their hosts, if the collections have them.
func TestHuntOfVelociraptor(t *testing.T) {
	info := func(host string) []byte {
		return []byte(`{"os_info": {"hostname": "` + host + `", "system": "windows"}}`)
	}
	const one, two, three = "clients/C.1/collections/F.1/", "clients/C.2/collections/F.1/", "clients/C.3/collections/F.1/"
	log := pad("ElfFile\x00", 5000)
	b := archivetest.Zip(t,
		member{Name: one + "uploads/auto/C%3A/Windows/win.ini", Content: []byte("x")}, member{Name: one + "client_info.json", Content: info("WEB01")},
		member{Name: one + "loose/Security.evtx", Content: log},
		member{Name: two + "uploads/auto/C%3A/Windows/win.ini", Content: []byte("x")},
		member{Name: three + "uploads/auto/C%3A/Windows/win.ini", Content: []byte("x")}, member{Name: three + "client_info.json", Content: info("WEB01")})
	e, err := New("hunt.zip", bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range e.Volumes() {
		got = append(got, v.Machine+" "+v.Name+": "+strings.Join(tree(t, v), ", "))
	}
	want := []string{"C.2 C.2/C: Windows/win.ini", "C.3 C.3/C: Windows/win.ini", "WEB01 WEB01/C: Windows/win.ini", "WEB01 WEB01/beside: collections/F.1/loose/Security.evtx"}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// An archive of several images is one of machines, and an OVA has the disks of one.
func TestSeveralImagesInArchive(t *testing.T) {
	volume := func(files ...string) string {
		v := mfttest.Volume{}
		for _, name := range files {
			v.Files = append(v.Files, mfttest.File{Path: name, Data: []byte("MZ")})
		}
		b, err := v.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	web, data := volume("Windows/win.ini", "Users/a.exe"), volume("data/b.exe")
	describe := func(b []byte) string {
		e, err := New("all.tar", bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return err.Error()
		}
		defer e.Close()
		text := e.Kind()
		for _, v := range e.Volumes() {
			text += fmt.Sprintf("; %s %s %s %v", v.Machine, v.Letter, v.Name, v.Kind)
		}
		for p := range e.TableProblems() {
			text += "; " + p.String()
		}
		return text
	}
	for _, tt := range []struct {
		name  string
		files []string
		want  string
	}{
		{"of two machines", []string{"WEB.raw", web, "DB.raw", data, "notes.txt", "x"}, "archive of images; DB C DB/volume ntfs; WEB C WEB/volume ntfs"},
		{"of one that does not open", []string{"WEB.raw", web, "DB.vhdx", "vhdxfile" + strings.Repeat("\x00", 4096)},
			"archive of images; WEB C WEB/volume ntfs; unsupported: DB.vhdx: image: DB.vhdx: "},
		{"the disks of an OVA", []string{"vm.ovf", "<Envelope/>", "vm-disk1.vmdk", data, "vm-disk2.vmdk", web}, "archive of images;   vm-disk1/volume ntfs;  C vm-disk2/volume ntfs"},
		{"archives in it", []string{"a.tar", string(archivetest.Tar(t, "A.raw", web)), "b.tar", string(archivetest.Tar(t, "C/Windows/win.ini", "x"))},
			"archive of images; a C a/volume ntfs; b C b/C folder"},
		{"several in several", []string{"a.tar", string(archivetest.Tar(t, "A.raw", web, "B.raw", web)), "b.raw", web},
			"archive of images; a C a/a folder; b C b/volume ntfs; unsupported: a.tar: archive: got several images, want one; unpack them, and open each: not supported yet"},
	} {
		if got := describe(archivetest.Tar(t, tt.files...)); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// A sparse file of Velociraptor is as long as it was on the volume. Its holes are zeros,
// and what was not collected is an error.
func TestSparseFiles(t *testing.T) {
	const dir = "uploads/ntfs/%5C%5C.%5CC%3A/$Extend/"
	index := `{"ranges":[{"length":5000000000},{"original_offset":5000000000,"file_length":10,"length":10},{"original_offset":5000000010,"length":90},{"original_offset":5000000100,"file_length":10,"length":10}]}`
	file := archivetest.Zip(t,
		member{Name: dir + "$UsnJrnl%3A$J", Content: []byte("0123456789abcde")}, // 5 bytes too short
		member{Name: dir + "$UsnJrnl%3A$J.idx", Content: []byte(index)},
		member{Name: dir + "other", Content: []byte("data")}, member{Name: dir + "other.idx", Content: []byte("no index")},
		member{Name: dir + "alone.idx", Content: []byte("data")})
	e, err := New("x.zip", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	v := e.Volumes()[0]
	if got, want := tree(t, v), []string{"$Extend/$UsnJrnl:$J", "$Extend/alone.idx", "$Extend/other", "$Extend/other.idx"}; !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	f, err := v.FS.Open("$Extend/$UsnJrnl:$J")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if st, err := f.Stat(); err != nil || st.Size() != 5000000110 {
		t.Errorf("size %d, %v", st.Size(), err)
	}
	for _, tt := range []struct {
		off, n int64
		want   string
		err    error
	}{
		{0, 4, "\x00\x00\x00\x00", nil},
		{4999999998, 8, "\x00\x00012345", nil},
		{5000000008, 4, "89\x00\x00", nil},
		{5000000098, 6, "\x00\x00abcd", nil},
		{5000000098, 10, "\x00\x00abcde", io.ErrUnexpectedEOF},
		{5000000106, 2, "", io.ErrUnexpectedEOF},
		{5000000110, 2, "", io.EOF},
	} {
		b := make([]byte, tt.n)
		n, err := f.(io.ReaderAt).ReadAt(b, tt.off)
		if string(b[:n]) != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("at %d: %q, %v; want %q, %v", tt.off, b[:n], err, tt.want, tt.err)
		}
	}
	data := f.(interface{ NextData(int64) int64 })
	for off, want := range map[int64]int64{0: 5000000000, 5000000003: 5000000003, 5000000010: 5000000100, 5000000110: 5000000110, -5: 5000000000} {
		if got := data.NextData(off); got != want {
			t.Errorf("NextData(%d) = %d, want %d", off, got, want)
		}
	}
	if problems := slices.Collect(e.Problems()); len(problems) != 1 || problems[0].Kind != damage.Malformed {
		t.Errorf("problems %v", problems)
	}
}

// The times of files that Velociraptor collected are in its results.
func TestTimesOfResults(t *testing.T) {
	rows := `{"Created":"2021-08-21T20:04:11.32606Z","LastAccessed":"2021-08-22T00:00:00Z","Modified":"2021-08-23T00:00:00Z","Size":4,"SourceFile":"C:\\Users\\a.txt"}
no JSON with "SourceFile"
{"Created":"2020-01-01T00:00:00Z","Modified":"2020-01-01T00:00:00Z","SourceFile":"D:\\Users\\b.txt"}
`
	later := `{"Created":"2022-01-01T00:00:00Z","Modified":"2022-01-01T00:00:00Z","SourceFile":"\\\\.\\C:\\Users\\a.txt"}`
	for _, at := range []string{"", "Collection-WEB01/"} {
		file := archivetest.Zip(t, member{Name: at + "uploads/auto/C%3A/Users/a.txt", Content: []byte("data")}, member{Name: at + "uploads/auto/C%3A/Users/b.txt", Content: []byte("data")},
			member{Name: at + "results/A%2FUploads.json", Content: []byte(later)}, member{Name: at + "results/Z%2FAll File Metadata.json", Content: []byte(rows)})
		e, err := New("x.zip", bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		st, err := fs.Stat(e.Volumes()[0].FS, "Users/A.TXT")
		if err != nil {
			t.Fatal(err)
		}
		times := st.(interface{ BirthTime() time.Time }) // see the documentation of the package
		if got := times.BirthTime().Format(time.RFC3339Nano); got != "2021-08-21T20:04:11.32606Z" || st.ModTime().Day() != 23 {
			t.Errorf("created %s, modified %s", got, st.ModTime())
		}
		if st, err = fs.Stat(e.Volumes()[0].FS, "Users/b.txt"); err != nil || !st.(interface{ BirthTime() time.Time }).BirthTime().IsZero() {
			t.Errorf("the times of another drive: %v", err)
		}
	}
}

// A collection without files is told apart from one that is empty.
func TestOnlyResults(t *testing.T) {
	for name, want := range map[string]int{"Generic.Client.Info/BasicInformation.json": 1, "results/x.json": 1, "notes/x.json": 0} {
		file := inZip(t, name)
		e, err := New("x.zip", bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Collect(e.TableProblems()); len(got) != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// The real collections and the hostile one open.
func TestSamplesOfTriage(t *testing.T) {
	for _, tt := range []struct {
		file     string
		want     string
		files    int
		problems int
		host     string
		read     map[string]int64 // sizes of files
	}{
		{"velociraptor/Collection-WIN-E5K9RC5GU23-2021-11-21T18_05_56-08_00.zip", "triage archive; C folder  0+0", 3, 0, "",
			map[string]int64{"Users/Administrator/NTUSER.DAT": 102400, "$Extend/$UsnJrnl:$J": 13732151296 + 39612408, "$Extend/$UsnJrnl:$Max": 32}},
		{"velociraptor/unencrypted_collector.zip", "archive; unencrypted_collector folder  0+0", 3, 1, "DESKTOP-SU8FH31", nil},
		{"cylr/cylr-shape.zip", "triage archive; C folder  0+0", 11, 0, "", map[string]int64{"$Extend/$UsnJrnl:$J": 4096, "Windows/System32/winevt/Logs/Security.evtx": 69632}},
		{"cylr/names.zip", "triage archive; C folder  0+0", 3, 2, "", map[string]int64{"Windows/System32/config/SYSTEM": 4, "windows/system32/CONFIG/software": 4, "Windows/System32/config/SOFTWARE (2)": 5}},
	} {
		t.Run(tt.file, func(t *testing.T) {
			e := open(t, testenv.Sample(t, "triage/"+tt.file))
			v := e.Volumes()[0]
			if got := describe(e); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if got := tree(t, v); len(got) != tt.files {
				t.Errorf("files %q", got)
			}
			if got := slices.Collect(e.TableProblems()); len(got) != tt.problems {
				t.Errorf("problems %v", got)
			}
			if e.Host() != tt.host {
				t.Errorf("host %q, want %q", e.Host(), tt.host)
			}
			for name, size := range tt.read {
				st, err := fs.Stat(v.FS, name)
				if err != nil || st.Size() != size {
					t.Errorf("%s: %v, %v", name, st, err)
				}
				if size < 1<<20 {
					if b, err := fs.ReadFile(v.FS, name); err != nil || int64(len(b)) != size {
						t.Errorf("%s: %d bytes, %v", name, len(b), err)
					}
				}
			}
		})
	}
}

// A search for a hash reads a file of an archive, but not without end.
func TestFindInArchive(t *testing.T) {
	file := archivetest.Zip(t, member{Name: "C/Windows/a", Content: []byte("data")}, member{Name: "C/Users/b", Content: make([]byte, 1<<20)})
	e, err := New("x.zip", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Find(t.Context(), "8d777f385d3dfec8815d20f7496026dc") // MD5 of "data"
	if err != nil || s.Count != 1 || s.Files != 2 || s.Failed != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	within := &search{e: e}
	if got, want := within.budget(e.Volumes()[0]), int64(1<<30+200*len(file)); got != want {
		t.Errorf("%d bytes are hashed, want %d", got, want)
	}
}

// The folder that holds a container in an archive is a folder of the archive.
func TestTreeFolder(t *testing.T) {
	file := inZip(t, "case/a.raw", "case/b.raw", "other/c.raw")
	e, err := New("x.zip", bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	d := treeFolder{e.trees[0], "case"}
	if names, err := d.Names(); err != nil || !slices.Equal(names, []string{"a.raw", "b.raw"}) {
		t.Errorf("names %q, %v", names, err)
	}
	if f, err := d.Open("b.raw"); err != nil || f.Name != "b.raw" || f.Size != 4 {
		t.Errorf("%+v, %v", f, err)
	}
	for _, name := range []string{"../other/c.raw", "..", ".", "", "none", "/case/a.raw"} {
		if _, err := d.Open(name); err == nil {
			t.Errorf("%q opens", name)
		}
	}
}

// shifted adds n to the offsets in a zip file: those of a self-extracting archive whose offsets
// are from the beginning of the whole file.
func shifted(file []byte, n int) []byte {
	b := bytes.Clone(file)
	le := binary.LittleEndian
	end := bytes.LastIndex(b, []byte("PK\x05\x06"))
	dir := int(le.Uint32(b[end+0x10:]))
	for at := dir; at < end; at += 46 + int(le.Uint16(b[at+0x1c:])) + int(le.Uint16(b[at+0x1e:])) + int(le.Uint16(b[at+0x20:])) {
		le.PutUint32(b[at+0x2a:], le.Uint32(b[at+0x2a:])+uint32(n))
	}
	le.PutUint32(b[end+0x10:], uint32(dir+n))
	return b
}

// A collection in a self-extracting archive is opened as the archive. What is a program or a disk
// stays one.
func TestZipBehind(t *testing.T) {
	disk := at(newDisk(4<<11, 512).entry(0, 0, 0, 7, 8, 16).b, 8*512+3, "-FVE-FS-")
	kape := inZip(t, "C/Windows/win.ini", "2024_ConsoleLog.txt")
	other := inZip(t, "setup/readme.txt", "setup/a.dll")
	secret := archivetest.Zip(t, member{Name: "C/Windows/win.ini", Content: []byte("data"), Password: "secret"})
	stub := pad("MZ", 70_000)
	signature := pad("\x08\x00\x00\x00\x00\x02\x02\x00", 9_000)
	for _, tt := range []struct {
		name    string
		file    []byte
		options []Option
		want    string
	}{
		{"offsets from the beginning of the zip file", slices.Concat(stub, kape), nil, "triage archive; C folder  0+0"},
		{"offsets from the beginning of the program", slices.Concat(stub, shifted(kape, len(stub))), nil, "triage archive; C folder  0+0"},
		{"a signature behind it", slices.Concat(stub, shifted(kape, len(stub)), signature), nil, "triage archive; C folder  0+0"},
		{"a script before it", slices.Concat([]byte("#!/bin/sh\nexec unzip \"$0\"\n"), kape), nil, "triage archive; C folder  0+0"},
		{"a script, and any files", slices.Concat([]byte("#!/bin/sh\n"), other), nil, "archive; x.exe folder  0+0"},
		{"encrypted", slices.Concat(stub, secret), []Option{password("secret")}, "triage archive; C folder  0+0"},
		{"encrypted, without a password", slices.Concat(stub, secret), nil, "x.exe: C/Windows/win.ini: password at 0x111d0: got nothing: encrypted"},
		{"a disk", slices.Concat(stub, archivetest.Zip(t, member{Name: "disk.raw", Content: disk})), nil, "disk image (MBR); partition 1 bitlocker BitLocker 4096+8192"},
		{"an installer", slices.Concat(stub, other), nil, "pe; x.exe artifact  0+" + fmt.Sprint(len(stub)+len(other))},
		{"an installer of an archive", slices.Concat(stub, archivetest.Zip(t, member{Name: "app.zip", Content: other})), nil, "pe; x.exe artifact  0+70223"},
		{"a program that names a zip file", slices.Concat(stub, []byte("PK\x05\x06"), make([]byte, 18)), nil, "pe; x.exe artifact  0+70022"},
		{"a disk whose last file is a zip file", slices.Concat(disk, kape), nil, "disk image (MBR); partition 1 bitlocker BitLocker 4096+8192"},
		{"an event log", slices.Concat(pad("ElfFile\x00", 5000), kape), nil, "evtx; x.exe artifact  0+" + fmt.Sprint(5000+len(kape))},
		{"cut off", slices.Concat(stub, kape[:len(kape)-30]), nil, "pe; x.exe artifact  0+" + fmt.Sprint(70_000+len(kape)-30)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, err := New("x.exe", bytes.NewReader(tt.file), int64(len(tt.file)), tt.options...)
			got := describe(e)
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Fatalf("got\n%s\nwant\n%s", got, tt.want)
			}
			if err == nil && strings.HasPrefix(got, "triage") {
				v, path, err := e.Resolve(`C:\Windows\win.ini`)
				if err != nil {
					t.Fatal(err)
				}
				if b, err := fs.ReadFile(v.FS, path); err != nil || string(b) != "data" {
					t.Errorf("%q, %v", b, err)
				}
			}
		})
	}
}
