package mft_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
)

func openTable(t testing.TB, file string) *mft.Reader {
	t.Helper()
	r, err := mft.Open(testenv.Unpacked(t, file), mft.WithName("$MFT"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// Single records with one oddity each.
func TestCorpusOddRecords(t *testing.T) {
	for _, tt := range []struct {
		file     string
		ref      string // with the number that the record itself holds
		name     string
		check    func(*mft.Record) string
		want     string
		problems []string
	}{
		{
			"mft/entry_102130_fixup_issue", "0-8", "Application Data",
			func(r *mft.Record) string { return r.ReparseTarget() }, `\??\C:\Users\Administrator\AppData\Local`,
			// A stride that was not written in one go: its content is shown nevertheless.
			[]string{"torn: $MFT: entry 0: update sequence number of a stride at 0x1fe: got 0x0046, want 0x0018",
				"malformed: $MFT: entry 0: record number at 0x2c: got 102130, want 0"},
		},
		{
			// The run list begins right after the name of the stream, in an extension
			// record whose base is not in the file.
			"mft/entry_data_run_at_offset", "0-1", "",
			func(r *mft.Record) string {
				s, _ := r.Stream("$J")
				return fmt.Sprintf("extension of %v: %d bytes, %d allocated, first runs %+v", r.Base, s.Size, s.AllocatedSize, s.Runs[:2])
			},
			"extension of 57676-1: 2152925272 bytes, 2153316352 allocated, first runs [{LCN:-1 Length:517248} {LCN:3961442 Length:71}]",
			[]string{"malformed: $MFT: entry 0: record number at 0x2c: got 97583, want 0"},
		},
		{
			"mft/entry_multiple_index_root_entries", "0-1", "test",
			func(r *mft.Record) string {
				i := slices.IndexFunc(r.Attributes, func(a mft.Attribute) bool { return a.Type == mft.AttrIndexRoot })
				return fmt.Sprintf("directory %t, %s of %d bytes", r.IsDir(), r.Attributes[i].Name, r.Attributes[i].Size)
			}, "directory true, $I30 of 536 bytes",
			[]string{"malformed: $MFT: entry 0: record number at 0x2c: got 26359, want 0"},
		},
		{
			"mft/entry_single_file", "0-1", "test_cfuncs.py",
			func(r *mft.Record) string {
				fn, _ := r.FileName()
				return fmt.Sprint(r.Size(), r.StandardInformation.Created, fn.Created)
			},
			"8072 2008-02-29 04:12:36 +0000 UTC 2009-11-13 01:56:44 +0000 UTC",
			[]string{"malformed: $MFT: entry 0: record number at 0x2c: got 26370, want 0"},
		},
	} {
		t.Run(tt.file, func(t *testing.T) {
			rec, err := openTable(t, tt.file).Record(0)
			if err != nil {
				t.Fatal(err)
			}
			if got := rec.Ref.String(); got != tt.ref || rec.Name() != tt.name {
				t.Errorf("got %s %q, want %s %q", got, rec.Name(), tt.ref, tt.name)
			}
			if got := tt.check(rec); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			var problems []string
			for _, p := range rec.Problems {
				problems = append(problems, p.String())
			}
			if !slices.Equal(problems, tt.problems) {
				t.Errorf("problems\n%q\nwant\n%q", problems, tt.problems)
			}
		})
	}
}

// The tables of dfir_ntfs show what they were made to show.
func TestCorpusTables(t *testing.T) {
	for _, tt := range []struct {
		file  string
		shows string
		check func(*testing.T, *mft.Reader)
	}{
		{"mft/dfir_ntfs_4k-large.mft", "records of 4096 bytes", func(t *testing.T, r *mft.Reader) {
			if r.RecordSize() != 4096 || r.Len() != 256 {
				t.Errorf("%d records of %d bytes", r.Len(), r.RecordSize())
			}
		}},
		{"mft/dfir_ntfs_compressed_sparse.mft", "flags of streams", func(t *testing.T, r *mft.Reader) {
			compressed, sparse := 0, 0
			for rec, err := range r.Records() {
				if err != nil {
					t.Fatal(err)
				}
				for _, s := range rec.Streams {
					if rec.Entry < 24 {
						continue
					}
					if s.Compressed {
						compressed++
					}
					if s.Sparse {
						sparse++
					}
				}
			}
			if compressed != 1 || sparse != 1 {
				t.Errorf("%d compressed streams and %d sparse ones, want one of each", compressed, sparse)
			}
		}},
		{"mft/dfir_ntfs_deleted.mft", "deleted directories still hold their names", func(t *testing.T, r *mft.Reader) {
			rec, err := r.Record(47)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := r.Path(rec), (mft.Path{Name: "1/2/3/4/file.txt", Deleted: true}); got != want || rec.InUse() {
				t.Errorf("got %+v, in use %t, want %+v", got, rec.InUse(), want)
			}
		}},
		{"mft/dfir_ntfs_orphan.mft", "the entry of a directory that is gone belongs to another", func(t *testing.T, r *mft.Reader) {
			rec, err := r.Record(44)
			if err != nil {
				t.Fatal(err)
			}
			got := r.Path(rec)
			now, err := r.Record(got.Missing.Entry)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Orphan || got.Name != "2.txt" || now.Name() != "n1" || now.Seq == got.Missing.Seq {
				t.Errorf("got %+v, entry %d is %q %v now", got, got.Missing.Entry, now.Name(), now.Ref)
			}
		}},
	} {
		t.Run(tt.shows, func(t *testing.T) { tt.check(t, openTable(t, tt.file)) })
	}
}
