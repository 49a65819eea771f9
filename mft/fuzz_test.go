package mft_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// specimen returns a small volume with one of everything.
func specimen(f testing.TB) (image, table []byte) {
	f.Helper()
	v := machine()
	v.Files = slices.Clone(v.Files[:min(len(v.Files), 60)])
	v.Files = append(v.Files, patient().Files[5])
	for i := range v.Files { // enough for extension records, which are read once for each name
		v.Files[i].Links = v.Files[i].Links[:min(len(v.Files[i].Links), 12)]
	}
	image, err := v.Bytes()
	if err != nil {
		f.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		f.Fatal(err)
	}
	if table, err = fs.ReadFile(vol, "$MFT"); err != nil {
		f.Fatal(err)
	}
	return image, table
}

// mustBeDamage fails the test if err is not damage of the evidence.
func mustBeDamage(t *testing.T, err error) {
	t.Helper()
	var format *mft.FormatError
	if err != nil && !errors.As(err, &format) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, mft.ErrNoVolume) &&
		!errors.Is(err, mft.ErrNoSecure) && !errors.Is(err, mft.ErrEncrypted) {
		t.Errorf("%v is not damage", err)
	}
}

// use calls everything that a record has to offer.
func use(t *testing.T, r *mft.Reader, rec *mft.Record) {
	t.Helper()
	r.Paths(rec)
	r.Timestomp(rec)
	r.TimestompWith(rec, mft.TimestompEvidence{Index: &mft.FileName{Created: time.Unix(1, 0)}, Born: time.Unix(1, 0), Set: time.Unix(2, 0), Linked: time.Unix(1e10, 0)})
	for _, n := range rec.SlackNames() {
		r.NamePath(&n.FileName)
	}
	for e, err := range r.IndexEntries(rec) {
		if err != nil {
			mustBeDamage(t, err)
			continue
		}
		r.NamePath(&e.FileName)
	}
	rec.ReparseTarget()
	rec.Times()
	rec.Size()
	_, err := r.OwnerSID(rec)
	mustBeDamage(t, err)
	for _, p := range rec.Problems {
		if p.Err == nil || p.Err.What == "" {
			t.Errorf("a problem that says nothing: %+v", p)
		}
	}
}

// FuzzReader reads a bare $MFT with some bytes, beginning at at, overwritten.
func FuzzReader(f *testing.F) {
	_, table := specimen(f)
	f.Add(uint32(65<<10), []byte("FILE0"))
	f.Add(uint32(0x14), []byte{0xff, 0xff})
	f.Add(uint32(5<<10+0x100), bytes.Repeat([]byte{0xff}, 600))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		b := bytes.Clone(table)
		copy(b[at%uint32(len(b)):], patch)
		r, err := mft.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			mustBeDamage(t, err)
			return
		}
		kept := map[uint64]string{}
		order, err := r.Chronology()
		mustBeDamage(t, err)
		for rec, err := range r.Records() {
			if err != nil {
				mustBeDamage(t, err)
				continue
			}
			use(t, r, rec)
			r.TimestompWith(rec, mft.TimestompEvidence{Chronology: order})
			kept[rec.Entry] = rec.Name()
		}
		for rec, err := range r.Scan() {
			if err == nil && kept[rec.Entry] != rec.Name() {
				t.Errorf("entry %d is %q in Scan and %q in Records", rec.Entry, rec.Name(), kept[rec.Entry])
			}
		}
	})
}

// FuzzRecord decodes one record.
func FuzzRecord(f *testing.F) {
	_, table := specimen(f)
	for off := 0; off+1024 <= len(table); off += 5 << 10 {
		f.Add(table[off : off+1024])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 512 {
			return
		}
		rec, err := mft.DecodeRecord(bytes.Clone(b[:len(b)&^511]))
		if err != nil {
			mustBeDamage(t, err)
			return
		}
		for _, a := range rec.Attributes {
			if len(a.Value) > len(b) || len(a.Runs) > len(b) {
				t.Errorf("%d bytes and %d runs in a record of %d bytes", len(a.Value), len(a.Runs), len(b))
			}
		}
	})
}

// FuzzVolume reads a volume with some bytes, beginning at at, overwritten.
func FuzzVolume(f *testing.F) {
	image, _ := specimen(f)
	f.Add(uint32(0x30), []byte{0xff, 0xff, 0xff})
	f.Add(uint32(len(image)-80<<10), bytes.Repeat([]byte{0x41}, 100))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		b := bytes.Clone(image)
		copy(b[at%uint32(len(b)):], patch)
		v, err := mft.NewVolume(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			mustBeDamage(t, err)
			return
		}
		for range v.ObjectIDs() {
		}
		for range v.Problems() {
		}
		buf := make([]byte, 4096)
		_ = fs.WalkDir(v, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				mustBeDamage(t, err)
				return nil
			}
			info, err := d.Info()
			if err != nil {
				mustBeDamage(t, err)
				return nil
			}
			if !fs.ValidPath(name) {
				t.Errorf("%q is not a valid path", name)
			}
			use(t, v.MFT(), info.Sys().(*mft.Record))
			rec := info.Sys().(*mft.Record)
			for _, s := range rec.Streams {
				r, err := v.OpenStream(rec, s.Name)
				if err != nil {
					mustBeDamage(t, err)
					continue
				}
				for _, off := range []int64{0, r.Size() / 2, r.Size() - 10} {
					if _, err := r.ReadAt(buf, max(off, 0)); err != io.EOF {
						mustBeDamage(t, err)
					}
				}
			}
			return nil
		})
	})
}

// FuzzRunList decodes a run list.
func FuzzRunList(f *testing.F) {
	f.Add([]byte{0x21, 0x40, 0xaa, 0x02, 0x00})
	f.Add([]byte{0x31, 0x47, 0x62, 0x72, 0x3c, 0x01, 0x10, 0x11, 0x05, 0xf0, 0x00})
	f.Add([]byte{0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Fuzz(func(t *testing.T, b []byte) {
		runs, clusters, err := mft.ParseRuns(nil, b, 0)
		mustBeDamage(t, err)
		var sum uint64
		for _, r := range runs {
			if r.Length == 0 || r.LCN < mft.LCNSparse {
				t.Errorf("run %+v", r)
			}
			sum += r.Length
		}
		if sum != clusters || len(runs) > len(b) {
			t.Errorf("%d runs of %d clusters, counted %d", len(runs), sum, clusters)
		}
	})
}

// FuzzIndex decodes an index node.
func FuzzIndex(f *testing.F) {
	image, _ := specimen(f)
	for i := 0; i+4096 <= len(image); i += 4096 {
		if string(image[i:i+4]) == "INDX" {
			f.Add(image[i+0x18 : i+4096])
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, err := mft.NodeEntries(b)
		mustBeDamage(t, err)
		if len(keys) > len(b)/16 {
			t.Errorf("%d entries in %d bytes", len(keys), len(b))
		}
	})
}

// FuzzIndexFile reads the index of a folder as a file.
func FuzzIndexFile(f *testing.F) {
	want := wiped()
	for i := range 60 {
		want.Files = append(want.Files, mfttest.File{Path: fmt.Sprintf("kit/z filler %03d.txt", i)})
	}
	image, err := want.Bytes()
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i+4096 <= len(image); i += 4096 {
		if string(image[i:i+4]) == "INDX" {
			f.Add(image[i : i+4096])
		}
	}
	f.Add([]byte("\x30\x00\x00\x00\x01\x00\x00\x00\x00\x10\x00\x00\x01\x00\x00\x00\x10\x00\x00\x00\x20\x00\x00\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10\x00\x00\x00\x02\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := mft.NewIndexFile(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			mustBeDamage(t, err)
			return
		}
		n := 0
		for e, err := range x.Entries() {
			if err != nil {
				mustBeDamage(t, err)
				continue
			}
			n++
			if e.State != mft.EntryInUse && (e.Name == "" || e.Offset < -0x20 || e.Offset >= int64(len(b))) {
				t.Errorf("entry %+v", e)
			}
		}
		if n > len(b)/16 {
			t.Errorf("%d entries in %d bytes", n, len(b))
		}
	})
}

// FuzzAttributeList decodes an attribute list.
func FuzzAttributeList(f *testing.F) {
	f.Add([]byte("\x10\x00\x00\x00\x20\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := mft.ParseAttributeList(b, 0)
		mustBeDamage(t, err)
		if len(list) > len(b)/26 {
			t.Errorf("%d entries in %d bytes", len(list), len(b))
		}
	})
}

// FuzzLZNT1 decompresses.
func FuzzLZNT1(f *testing.F) {
	image, err := mfttest.Volume{Files: []mfttest.File{{Path: "f", Compressed: true, Data: packable()[:60000]}}}.Bytes()
	if err != nil {
		f.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		f.Fatal(err)
	}
	rec, err := v.Lookup("f")
	if err != nil {
		f.Fatal(err)
	}
	s, _ := rec.Stream("")
	run := s.Runs[0]
	f.Add(image[run.LCN*4096:][:run.Length*4096])
	f.Add([]byte("\x05\xb0\x02AB\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		dst := bytes.Repeat([]byte{0xaa}, 64<<10)
		err := mft.DecompressLZNT1(dst, b, 0)
		mustBeDamage(t, err)
		again := make([]byte, len(dst))
		if err == nil && mft.DecompressLZNT1(again, b, 0) == nil && !bytes.Equal(dst, again) {
			t.Error("what was in the buffer before shows")
		}
	})
}

// FuzzSDS finds the owner with an id in a $SDS.
func FuzzSDS(f *testing.F) {
	image, table := specimen(f)
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		f.Fatal(err)
	}
	sds, err := fs.ReadFile(v, "$Secure:$SDS")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(0), []byte{})
	f.Add(uint32(0x10), []byte{0xff, 0xff, 0xff, 0xff})
	f.Add(uint32(256<<10+8), []byte{1})
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		b := bytes.Clone(sds)
		copy(b[at%uint32(len(b)):], patch)
		r, err := mft.NewReader(bytes.NewReader(table), int64(len(table)), mft.WithSecure(bytes.NewReader(b), int64(len(b))))
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range r.Records() {
			if err != nil {
				t.Fatal(err)
			}
			_, err = r.OwnerSID(rec)
			mustBeDamage(t, err)
		}
	})
}

// FuzzDescriptor reads the owner of a security descriptor.
func FuzzDescriptor(f *testing.F) {
	f.Add([]byte("\x01\x00\x04\x80\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := mft.DescriptorOwner(b, 0)
		mustBeDamage(t, err)
	})
}

// FuzzReparsePoint reads the target of a reparse point.
func FuzzReparsePoint(f *testing.F) {
	f.Add([]byte("\x03\x00\x00\xa0\x14\x00\x00\x00\x00\x00\x04\x00\x06\x00\x02\x00C\x00:\x00\x00\x00C\x00\x00\x00"))
	f.Add([]byte("\x0c\x00\x00\xa0\x14\x00\x00\x00\x00\x00\x04\x00\x06\x00\x02\x00\x01\x00\x00\x00C\x00:\x00\x00\x00C\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s := mft.ReparseTarget(b); len(s) > 3*len(b) {
			t.Errorf("%d bytes from %d", len(s), len(b))
		}
	})
}

// FuzzZoneIdentifier parses a mark of the web.
func FuzzZoneIdentifier(f *testing.F) {
	for _, s := range []string{
		"[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://example.com/\r\nHostUrl=https://example.com/a.exe\r\n",
		"[ZoneTransfer] ZoneId=3 HostUrl=about:internet", "\xff\xfe[\x00Z\x00o\x00n\x00e\x00", "[a]\n=\n;\n[ZoneTransfer]\nZoneId=99999999999999999999",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		z, err := mft.ParseZoneIdentifier(b)
		mustBeDamage(t, err)
		if z.ZoneID < mft.ZoneAbsent {
			t.Errorf("zone %d", z.ZoneID)
		}
	})
}
