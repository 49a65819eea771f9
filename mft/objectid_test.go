package mft_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// objectID returns an identifier whose parts order it otherwise than its bytes.
func objectID(n int) (id mft.GUID) {
	binary.LittleEndian.PutUint32(id[:], uint32(uint64(n)*2654435761))
	binary.LittleEndian.PutUint32(id[4:], uint32(n))
	id[15] = 1
	return id
}

// What mfttest writes is read back: in the root of the index, and in its blocks.
func TestObjectIDs(t *testing.T) {
	for _, count := range []int{0, 1, 3, 500} {
		files := []mfttest.File{{Path: "plain.txt", Data: []byte("x")}, {Path: "gone.txt", Deleted: true, ObjectID: mft.GUID{9}}}
		for i := range count {
			f := mfttest.File{Path: fmt.Sprintf("d/%d.txt", i), Data: []byte("x"), ObjectID: objectID(i + 1), Entry: uint64(100 + i), Seq: 3}
			if i%2 == 1 {
				f.BirthVolume, f.BirthObject = mft.GUID{7}, objectID(-i)
			}
			files = append(files, f)
		}
		v := volumeOf(t, files...)
		found, blocks := map[mft.GUID]bool{}, int64(-1)
		for id, err := range v.ObjectIDs() {
			if err != nil {
				t.Fatal(err)
			}
			i := int(id.File.Entry) - 100
			want := mft.ObjectID{ID: objectID(i + 1), File: mft.Ref{Entry: uint64(100 + i), Seq: 3}, BirthObject: objectID(i + 1), Offset: id.Offset, Block: id.Block}
			if i%2 == 1 {
				want.BirthVolume, want.BirthObject = mft.GUID{7}, objectID(-i)
			}
			rec, err := v.MFT().Record(id.File.Entry)
			if id != want || id.Offset <= 0 || err != nil || rec.ObjectID != id.ID || found[id.ID] {
				t.Errorf("got %+v, want %+v, %v", id, want, err)
			}
			found[id.ID] = true
			blocks = max(blocks, id.Block)
		}
		if blocks < 0 != (count < 10) {
			t.Errorf("%d identifiers in blocks up to %d", count, blocks)
		}
		if len(found) != count {
			t.Errorf("%d of %d identifiers", len(found), count)
		}
		for p := range v.StructureProblems() {
			t.Error(p)
		}
		for range v.ObjectIDs() {
			break
		}
	}
	if _, err := (mfttest.Volume{Files: []mfttest.File{{Path: "a", Entry: 25, ObjectID: mft.GUID{1}}}}).Bytes(); err == nil {
		t.Error("a file in the place of $ObjId")
	}
	for range (*mft.Volume)(nil).ObjectIDs() {
		t.Error("no volume has identifiers")
	}
}

// A damaged entry costs only itself.
func TestDamagedObjectIDs(t *testing.T) {
	three := []mfttest.File{{Path: "a", ObjectID: mft.GUID{1}}, {Path: "b", ObjectID: mft.GUID{2}}, {Path: "c", ObjectID: mft.GUID{3}}}
	for _, tt := range []struct {
		name   string
		damage func(entry []byte)
		want   string
	}{
		{"a short key", func(e []byte) { binary.LittleEndian.PutUint16(e[0x0a:], 8) }, "length of an object identifier at 0x"},
		{"short data", func(e []byte) { binary.LittleEndian.PutUint16(e[2:], 16) }, "entry of an object identifier at 0x"},
		{"data outside", func(e []byte) { binary.LittleEndian.PutUint16(e, 0xff00) }, "entry of an object identifier at 0x"},
	} {
		v, image := open(t, mfttest.Volume{Files: three})
		first := int64(0)
		for id := range v.ObjectIDs() {
			if id.ID == (mft.GUID{2}) {
				rec, err := v.Lookup("$Extend/$ObjId")
				if err != nil || id.Block != -1 {
					t.Fatal(id, err)
				}
				first = rec.VolumeOffset + id.Offset - rec.Offset
			}
		}
		tt.damage(image[first-0x10:])
		v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
		if err != nil {
			t.Fatal(err)
		}
		var ids, errs []string
		for id, err := range v.ObjectIDs() {
			if err != nil {
				errs = append(errs, err.Error())
				continue
			}
			ids = append(ids, fmt.Sprint(id.ID[0]))
		}
		if strings.Join(ids, " ") != "1 3" || len(errs) != 1 || !strings.Contains(errs[0], "$Extend/$ObjId:$O: "+tt.want) {
			t.Errorf("%s: %q, %q", tt.name, ids, errs)
		}
	}
}

// Object identifiers that another driver wrote, and those of Windows, are in the index as in
// the records.
func TestObjectIDsOfOthers(t *testing.T) {
	t.Run("ntfs-3g", func(t *testing.T) {
		mkntfs, err := exec.LookPath("mkntfs")
		if err != nil {
			t.Skip("mkntfs is not installed")
		}
		name, dir := filepath.Join(t.TempDir(), "volume.raw"), t.TempDir()
		run := func(args ...string) {
			if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
				t.Skipf("%v: %v: %s", args, err, out)
			}
		}
		run("truncate", "-s", "8M", name)
		run(mkntfs, "-F", "-q", "-f", name)
		run("ntfs-3g", name, dir)
		script := `import os, sys
for i in range(40):
    path = os.path.join(sys.argv[1], "file%d" % i)
    open(path, "w").write("x")
    os.setxattr(path, "system.ntfs_object_id", bytes([i + 1]) * 16 + bytes([i + 2]) * 16 + bytes([i + 3]) * 16 + bytes(16))`
		out, failed := exec.Command("python3", "-c", script, dir).CombinedOutput()
		run("fusermount", "-u", dir)
		if failed != nil {
			t.Skipf("%v: %s", failed, out)
		}
		v, err := mft.OpenVolume(name)
		if err != nil {
			t.Fatal(err)
		}
		defer v.Close()
		if n := agree(t, v); n != 40 {
			t.Errorf("%d identifiers", n)
		}
		for id, err := range v.ObjectIDs() {
			if err != nil || id.BirthVolume[3] != id.ID[3]+1 || id.BirthObject[3] != id.ID[3]+2 || !id.BirthDomain.IsZero() {
				t.Errorf("%+v, %v", id, err)
			}
		}
	})
	dir := testenv.Corpus(t, "images")
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Skip(err)
	}
	for _, d := range list {
		v, err := mft.OpenVolume(filepath.Join(dir, d.Name()))
		if err != nil {
			continue
		}
		t.Logf("%s: %d identifiers", d.Name(), agree(t, v))
		v.Close()
	}
}

// agree compares the index with the records, and returns how many identifiers it has.
func agree(t *testing.T, v *mft.Volume) (n int) {
	t.Helper()
	for id, err := range v.ObjectIDs() {
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				t.Error(err)
			}
			continue
		}
		n++
		rec, err := v.MFT().Record(id.File.Entry)
		if err != nil || rec.Ref != id.File || rec.ObjectID != id.ID {
			t.Errorf("%v: the record has %v, %v", id, rec.ObjectID, err)
		}
	}
	return n
}
