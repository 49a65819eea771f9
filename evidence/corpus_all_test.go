package evidence

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// Every file of the corpus opens as what it is, or the error says why not.
func TestCorpusOpensOrSaysWhyNot(t *testing.T) {
	// Files that are not evidence of a supported kind: pieces of artifacts,
	// indexes without their volume, empty files, and the notes of the corpus itself.
	unknown := map[string]string{
		"pe/look":                             "a program for Linux",
		"registry/yarp/InvalidParentFragment": "bins of a hive without its base block",
		"registry/yarp/SqliteFragment":        "bins of a hive without its base block",
		"mft/i30_FirstDelete.bin":             "an index",
		"mft/i30_SecondDelete.bin":            "an index",
		"mft/i30_Start.bin":                   "an index",
	}
	root := testenv.Corpus(t, ".")
	opened := map[string]int{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		st, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		var want error
		switch ext := filepath.Ext(rel); {
		case st.Size() == 0, ext == ".md", ext == ".json", ext == ".txt", unknown[rel] != "":
			want = ErrUnknown
		}
		e, err := Open(name)
		if err != nil {
			var fe *FormatError
			if want == nil || !errors.Is(err, want) || !errors.As(err, &fe) || want == ErrUnknown && (fe.Got == "" || fe.Want == "") {
				t.Errorf("%s: %v", rel, err)
			}
			return nil
		}
		defer e.Close()
		if want != nil {
			t.Errorf("%s opened as %s, want %v", rel, describe(e), want)
		}
		kind, _, _ := strings.Cut(e.Kind(), " (")
		kind, _, _ = strings.Cut(kind, ", ") // the container
		folder, _, _ := strings.Cut(rel, "/")
		opened[folder+": "+kind]++
		for _, v := range e.Volumes() {
			if fe := (*FormatError)(nil); v.Err != nil && !errors.As(v.Err, &fe) {
				t.Errorf("%s: %s: %v", rel, v.Name, v.Err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"cases: registry", "cases: pe", "cases: disk image", "evtx: evtx", "images: disk image", "images: volume image",
		"mft: mft", "mft: usn", "mft: volume image", "mft: disk image", "pe: pe", "registry: registry"} {
		if opened[want] == 0 {
			t.Errorf("none opened as %s", want)
		}
		delete(opened, want)
	}
	for kind, n := range opened {
		t.Errorf("%d opened as %s", n, kind)
	}
}
