package mft_test

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
)

// ntfsImages are the NTFS volumes in the raw images of the corpus.
var ntfsImages = []struct {
	file   string
	sector int64 // at which the volume begins
}{
	{"images/colinfinck_testfs1", 0},
	{"images/go-ntfs_test.ntfs.dd", 0},
	{"mft/ntfs3_attrlist.raw.gz", 0},
	{"mft/ntfs_index.raw.gz", 128},
	{"cases/winlogon-shell/disk.raw.zst", 2048},
}

// image is a volume of the corpus, with its place for The Sleuth Kit.
type image struct {
	*mft.Volume
	name   string
	sector int64
}

func eachImage(t *testing.T, test func(t *testing.T, v image)) {
	for _, tt := range ntfsImages {
		t.Run(tt.file, func(t *testing.T) {
			name := testenv.Unpacked(t, tt.file)
			f, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { f.Close() })
			st, err := f.Stat()
			if err != nil {
				t.Fatal(err)
			}
			size := st.Size() - tt.sector*512
			v, err := mft.NewVolume(io.NewSectionReader(f, tt.sector*512, size), size)
			if err != nil {
				t.Fatal(err)
			}
			test(t, image{v, name, tt.sector})
		})
	}
}

// tsk runs a tool of The Sleuth Kit on the image.
func (v image) tsk(t *testing.T, tool string, args ...string) []byte {
	t.Helper()
	cmd := []string{"-o", strconv.FormatInt(v.sector, 10)}
	cmd = append(append(cmd, args[:len(args)-1]...), v.name)
	if last := args[len(args)-1]; last != "" {
		cmd = append(cmd, last)
	}
	out, err := exec.Command(testenv.Tool(t, tool), cmd...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v", tool, cmd, err)
	}
	return out
}

// flsLine matches what fls prints for a name or a stream.
var flsLine = regexp.MustCompile(`^([-rdV]/[-rdV]) (\* )?(\d+)(?:-(\d+)-\d+)?(\(realloc\))?:\t(.*)$`)

// The names and streams that the directories list are the same as in fls.
func TestCorpusNames(t *testing.T) {
	eachImage(t, func(t *testing.T, v image) {
		want := map[string]bool{}
		for line := range strings.Lines(string(v.tsk(t, "fls", "-r", "-p", "-u", ""))) {
			m := flsLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			switch {
			case m == nil:
				t.Fatalf("fls: %q", line)
			case m[1] == "V/V", strings.HasPrefix(m[6], "$OrphanFiles/"):
				// Names that The Sleuth Kit makes up, for records that no directory lists.
			case m[4] == "144" && strings.Contains(m[6], ":$"):
				// Views of metadata files, which are not streams.
			default:
				want[m[3]+" "+m[6]] = true
			}
		}
		got := map[string]bool{}
		err := fs.WalkDir(v, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			rec := info.Sys().(*mft.Record)
			// fls does not list a file that has streams or views but no content.
			if rec.IsDir() || hasContent(rec) {
				got[fmt.Sprint(rec.Entry, " ", name)] = true
			}
			for _, s := range info.(*mft.FileInfo).Streams() {
				got[fmt.Sprint(rec.Entry, " ", name, ":", s)] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		delete(got, "5 .")
		same(t, got, want, "fls")
	})
}

// same reports what only one of two sets has.
func same(t *testing.T, got, want map[string]bool, tool string) {
	t.Helper()
	for s := range want {
		if !got[s] {
			t.Errorf("%s has %q, we do not", tool, s)
		}
	}
	for s := range got {
		if !want[s] {
			t.Errorf("we have %q, %s does not", s, tool)
		}
	}
	if len(want) == 0 {
		t.Errorf("%s has nothing", tool)
	}
	if !strings.HasPrefix(tool, "istat") { // asked for each file
		t.Logf("%d in ours, %d in %s", len(got), len(want), tool)
	}
}

// Deleted files have the same paths as in fls.
func TestCorpusDeletedNames(t *testing.T) {
	eachImage(t, func(t *testing.T, v image) {
		want := map[string]bool{}
		for line := range strings.Lines(string(v.tsk(t, "fls", "-r", "-p", "-d", ""))) {
			m := flsLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			switch {
			case m == nil:
				t.Fatalf("fls: %q", line)
			case strings.HasPrefix(m[6], "$OrphanFiles/OrphanFile-"):
				// Not a name: the records of NTFS itself that are not in use yet.
			case m[3] == "0":
				// A name in the slack of an index whose record belongs to another file
				// now. This package does not carve slack.
			default:
				want[m[3]+" "+m[6]] = true
			}
		}
		got := map[string]bool{}
		for rec, err := range v.MFT().Records() {
			if err != nil {
				t.Fatal(err)
			}
			if rec.InUse() || len(rec.FileNames) == 0 {
				continue
			}
			for _, p := range v.MFT().Paths(rec) {
				for _, s := range rec.Streams {
					name := p.Name
					if s.Name != "" {
						name += ":" + s.Name
					}
					got[fmt.Sprint(rec.Entry, " ", name)] = true
				}
			}
		}
		if len(want) > 0 || len(got) > 0 {
			same(t, got, want, "fls")
		}
	})
}

// istatAttribute matches what istat prints for an attribute.
var istatAttribute = regexp.MustCompile(`^Type: (\S+) \((\d+)-(\d+)\)   Name: (.*?)   (Non-Resident|Resident)(.*?)  size: (\d+)(?:  init_size: (\d+))?`)

// Every attribute of every file has the size that istat prints, and every stream the content
// that icat reads. In directories with hundreds of files of the same kind only every seventh
// is compared.
func TestCorpusStreams(t *testing.T) {
	eachImage(t, func(t *testing.T, v image) {
		compared := 0
		for rec, err := range v.MFT().Records() {
			if err != nil {
				t.Fatal(err)
			}
			if !rec.InUse() || len(rec.Attributes) == 0 || rec.Entry > 100 && rec.Entry%7 != 0 || testing.Short() && rec.Entry%5 != 0 {
				continue
			}
			want, ids := map[string]bool{}, map[string]string{}
			for line := range strings.Lines(string(v.tsk(t, "istat", fmt.Sprint(rec.Entry)))) {
				m := istatAttribute.FindStringSubmatch(line)
				if m == nil || m[1] != "$DATA" {
					continue
				}
				name := m[4]
				if name == "N/A" {
					name = ""
				}
				if m[8] == "" {
					m[8] = m[7]
				}
				want[fmt.Sprintf("%q %s size %s initialized %s", name, strings.ToLower(m[5]), m[7], m[8])] = true
				ids[name] = m[2] + "-" + m[3]
			}
			got := map[string]bool{}
			for _, s := range rec.Streams {
				resident := "non-resident"
				if s.Resident {
					resident = "resident"
				}
				got[fmt.Sprintf("%q %s size %d initialized %d", s.Name, resident, s.Size, s.InitializedSize)] = true
			}
			if len(want) > 0 || len(got) > 0 {
				same(t, got, want, fmt.Sprint("istat ", rec.Entry))
			}
			for _, s := range rec.Streams {
				id, ok := ids[s.Name]
				if !ok || s.Size > 16<<20 {
					continue
				}
				if s.InitializedSize == 0 && s.Size > 0 {
					continue // $BadClus:$Bad: icat prints what is initialized, others read zeros
				}
				r, err := v.OpenStream(rec, s.Name)
				if err != nil {
					t.Errorf("entry %d %q: %v", rec.Entry, s.Name, err)
					continue
				}
				content, err := io.ReadAll(io.NewSectionReader(r, 0, r.Size()))
				if err != nil {
					t.Errorf("entry %d %q: %v", rec.Entry, s.Name, err)
				}
				icat := v.tsk(t, "icat", fmt.Sprintf("%d-%s", rec.Entry, id))
				if sha256.Sum256(content) != sha256.Sum256(icat) {
					t.Errorf("entry %d %q: %d bytes that differ from the %d of icat", rec.Entry, s.Name, len(content), len(icat))
				}
				compared++
			}
		}
		t.Logf("%d streams", compared)
		if compared < 3 {
			t.Errorf("only %d streams were compared", compared)
		}
	})
}

// The volumes have no damage except what is listed here.
func TestCorpusVolumeProblems(t *testing.T) {
	explained := map[string][]string{
		// The ntfs3 driver of Linux writes the number of the base record into its extension
		// records. ntfs-3g and chkdsk do not look at it there.
		"mft/ntfs3_attrlist.raw.gz": {"record number"},
	}
	for _, tt := range ntfsImages {
		explained[tt.file] = append(explained[tt.file], "dirty flag") // taken while mounted
	}
	eachImage(t, func(t *testing.T, v image) {
		file := strings.TrimPrefix(t.Name(), "TestCorpusVolumeProblems/")
		for p := range v.Problems() {
			if !slices.Contains(explained[file], p.Err.What) {
				t.Error(p)
			}
		}
	})
}
