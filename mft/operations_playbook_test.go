package mft_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
)

// What programs leave on a volume that another driver writes: the shell, cp, and cp -p,
// which carries the time of modification. No program of these gives a file the creation
// time of its source, so moves from another volume are not among them.
func TestOperationsOnAnotherDriversVolume(t *testing.T) {
	server := time.Date(2011, 5, 29, 19, 45, 33, 0, time.UTC)
	born, ntfs := server.Add(840*time.Millisecond), time.Date(2019, 5, 29, 19, 45, 29, 123_456_700, time.UTC)
	for _, tt := range []struct {
		name     string
		playbook func(v *driver)
		want     mft.Operation
	}{
		{"written", func(v *driver) { v.write("f") }, mft.OperationCreated},
		{"written again", func(v *driver) { v.write("f"); v.sh(`sleep 0.01; echo more >>f`) }, mft.OperationCreated},
		{"copied", func(v *driver) { v.write("a"); v.sh("cp a f") }, mft.OperationCreated},
		{"copied with its time", func(v *driver) { v.write("a"); v.modified("a", ntfs); v.sh("cp -p a f") }, mft.OperationCopied},
		{"copied with the time of a stick", func(v *driver) { v.write("a"); v.modified("a", server.Add(time.Second)); v.sh("cp -p a f") }, mft.OperationCopiedFAT},
		{"fetched with the time of a server", func(v *driver) { v.write("f"); v.modified("f", server) }, mft.OperationFetched},
		{"overwritten by a copy", func(v *driver) { v.write("a"); v.write("f"); v.sh("cat a >f") }, mft.OperationCreated},
		{"moved within the volume", func(v *driver) { v.write("a"); v.sh("mkdir d; mv a d/f") }, ""}, // a rename copies the times into $FILE_NAME
		{"given another creation time", func(v *driver) { v.write("f"); v.born("f", born) }, ""},     // which this driver writes into $FILE_NAME too
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := mountNTFS(t)
			tt.playbook(v)
			r, rec := v.record("f")
			list := append(rec.Operations(), "")
			if list[0] != tt.want {
				t.Errorf("%q, want %q first; %+v %+v", list, tt.want, rec.StandardInformation, rec.FileNames)
			}
			if score := r.Timestomp(rec); score.Score > 0 {
				t.Errorf("%+v", score)
			}
		})
	}
}

// driver is a mounted volume of ntfs-3g.
type driver struct {
	t          *testing.T
	image, dir string
	mounted    bool
}

// mountNTFS returns a new volume, and skips the test if it cannot be mounted here.
func mountNTFS(t *testing.T) *driver {
	t.Helper()
	mkntfs, ntfs3g := testenv.Tool(t, "mkntfs"), testenv.Tool(t, "ntfs-3g")
	testenv.Tool(t, "setfattr")
	testenv.Tool(t, "fusermount")
	v := &driver{t: t, image: filepath.Join(t.TempDir(), "volume"), dir: t.TempDir()}
	if err := os.WriteFile(v.image, make([]byte, 4<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(mkntfs, "-q", "-F", "-T", v.image).CombinedOutput(); err != nil {
		t.Fatalf("mkntfs: %v\n%s", err, out)
	}
	if out, err := exec.Command(ntfs3g, v.image, v.dir).CombinedOutput(); err != nil {
		t.Skipf("ntfs-3g cannot mount a volume here: %v\n%s", err, out)
	}
	v.mounted = true
	t.Cleanup(v.unmount)
	return v
}

func (v *driver) unmount() {
	if !v.mounted {
		return
	}
	v.mounted = false
	if out, err := exec.Command("fusermount", "-u", v.dir).CombinedOutput(); err != nil {
		v.t.Errorf("fusermount: %v\n%s", err, out)
	}
}

func (v *driver) sh(script string) {
	v.t.Helper()
	cmd := exec.Command("sh", "-ec", script)
	cmd.Dir = v.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		v.t.Fatalf("%s: %v\n%s", script, err, out)
	}
}

func (v *driver) write(name string) { v.t.Helper(); v.sh("echo content >" + name) }

// modified sets the time of modification alone.
func (v *driver) modified(name string, at time.Time) {
	v.t.Helper()
	if err := os.Chtimes(filepath.Join(v.dir, name), time.Time{}, at); err != nil {
		v.t.Fatal(err)
	}
}

// born sets the time of creation alone.
func (v *driver) born(name string, at time.Time) {
	v.t.Helper()
	ticks := uint64(at.Unix()+11_644_473_600)*10_000_000 + uint64(at.Nanosecond()/100)
	v.sh(fmt.Sprintf("setfattr -n system.ntfs_times -v 0x%x %s", binary.LittleEndian.AppendUint64(nil, ticks), name))
}

// record unmounts the volume and returns the record of a file.
func (v *driver) record(name string) (*mft.Reader, *mft.Record) {
	v.t.Helper()
	v.unmount()
	image, err := os.ReadFile(v.image)
	if err != nil {
		v.t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		v.t.Fatal(err)
	}
	for rec, err := range vol.MFT().Records() {
		if err == nil && rec.Name() == name {
			return vol.MFT(), rec
		}
	}
	v.t.Fatalf("no %s on the volume", name)
	return nil, nil
}
