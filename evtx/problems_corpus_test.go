package evtx_test

import (
	"maps"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// Every problem that is reported in the corpus, with the verdict on it. All other logs
// of the corpus are sound, and nothing is reported. 139 of them are exports.
var judgedProblems = map[string]struct {
	kinds   map[damage.Kind]int
	verdict string
}{
	"2-system-Microsoft-Windows-LiveId_4Operational.evtx": {map[damage.Kind]int{damage.Unclean: 1},
		"copied from a running system; also the others that are only unclean"},
	"2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS_4Operational.evtx": {
		map[damage.Kind]int{damage.Unclean: 1, damage.Gap: 4, damage.Malformed: 2, damage.Checksum: 2},
		"true: from a shadow copy, some of whose pages are newer; chunks of different rounds are beside each other"},
	"2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager_4Operational.evtx": {
		map[damage.Kind]int{damage.Unclean: 1, damage.Gap: 8, damage.Malformed: 1, damage.Checksum: 2, damage.Conflict: 5},
		"true: as above; in two chunks the page changes inside a record, so that its header is of one record and its event of another"},
	"2-vss_7-System.evtx": {map[damage.Kind]int{damage.Unclean: 1, damage.Gap: 1},
		"true: from a shadow copy; the identifiers from 1156 to 1417 are in no chunk"},
	"Application_no_crc32.evtx": {map[damage.Kind]int{damage.Cleared: 1},
		"true: the numbers of the records begin with 1, their identifiers with 426"},
	"E_Windows_system32_winevt_logs_Microsoft-Windows-Shell-Core_4Operational.evtx": {map[damage.Kind]int{damage.Unclean: 1}, "true"},
	"Microsoft-Windows-HelloForBusiness_4Operational.evtx": {map[damage.Kind]int{damage.Unclean: 1, damage.Malformed: 1, damage.Checksum: 1},
		"true: the file is zeros from 0x2000 on"},
	"Microsoft-Windows-LanguagePackSetup_4Operational.evtx": {map[damage.Kind]int{damage.Unclean: 1, damage.Malformed: 1, damage.Checksum: 1},
		"true: the file is zeros from 0x3000 on"},
	"post-Security.evtx": {map[damage.Kind]int{damage.Hidden: 1},
		"true: record 105 was hidden by eventlogedit; pre-Security.evtx of the same source does not have it yet, and nothing is reported there"},
	"sample-with-irregular-bool-values.evtx": {map[damage.Kind]int{damage.Unclean: 1}, "true"},
	"sample-with-zero-data-size-event.evtx": {map[damage.Kind]int{damage.Unclean: 1, damage.Checksum: 1},
		"true: the size of record 3 is 0, and the checksum does not cover that"},
	"sample_with_a_bad_chunk_magic.evtx": {map[damage.Kind]int{damage.Unclean: 1, damage.Gap: 2, damage.Malformed: 5, damage.Checksum: 3},
		"true: parts of the file are zeros"},
	"security.evtx": {map[damage.Kind]int{damage.Unclean: 1}, "true"},
	"security_bad_string_cache.evtx": {map[damage.Kind]int{damage.Unclean: 1, damage.Checksum: 1},
		"true: security.evtx with another offset in a list of names"},
	"sysmon.evtx": {map[damage.Kind]int{damage.Unclean: 1, damage.Malformed: 8, damage.Cleared: 1},
		"true: eight chunks hold data of other files; the numbers begin with 1, the identifiers with 1742"},
	"system.evtx": {map[damage.Kind]int{damage.Unclean: 1}, "true"},
}

// No problem is reported in a sound log, and every one that is reported was judged.
func TestProblemsOfTheCorpus(t *testing.T) {
	seen := 0
	for _, name := range testenv.CorpusGlob(t, "evtx/*/*.evtx") {
		r, err := evtx.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		got := map[damage.Kind]int{}
		var all []string
		for p := range r.Problems() {
			got[p.Kind]++
			all = append(all, p.String())
		}
		r.Close()
		judged, ok := judgedProblems[filepath.Base(name)]
		if ok {
			seen++
		}
		if !maps.Equal(got, judged.kinds) {
			t.Errorf("%s: %v, want %v (%s): %q", filepath.Base(name), got, judged.kinds, judged.verdict, all)
		}
	}
	if seen != len(judgedProblems) {
		t.Errorf("%d of %d judged logs are in the corpus", seen, len(judgedProblems))
	}
}
