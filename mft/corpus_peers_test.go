package mft_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
)

// dissect is a program that prints what dissect.ntfs reads of every record in
// use, as JSON lines.
const dissect = `
import json, sys
from dissect.ntfs import NTFS
from dissect.ntfs.c_ntfs import ATTRIBUTE_TYPE_CODE as T
from dissect.util.stream import RangeStream
f = open(sys.argv[1], "rb")
start = int(sys.argv[2])
size = f.seek(0, 2)
volume = NTFS(RangeStream(f, start, size - start))
for r in volume.mft.segments():
    if not r.header.Flags & 1 or r.header.BaseFileRecordSegment.SegmentNumberLowPart:
        continue
    si = r.attributes.get(T.STANDARD_INFORMATION)
    names = [n for n in r.attributes.get(T.FILE_NAME, []) if n.file_name]
    out = {"entry": r.segment, "seq": r.header.SequenceNumber, "names": sorted(n.file_name for n in names)}
    if si:
        si = si[0]
        out["times"] = [si.creation_time_ns, si.last_modification_time_ns, si.last_change_time_ns, si.last_access_time_ns]
        if si.security_id:
            out["owner"] = volume.secure.lookup(si.security_id).owner
    own = r.attributes.get(T.SECURITY_DESCRIPTOR)
    if own:
        out["owner"] = own[0].attribute.security_descriptor.owner if hasattr(own[0].attribute, "security_descriptor") else "own"
    print(json.dumps(out))
`

// Names, times and owners are the same as in dissect.ntfs.
func TestCorpusDissect(t *testing.T) {
	python := testenv.Python(t, "dissect.ntfs")
	eachImage(t, func(t *testing.T, v image) {
		out, err := exec.Command(python, "-c", dissect, v.name, strconv.FormatInt(v.sector*512, 10)).Output()
		if err != nil {
			t.Fatal(err)
		}
		compared := 0
		for line := range bytes.Lines(out) {
			var want struct {
				Entry uint64
				Seq   uint16
				Names []string
				Times []json.Number
				Owner string
			}
			if err := json.Unmarshal(line, &want); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			rec, err := v.MFT().Record(want.Entry)
			if err != nil {
				t.Error(err)
				continue
			}
			var names []string
			for _, fn := range rec.FileNames {
				names = append(names, fn.Name)
			}
			slices.Sort(names)
			if rec.Seq != want.Seq || !slices.Equal(names, want.Names) {
				t.Errorf("entry %d: %d %q, dissect has %d %q", rec.Entry, rec.Seq, names, want.Seq, want.Names)
			}
			if len(want.Times) > 0 {
				si := rec.StandardInformation
				for i, got := range []time.Time{si.Created, si.Modified, si.Changed, si.Accessed} {
					if got.IsZero() {
						continue // dissect has 1601
					}
					if w := want.Times[i].String(); strconv.FormatInt(got.UnixNano(), 10) != w {
						t.Errorf("entry %d: time %d is %v, dissect has %s ns", rec.Entry, i, got, w)
					}
				}
			}
			owner, err := v.MFT().OwnerSID(rec)
			if err != nil {
				t.Errorf("entry %d: %v", rec.Entry, err)
			}
			if want.Owner != "own" && owner != want.Owner {
				t.Errorf("entry %d: owner %q, dissect has %q", rec.Entry, owner, want.Owner)
			}
			compared++
		}
		t.Logf("%d records", compared)
		if compared < 20 {
			t.Errorf("only %d records were compared", compared)
		}
	})
}

// bareTables are the $MFT files of the corpus.
var bareTables = []string{
	"mft/dfir_ntfs_4k-large.mft", "mft/dfir_ntfs_compressed_sparse.mft", "mft/dfir_ntfs_deleted.mft",
	"mft/dfir_ntfs_mapping_pairs_1.mft", "mft/dfir_ntfs_orphan.mft", "mft/dfir_ntfs_slack.mft", "mft/xw.mft",
	"mft/ntfs3g-205k-records.mft.zst",
}

// Records, paths, sizes and times are the same as in mft_dump 0.9.1.
func TestCorpusMFTDump(t *testing.T) {
	tool := testenv.Tool(t, "mft_dump")
	for _, file := range bareTables {
		t.Run(file, func(t *testing.T) {
			if testing.Short() && strings.HasSuffix(file, ".zst") {
				t.Skip("200,000 records")
			}
			name := testenv.Unpacked(t, file)
			out, err := exec.Command(tool, "-o", "csv", name).Output()
			if err != nil {
				t.Fatal(err)
			}
			r, err := mft.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			rows := csv.NewReader(bytes.NewReader(out))
			header, err := rows.Read()
			if err != nil {
				t.Fatal(err)
			}
			compared, differences := 0, map[string]int{}
			for {
				row, err := rows.Read()
				if err != nil {
					break
				}
				want := map[string]string{}
				for i, h := range header {
					want[h] = row[i]
				}
				entry, err := strconv.ParseUint(want["EntryId"], 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				if want["BaseEntryId"] != "0" {
					continue // an extension record: its content comes with its base
				}
				compared++
				rec, err := r.Record(entry)
				if err != nil {
					t.Errorf("entry %d: %v", entry, err)
					continue
				}
				for _, d := range compareWithDump(r, rec, want) {
					differences[d]++
					if differences[d] < 4 {
						t.Errorf("entry %d: %s", entry, d)
					}
				}
			}
			ours := 0
			for rec, err := range r.Scan() {
				if err != nil {
					t.Error(err)
				} else if !rec.IsOrphanExtension() {
					ours++
				}
			}
			t.Logf("%d records", compared)
			if compared == 0 || ours != compared {
				t.Errorf("%d records, mft_dump has %d", ours, compared)
			}
		})
	}
}

// explainedDump returns why a record differs from the row of mft_dump, or "" if
// it should not differ.
func explainedDump(r *mft.Reader, rec *mft.Record, what, got, want string) string {
	switch {
	case want == "" && got == "0" && (what == "SecurityId" || what == "Usn"):
		return "a $STANDARD_INFORMATION of NTFS 1.2 has neither; a number cannot be empty"
	case what == "FileSize" && !hasContent(rec) && slices.ContainsFunc(rec.Streams, func(s mft.Stream) bool { return fmt.Sprint(s.Size) == want }):
		return "no content, as $Secure and $UsnJrnl: mft_dump shows the size of a named stream"
	case strings.HasPrefix(want, "1601-01-01T00:00:00") && got == stamp(time.Time{}):
		return "the FILETIME 0 is not a time"
	case what == "FullPath" && r.Path(rec).Orphan && strings.HasSuffix(want, got):
		return "a directory on the way is gone: mft_dump says [Unknown], or takes what is in its entry now"
	case what == "FullPath" && slices.ContainsFunc(r.Paths(rec), func(p mft.Path) bool { return windows(p) == want }),
		strings.HasPrefix(what, "FileName") && slices.ContainsFunc(rec.FileNames, func(fn mft.FileName) bool {
			return slices.Contains([]string{stamp(fn.Created), stamp(fn.Modified), stamp(fn.Changed), stamp(fn.Accessed)}, want)
		}):
		return "mft_dump takes another of several names"
	}
	return ""
}

func hasContent(rec *mft.Record) bool {
	_, ok := rec.Stream("")
	return ok
}

func windows(p mft.Path) string { return strings.ReplaceAll(p.Name, "/", `\`) }

// compareWithDump returns how a record differs from a row of mft_dump.
func compareWithDump(r *mft.Reader, rec *mft.Record, want map[string]string) (differences []string) {
	differ := func(what string, got any) {
		if g := fmt.Sprint(got); g != want[what] && explainedDump(r, rec, what, g, want[what]) == "" {
			differences = append(differences, fmt.Sprintf("%s: %s, mft_dump has %s", what, g, want[what]))
		}
	}
	differ("Sequence", rec.Seq)
	differ("HardLinkCount", rec.HardLinks)
	differ("FileSize", rec.Size())
	differ("IsADirectory", rec.IsDir())
	differ("IsDeleted", !rec.InUse())
	differ("FullPath", windows(r.Path(rec)))
	if si := rec.StandardInformation; si.Present {
		differ("StandardInfoCreated", stamp(si.Created))
		differ("StandardInfoLastModified", stamp(si.Modified))
		differ("StandardInfoLastMftModified", stamp(si.Changed))
		differ("StandardInfoLastAccess", stamp(si.Accessed))
		differ("SecurityId", si.SecurityID)
		differ("Usn", si.USN)
	}
	if fn, ok := rec.FileName(); ok {
		differ("FileNameCreated", stamp(fn.Created))
		differ("FileNameLastModified", stamp(fn.Modified))
		differ("FileNameLastMftModified", stamp(fn.Changed))
		differ("FileNameLastAccess", stamp(fn.Accessed))
	}
	differ("Lsn", rec.LSN)
	return differences
}

func stamp(t time.Time) string { return t.Format("2006-01-02T15:04:05.0000000Z") }
