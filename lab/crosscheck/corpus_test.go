package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// A finding explains a class of disagreement. FINDINGS.md has the verdict and the
// evidence for each, under its name.
type finding struct {
	name          string
	format, class string
	explains      func(d disagreement) bool
}

var findings = []finding{
	{"a damaged chunk crashes golang-evtx", "evtx", fate, func(d disagreement) bool {
		return strings.HasPrefix(d.Text, "golang-evtx")
	}},
	{"golang-evtx loses records beside the damage", "evtx", onlyOurs, in(
		"2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager_4Operational.evtx",
		"Microsoft-Windows-LanguagePackSetup_4Operational.evtx",
		"sample-with-zero-data-size-event.evtx", "sample_with_a_bad_chunk_magic.evtx")},
	{"golang-evtx drops events with nested binary XML", "evtx", onlyOurs, func(d disagreement) bool {
		return strings.Contains(d.Artifact, "CAPI2")
	}},
	{"golang-evtx misses the last chunk of a dirty log", "evtx", onlyOurs, in("2-vss_7-System.evtx")},
	{"golang-evtx reads a record across the damage", "evtx", onlyTheirs, func(d disagreement) bool {
		return d.Record == "record 6335011"
	}},
	{"golang-evtx loses the name of a provider without GUID", "evtx", fieldOnlyOurs, field("System/Provider/Name")},
	{"golang-evtx leaves out empty strings of an array", "evtx", fieldOnlyOurs, func(d disagreement) bool {
		return d.Field == "EventData/Data" && d.Ours == ""
	}},
	{"golang-evtx keeps one of several values of a name", "evtx", fieldOnlyOurs, field("EventData/LogonGuid")},
	{"golang-evtx leaves out RenderingInfo", "evtx", fieldOnlyOurs, func(d disagreement) bool {
		return strings.HasPrefix(d.Field, "RenderingInfo/")
	}},
	{"golang-evtx does not know size_t", "evtx", differentValue, func(d disagreement) bool {
		return strings.HasPrefix(d.Ours, "0x") && strings.HasPrefix(d.Theirs, "Unknown value: ")
	}},
	{"golang-evtx reads booleans other than 0 and 1 as false", "evtx", differentValue, func(d disagreement) bool {
		return strings.Trim(d.Ours, "0123456789") == "" && d.Ours != "0" && d.Theirs == "false"
	}},

	{"regparser always reads four bytes of data that a value holds itself", "registry", differentValue, func(d disagreement) bool {
		return d.Field == "data" && len(d.Ours) < 8 && len(d.Theirs) == 8 && strings.HasPrefix(d.Theirs, d.Ours)
	}},
	{"regparser reads Latin-1 as UTF-8", "registry", differentValue, field("name")},
	{"regparser reads a time of 0 as the year 60056", "registry", differentValue, func(d disagreement) bool {
		return d.Field == "last write" && d.Ours == "" && strings.HasPrefix(d.Theirs, "60056-")
	}},
	{"regparser reads a name beyond its cell", "registry", onlyTheirs, in("TruncatedNameHive")},

	{"go-ntfs gives the size of a header as that of a stream", "mft", differentValue, func(d disagreement) bool {
		return d.Field == "stream size" && d.Theirs == "64"
	}},
	{"go-ntfs gives the size of a named stream as that of a file", "mft", differentValue, func(d disagreement) bool {
		return d.Field == "size" && d.Ours == "0" && d.Theirs != "0"
	}},
	{"go-ntfs drops a record with a torn sector", "mft", onlyOurs, record("179-3", "0-8")},
	{"go-ntfs trusts the number in a record", "mft", onlyOurs, func(d disagreement) bool {
		return d.Record != "179-3" && d.Record != "0-8" && !strings.HasPrefix(d.Record, "485-2:")
	}},
	{"go-ntfs trusts the number in a record", "mft", onlyTheirs, all},
	{"go-ntfs stops at the used size of a record", "mft", fieldOnlyOurs, record("180-257", "557-2")},
	{"go-ntfs stops at the used size of a record", "mft", differentValue, record("180-257", "496-10536", "524-21639", "531-4", "557-2")},
	{"go-ntfs does not read an attribute list outside the $MFT", "mft", onlyOurs, func(d disagreement) bool {
		return strings.HasPrefix(d.Record, "485-2:")
	}},
	{"go-ntfs does not read an attribute list outside the $MFT", "mft", fieldOnlyOurs, record("485-2")},
	{"go-ntfs does not read an attribute list outside the $MFT", "mft", differentValue, record("485-2")},
	{"go-ntfs reads a time of 0 as the year 2185", "mft", differentValue, func(d disagreement) bool {
		return strings.HasPrefix(d.Field, "$SI ") && d.Ours == "" && strings.HasPrefix(d.Theirs, "2185-")
	}},
	{"go-ntfs does not follow deleted directories", "mft", differentValue, func(d disagreement) bool {
		return d.Field == "path" && d.Ours != orphan && d.Theirs == orphan
	}},

	{"go-ntfs treats extension records as files", "ntfs", onlyTheirs, all},
}

func all(disagreement) bool { return true }

func field(name string) func(disagreement) bool {
	return func(d disagreement) bool { return d.Field == name }
}

func record(keys ...string) func(disagreement) bool {
	return func(d disagreement) bool { return slices.Contains(keys, d.Record) }
}

func in(names ...string) func(disagreement) bool {
	return func(d disagreement) bool { return slices.Contains(names, filepath.Base(d.Artifact)) }
}

// FINDINGS.md explains every class of disagreement in the corpus, and none of our
// parsers fails.
func TestCorpus(t *testing.T) {
	if testing.Short() {
		t.Skip("reads the whole corpus twice")
	}
	text, err := os.ReadFile("FINDINGS.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if !strings.Contains(string(text), "| "+f.name+" |") {
			t.Errorf("FINDINGS.md does not explain %q", f.name)
		}
	}
	for _, tt := range []struct {
		format   string
		patterns []string
	}{
		{"evtx", []string{"evtx/*/*"}},
		{"registry", []string{"registry/*", "registry/yarp/*", "registry/yarp/*/*", "registry/yarp/*/*/*"}},
		{"mft", []string{"mft/*.mft", "mft/entry_*", "mft/*.raw.gz", "images/colinfinck_testfs1", "images/go-ntfs_test.ntfs.dd"}},
		{"ntfs", []string{"mft/*.raw.gz", "images/colinfinck_testfs1", "images/go-ntfs_test.ntfs.dd"}},
		{"pe", []string{"pe/*", "cases/*/*.exe"}},
	} {
		t.Run(tt.format, func(t *testing.T) {
			t.Parallel()
			explained := make([]int, len(findings))
			unexplained := 0
			check := corpusChecker(t, tt.format, func(d disagreement) {
				for i, f := range findings {
					if f.format == d.Format && f.class == d.Class && f.explains(d) {
						explained[i]++
						return
					}
				}
				if unexplained++; unexplained <= 20 {
					t.Errorf("not explained: %+v", d)
				}
			})
			for _, pattern := range tt.patterns {
				for _, name := range testenv.CorpusGlob(t, pattern) {
					if st, err := os.Stat(name); err != nil || st.Mode()&fs.ModeType != 0 {
						continue
					}
					if err := check(name); err != nil {
						t.Log(err)
					}
				}
			}
			for i, f := range findings {
				if f.format == tt.format && explained[i] == 0 {
					t.Errorf("no longer explains anything: %s (%s)", f.name, f.class)
				}
			}
		})
	}
}

// corpusChecker returns a function that checks the artifacts of one format in evidence
// and calls each for every disagreement.
func corpusChecker(t *testing.T, format string, each func(disagreement)) func(name string) error {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	check := newChecker(child.Limits{Time: 5 * time.Minute}, func(parser string) []string { return []string{exe, "-child", parser} })
	t.Cleanup(check.close)
	check.each = func(d disagreement) error { each(d); return nil }
	f := finder{ctx: t.Context(), dir: t.TempDir(), maxCopy: 1 << 30, problem: func(any) {}, visit: func(a artifact) error {
		if a.format != format {
			return nil
		}
		return check.artifact(t.Context(), a)
	}}
	return f.find
}
