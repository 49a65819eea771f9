package origin_test

import (
	"encoding/binary"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// An offset is that of the record itself: it is at that offset of the artifact.
func TestCitationsPointAtTheirRecords(t *testing.T) {
	le := binary.LittleEndian
	seen := map[string]int{}
	for _, s := range origintest.Variants() {
		vol := machine(t, s)
		data := map[string][]byte{}
		point := func(artifact, record string, offset int64, text string) {
			if offset < 0 {
				return
			}
			if data[artifact] == nil {
				b, err := fs.ReadFile(vol, artifact)
				if err != nil {
					t.Fatal(err)
				}
				data[artifact] = b
			}
			there := data[artifact][min(offset, int64(len(data[artifact]))):]
			if len(there) < 24 {
				t.Errorf("%s #%s: nothing is at %d", artifact, record, offset)
				return
			}
			kind, ok := strings.ToLower(path.Ext(artifact)), false
			switch {
			case kind == ".evtx":
				ok = string(there[:4]) == "**\x00\x00" && strconv.FormatUint(le.Uint64(there[8:]), 10) == record
			case kind == ".log":
				line, _, _ := strings.Cut(string(there), "\r\n")
				ok = text == "" || line == text
			case kind == ".exe":
				ok = string(there[:2]) == "MZ"
			case artifact == "$MFT":
				kind = artifact
				a := le.Uint32(there)
				ok = string(there[:4]) == "FILE" || a == 0x10 || a == 0x30
			default:
				kind = "hive"
				ok = string(there[4:6]) == "nk" || string(there[4:6]) == "vk"
			}
			seen[kind]++
			if !ok {
				t.Errorf("%s: at %d of %s there is %q, want record %s", s.Name, offset, artifact, there[:24], record)
			}
		}
		r := report(t, s)
		cited := func(list []origin.Citation) {
			for _, c := range list {
				point(c.Artifact, c.Record, c.Offset, c.Text)
			}
		}
		for _, a := range r.Answers {
			cited(a.Evidence)
		}
		for _, c := range r.Contradictions {
			cited(c.Evidence)
		}
		for _, e := range r.Events {
			point(e.Artifact, e.Record, e.Offset, "")
		}
	}
	for _, kind := range []string{".evtx", ".log", ".exe", "$MFT", "hive"} {
		if seen[kind] == 0 {
			t.Errorf("no record of %s is cited: nothing was tested", kind)
		}
	}
}
