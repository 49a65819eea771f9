package mfttest_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// geometries are those that other tools know: ntfs-3g accepts clusters of up to 64
// KiB in its stable tools, The Sleuth Kit of up to 2 MiB.
var geometries = []struct {
	sector, cluster, record int
	fragment                bool
}{
	{512, 512, 1024, false}, {512, 4096, 1024, false}, {512, 4096, 4096, false}, {512, 65536, 1024, false}, {4096, 4096, 4096, false},
	{512, 4096, 1024, true}, {512, 1024, 1024, true},
}

// everything returns a volume with one of each thing that a File can be.
func everything() mfttest.Volume {
	day := time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)
	v := mfttest.Volume{Label: "Everything", Serial: 0x1122334455667788, Files: []mfttest.File{
		{Path: "small.txt", Data: []byte("stays in its record"), Times: mfttest.AllAt(day)},
		{Path: "dir/large.bin", Data: noise(300_000)},
		{Path: "dir/streams.txt", Data: []byte("content"), Streams: []mfttest.Stream{
			{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\n")}, {Name: "large", Data: noise(70_000)},
		}},
		{Path: "dir/a long name.txt", ShortName: "ALONGN~1.TXT", Links: []string{"other/linked.txt"}, Data: []byte("names")},
		{Path: "holes.bin", Sparse: true, Data: slices.Concat(make([]byte, 1<<20), []byte("an end"), make([]byte, 1<<19))},
		{Path: "packed.log", Compressed: true, Data: slices.Concat(bytes.Repeat([]byte("line of a log\r\n"), 20000), noise(100_000), make([]byte, 200_000))},
		{Path: "owned.txt", Owner: "S-1-5-21-1-2-3-1001"},
		{Path: "own descriptor.txt", OwnSecurity: true, Owner: "S-1-5-21-1-2-3-1002"},
		{Path: "clusters.txt", NonResident: true, Data: []byte("clusters of its own")},
		{Path: "empty"},
		{Path: "deleted.bin", Deleted: true, Data: noise(20_000)},
	}}
	var links []string
	for i := range 80 {
		links = append(links, fmt.Sprintf("links/one of many names of the same file, number %02d", i))
	}
	v.Files = append(v.Files, mfttest.File{Path: "linked", Links: links, Data: noise(3000)})
	for i := range 900 {
		v.Files = append(v.Files, mfttest.File{Path: fmt.Sprintf("many/a file among many others, number %03d", i), Data: []byte(strconv.Itoa(i))})
	}
	return v
}

// noise returns n bytes that do not compress.
func noise(n int) []byte {
	b := make([]byte, n)
	x := uint32(n)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = byte(x >> 24)
	}
	return b
}

// eachGeometry writes everything in each geometry to a file.
func eachGeometry(t *testing.T, test func(t *testing.T, v mfttest.Volume, name string)) {
	for _, g := range geometries {
		t.Run(fmt.Sprintf("sectors of %d clusters of %d records of %d fragmented %t", g.sector, g.cluster, g.record, g.fragment), func(t *testing.T) {
			v := everything()
			v.SectorSize, v.ClusterSize, v.RecordSize, v.FragmentMFT = g.sector, g.cluster, g.record, g.fragment
			for i := range v.Files {
				v.Files[i].Compressed = v.Files[i].Compressed && g.cluster <= 4096
			}
			image, err := v.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Join(t.TempDir(), "volume")
			if err := os.WriteFile(name, image, 0o600); err != nil {
				t.Fatal(err)
			}
			test(t, v, name)
		})
	}
}

func output(t *testing.T, tool string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(testenv.Tool(t, tool), args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s%s", tool, args, err, out, &stderr)
	}
	return out
}

// paths returns all names of the files that exist, and the directories.
func paths(v mfttest.Volume) []string {
	set := map[string]bool{}
	for _, f := range v.Files {
		if f.Deleted {
			continue
		}
		for _, p := range append([]string{f.Path}, f.Links...) {
			for ; p != "."; p = filepath.ToSlash(filepath.Dir(p)) {
				set[p] = true
			}
		}
	}
	var list []string
	for p := range set {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}

func TestNTFSFix(t *testing.T) {
	eachGeometry(t, func(t *testing.T, v mfttest.Volume, name string) {
		out := string(output(t, "ntfsfix", "-n", name))
		if !strings.Contains(out, "was processed successfully") || strings.Contains(out, "FAILED") || strings.Contains(out, "orrupt") {
			t.Error(out)
		}
	})
}

// ntfsls lists what was written, and ntfscat reads the same content and streams.
func TestNTFS3G(t *testing.T) {
	eachGeometry(t, func(t *testing.T, v mfttest.Volume, name string) {
		var got []string
		dir := "/"
		for line := range strings.Lines(string(output(t, "ntfsls", "-R", "-a", "-f", name))) {
			line = strings.TrimSuffix(line, "\n")
			if strings.HasPrefix(line, "/") && strings.HasSuffix(line, ":") {
				dir = strings.TrimSuffix(line, ":") + "/"
				continue
			}
			if line != "" && line != "." && line != ".." && !strings.HasPrefix(line, "$") && line != "./" && line != "../" {
				got = append(got, strings.TrimLeft(dir+strings.TrimSuffix(line, "/"), "/"))
			}
		}
		slices.Sort(got)
		if want := paths(v); !slices.Equal(slices.Compact(got), want) {
			t.Errorf("ntfsls has %d names, want %d:\n%.400q\n%.400q", len(got), len(want), got, want)
		}
		for _, f := range v.Files {
			if f.Dir || f.Deleted || strings.HasPrefix(f.Path, "many/") && !strings.HasSuffix(f.Path, "77") {
				continue
			}
			if got := output(t, "ntfscat", "-f", name, f.Path); sha256.Sum256(got) != sha256.Sum256(f.Data) {
				t.Errorf("%s: ntfscat has %d bytes that differ from the %d written", f.Path, len(got), len(f.Data))
			}
			for _, s := range f.Streams {
				if got := output(t, "ntfscat", "-f", "-n", s.Name, name, f.Path); !bytes.Equal(got, s.Data) {
					t.Errorf("%s:%s: ntfscat has %d bytes that differ from the %d written", f.Path, s.Name, len(got), len(s.Data))
				}
			}
		}
	})
}

var flsLine = regexp.MustCompile(`^([-rd])/[rd] (\* )?(\d+)-(\d+-\d+):\t(.*)$`)

// The Sleuth Kit lists what was written, including the deleted file, and reads the
// same content.
func TestSleuthKit(t *testing.T) {
	eachGeometry(t, func(t *testing.T, v mfttest.Volume, name string) {
		found, deleted := map[string]string{}, map[string]bool{}
		for line := range strings.Lines(string(output(t, "fls", "-r", "-p", name))) {
			m := flsLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			if m == nil || strings.HasPrefix(m[5], "$") {
				continue
			}
			found[m[5]] = m[3] + "-" + m[4]
			deleted[m[5]] = m[2] != ""
		}
		for _, p := range paths(v) {
			if found[p] == "" || deleted[p] {
				t.Errorf("fls has no %s", p)
			}
		}
		for _, f := range v.Files {
			if f.Dir || strings.HasPrefix(f.Path, "many/") && !strings.HasSuffix(f.Path, "77") {
				continue
			}
			if deleted[f.Path] != f.Deleted {
				t.Errorf("%s: deleted %t, want %t", f.Path, deleted[f.Path], f.Deleted)
			}
			if got := output(t, "icat", name, found[f.Path]); sha256.Sum256(got) != sha256.Sum256(f.Data) {
				t.Errorf("%s: icat has %d bytes that differ from the %d written", f.Path, len(got), len(f.Data))
			}
			for _, s := range f.Streams {
				if got := output(t, "icat", name, found[f.Path+":"+s.Name]); !bytes.Equal(got, s.Data) {
					t.Errorf("%s:%s: icat has %d bytes that differ from the %d written", f.Path, s.Name, len(got), len(s.Data))
				}
			}
		}
		small := strings.Split(found["small.txt"], "-")[0]
		if out := string(output(t, "istat", "-z", "UTC", name, small)); strings.Count(out, "2024-03-04 05:06:07.123456700 (UTC)") != 8 {
			t.Errorf("istat: the times of small.txt are not those written:\n%s", out)
		}
	})
}

// dissect is a program that prints the owner of every file and a hash of its
// content.
const dissect = `
import hashlib, sys
from dissect.ntfs import NTFS
volume = NTFS(open(sys.argv[1], "rb"))
for path in sys.stdin.read().splitlines():
    record = volume.mft.get(path.replace("/", "\\"))
    si = record.attributes[0x10][0]
    owner = volume.secure.lookup(si.security_id).owner if si.security_id else ""
    print(path, owner, hashlib.sha256(record.open().read()).hexdigest(), sep="|")
`

func TestDissect(t *testing.T) {
	python := testenv.Python(t, "dissect.ntfs")
	eachGeometry(t, func(t *testing.T, v mfttest.Volume, name string) {
		var names, want []string
		for _, f := range v.Files {
			if f.Dir || f.Deleted {
				continue
			}
			owner := f.Owner
			if owner == "" {
				owner = "S-1-5-18"
			}
			if f.OwnSecurity {
				owner = "" // not in $Secure
			}
			names = append(names, f.Path)
			want = append(want, fmt.Sprintf("%s|%s|%x", f.Path, owner, sha256.Sum256(f.Data)))
		}
		cmd := exec.Command(python, "-c", dissect, name)
		cmd.Stdin = strings.NewReader(strings.Join(names, "\n"))
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, &stderr)
		}
		if got := strings.Split(strings.TrimSpace(string(out)), "\n"); !slices.Equal(got, want) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Errorf("dissect has %s, want %s", got[i], want[i])
				}
			}
		}
	})
}

// The same Volume gives the same bytes.
func TestBytesAreReproducible(t *testing.T) {
	a, err := everything().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b, err := everything().Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("the second image differs from the first")
	}
}

// A Volume that NTFS cannot hold is rejected, with the reason.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name string
		v    mfttest.Volume
		want string
	}{
		{"sector size", mfttest.Volume{SectorSize: 100}, "sector size 100"},
		{"cluster size", mfttest.Volume{ClusterSize: 4 << 20}, "cluster size 4194304"},
		{"record size", mfttest.Volume{RecordSize: 2048}, "record size 2048"},
		{"a name twice", files(mfttest.File{Path: "a"}, mfttest.File{Path: "A"}), "A occurs twice"},
		{"a name with a colon", files(mfttest.File{Path: "a:b"}), "not a valid file name"},
		{"a name of 256 units", files(mfttest.File{Path: strings.Repeat("x", 256)}), "not a valid file name"},
		{"below a file", files(mfttest.File{Path: "a"}, mfttest.File{Path: "a/b"}), "a is not a directory"},
		{"below a deleted directory", files(mfttest.File{Path: "a", Dir: true, Deleted: true}, mfttest.File{Path: "a/b"}), "a is deleted"},
		{"an entry twice", files(mfttest.File{Path: "a", Entry: 99}, mfttest.File{Path: "b", Entry: 99}), "entry 99 is taken"},
		{"an entry of NTFS", files(mfttest.File{Path: "a", Entry: 5}), "entry 5 is taken"},
		{"a long short name", files(mfttest.File{Path: "a", ShortName: "too long for dos"}), "is not an 8.3 name"},
		{"a directory with data", files(mfttest.File{Path: "a", Dir: true, Data: []byte("x")}), "cannot have data or links"},
		{"a stream without a name", files(mfttest.File{Path: "a", Streams: []mfttest.Stream{{}}}), "has no name"},
		{"compressed in large clusters", mfttest.Volume{ClusterSize: 8192, Files: []mfttest.File{{Path: "a", Compressed: true}}}, "does not compress"},
		{"an owner that is not a SID", files(mfttest.File{Path: "a", Owner: "alice"}), `SID "alice"`},
		{"a size that is too small", mfttest.Volume{Size: 4096}, "size"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.v.Bytes(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func files(f ...mfttest.File) mfttest.Volume { return mfttest.Volume{Files: f} }

// A volume may be larger than its content.
func TestSize(t *testing.T) {
	b, err := mfttest.Volume{Size: 64 << 20}.Bytes()
	if err != nil || len(b) != 64<<20 {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	v, err := mft.NewVolume(bytes.NewReader(b), int64(len(b)))
	if err != nil || v.Info().Size+512 != 64<<20 {
		t.Errorf("%+v, %v", v.Info(), err)
	}
}
