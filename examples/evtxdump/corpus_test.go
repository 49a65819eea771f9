package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// corpusLogs returns the names of all logs in the corpus.
func corpusLogs(t *testing.T) []string {
	t.Helper()
	return append(testenv.CorpusGlob(t, "evtx/evtx-rs/*.evtx"), testenv.CorpusGlob(t, "evtx/attack-samples/*.evtx")...)
}

// dumped returns what the program prints for a log.
func dumped(t *testing.T, args ...string) []byte {
	t.Helper()
	var out bytes.Buffer
	if code := run(append([]string{"-q"}, args...), &out, io.Discard); code != 0 {
		t.Fatalf("%v: code %d", args, code)
	}
	return out.Bytes()
}

// rust returns what evtx_dump prints for a log. If the log is damaged, evtx_dump
// complains on stderr and exits with 0 or 1.
func rust(t *testing.T, format, log string) []byte {
	t.Helper()
	out, err := exec.Command(testenv.Tool(t, "evtx_dump"), "-t", "1", "-o", format, log).Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out
}

func lines(b []byte) [][]byte { return bytes.Split(bytes.TrimSuffix(b, []byte("\n")), []byte("\n")) }

// The JSON of every record in the corpus has the same value as the JSON of
// evtx_dump 0.15.1, without exception. The texts differ only in how they escape
// control characters.
func TestJSONEqualsEvtxDump(t *testing.T) {
	records := 0
	for _, log := range corpusLogs(t) {
		ours, theirs := dumped(t, log), rust(t, "jsonl", log)
		records += bytes.Count(ours, []byte("\n"))
		if bytes.Equal(ours, theirs) {
			continue
		}
		a, b := lines(ours), lines(theirs)
		if len(a) != len(b) {
			t.Errorf("%s: %d records, evtx_dump has %d", filepath.Base(log), len(a), len(b))
			continue
		}
		for i := range a {
			var x, y any
			if json.Unmarshal(a[i], &x) != nil || json.Unmarshal(b[i], &y) != nil || !reflect.DeepEqual(x, y) {
				t.Errorf("%s: line %d:\n ours   %s\n theirs %s", filepath.Base(log), i+1, a[i], b[i])
			}
		}
	}
	t.Logf("%d records", records)
}

// The XML is the same text except for escapes. Ours has the character itself if
// evtx_dump has a reference to one of XML's own entities, and a reference if
// evtx_dump has a control character.
func TestXMLEqualsEvtxDump(t *testing.T) {
	for _, log := range corpusLogs(t) {
		ours, theirs := dumped(t, "-format", "xml", log), rust(t, "xml", log)
		if bytes.Equal(ours, theirs) {
			continue
		}
		a, b := documents(ours), documents(theirs)
		if len(a) != len(b) {
			t.Errorf("%s: %d records, evtx_dump has %d", filepath.Base(log), len(a), len(b))
			continue
		}
		for i := range a {
			if x, y := tokens(t, a[i]), tokens(t, b[i]); !reflect.DeepEqual(x, y) {
				t.Errorf("%s: document %d:\n ours   %s\n theirs %s", filepath.Base(log), i+1, a[i], b[i])
			}
		}
	}
}

func documents(b []byte) []string {
	return strings.Split(string(b), "\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n")
}

// tokens parses a document and the number of the next one, which follows it.
func tokens(t *testing.T, document string) (all []xml.Token) {
	t.Helper()
	for d := xml.NewDecoder(strings.NewReader(document)); ; {
		token, err := d.Token()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Fatalf("%v: %s", err, document)
			}
			return all
		}
		all = append(all, xml.CopyToken(token))
	}
}

// exportDiffers lists the logs in which libevtx's evtxexport finds another number
// of records, and why.
var exportDiffers = map[string]struct {
	missing int
	reason  string
}{
	// It ends a chunk at a damaged record and treats what follows as recovered.
	"2-vss_0-Microsoft-Windows-TerminalServices-RemoteConnectionManager_4Operational.evtx": {21, "ends three chunks at a damaged record; treats three stale records as live"},
	"Microsoft-Windows-HelloForBusiness_4Operational.evtx":                                 {1, "leaves out the last record, whose values are all zeros"},
	"Microsoft-Windows-LanguagePackSetup_4Operational.evtx":                                {1, "leaves out the last record, whose data is zeros"},
	"sample-with-zero-data-size-event.evtx":                                                {114, "ends a chunk at a record of size 0; lists the 114 records after it as recovered"},
	"sample_with_a_bad_chunk_magic.evtx":                                                   {34, "ends chunks at damaged records"},
	// It does not support something that the format allows, and stops.
	"E_ShadowCopy6_windows_system32_winevt_logs_Microsoft-Windows-CAPI2_4Operational.evtx": {370, "attributes of text and entity references are unsupported: \"unsupported type: 0x49\""},
	"E_Windows_system32_winevt_logs_Microsoft-Windows-CAPI2_4Operational.evtx":             {316, "attributes of text and entity references are unsupported: \"unsupported type: 0x49\""},
	"MSExchange_Management_wec.evtx":                                                       {1, "a record without a template is unsupported: its elements lack the dependency"},
	"issue_201.evtx":                                                                       {1, "a record without a template is unsupported: its elements lack the dependency"},
}

// evtxexport finds as many records as we do, except in the logs of exportDiffers.
func TestCountsOfEvtxexport(t *testing.T) {
	tool := testenv.Tool(t, "evtxexport")
	ours, theirs := 0, 0
	for _, log := range corpusLogs(t) {
		have := bytes.Count(dumped(t, log), []byte("\n"))
		cmd := exec.Command(tool, log)
		cmd.Dir = t.TempDir()
		out, err := cmd.Output()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		n := bytes.Count(out, []byte("Event number\t\t\t:"))
		if d := exportDiffers[filepath.Base(log)]; have-n != d.missing {
			t.Errorf("%s: %d records, evtxexport has %d: want a difference of %d", filepath.Base(log), have, n, d.missing)
		}
		ours += have
		theirs += n
	}
	t.Logf("%d records, evtxexport has %d", ours, theirs)
}

// The output does not depend on the number of workers.
func TestWorkersGiveTheSameBytes(t *testing.T) {
	for _, name := range []string{"security", "sysmon", "2-vss_0-Microsoft-Windows-RemoteDesktopServices-RdpCoreTS_4Operational"} {
		log := testenv.Corpus(t, "evtx/evtx-rs/"+name+".evtx")
		for _, format := range formats {
			var one, many, problems1, problemsN bytes.Buffer
			run([]string{"-format", format.name, log}, &one, &problems1)
			run([]string{"-format", format.name, "-workers", "5", log}, &many, &problemsN)
			if !bytes.Equal(one.Bytes(), many.Bytes()) || one.Len() == 0 || problems1.String() != problemsN.String() {
				t.Errorf("%s %s: %d bytes, with workers %d", name, format.name, one.Len(), many.Len())
			}
		}
	}
}

// The disk image yields the events of the three logs that were copied to it.
func TestDiskImage(t *testing.T) {
	var want []byte
	for _, log := range []string{"attack-samples/sysmon_13_1_persistence_via_winlogon_shell", "evtx-rs/security", "evtx-rs/system"} {
		want = append(want, dumped(t, testenv.Corpus(t, "evtx/"+log+".evtx"))...)
	}
	if got := dumped(t, testenv.Unpacked(t, "cases/winlogon-shell/disk.raw.zst")); !bytes.Equal(got, want) {
		t.Errorf("%d lines, want %d", bytes.Count(got, []byte("\n")), bytes.Count(want, []byte("\n")))
	}
}
