package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// bodyLineOf matches a line of a bodyfile and captures its fields.
var bodyLineOf = regexp.MustCompile(`^0\|(.*)\|(\d+)(?:-(\d+)-(\d+))?\|(.{12})\|(\d+)\|0\|(\d+)\|(\d+)\|(\d+)\|(\d+)\|(\d+)$`)

// explainFls returns the reason why our output lacks a line of "fls -r -m C:", or
// "" if it should have it.
func explainFls(line string) string {
	m := bodyLineOf.FindStringSubmatch(line)
	switch {
	case m == nil:
		return ""
	case strings.HasPrefix(m[5], "V/V"):
		return "$OrphanFiles, which fls invents"
	case m[2] == "0" && m[3] == "":
		return "a name in the slack of an index: its file is gone, so it has no times"
	}
	return ""
}

// normal returns a line in the form in which both should agree, without the errors
// of fls.
func normal(line string) string {
	m := bodyLineOf.FindStringSubmatch(line)
	if m == nil {
		return line
	}
	// Numbers of attributes are unique only in their record. If a file has several
	// records, fls invents new numbers.
	m[4] = "N"
	// A $STANDARD_INFORMATION of NTFS 1.2 has no owner, and fls reads one beyond its
	// end: 48 is the type of the next attribute, and -1 the end mark.
	if m[6] == "48" || m[6] == "4294967295" {
		m[6] = "0"
	}
	// A FILETIME of 0 is not a time. fls converts it and cuts the result to 32 bits.
	for i := 8; i <= 11; i++ {
		if m[i] == "3373865674" {
			m[i] = "0"
		}
	}
	return strings.Join(m[1:], "|")
}

// The bodyfile has the lines of fls, in any order.
func TestCorpusBodyfile(t *testing.T) {
	for _, tt := range []struct {
		file   string
		sector int
		more   string // lines that only we have, besides the records 12 to 15 that NTFS reserves
	}{
		{"images/colinfinck_testfs1", 0, ""},
		{"images/go-ntfs_test.ntfs.dd", 0, ""},
		// A file has a hundred names, nearly all in extension records. fls does not
		// print their times.
		{"mft/ntfs3_attrlist.raw.gz", 0, `^C:/\d+\.txt \(\$FILE_NAME\)\|27\|48\|`},
		{"mft/ntfs_index.raw.gz", 128, ""},
		{"cases/winlogon-shell/disk.raw.zst", 2048, ""},
	} {
		t.Run(tt.file, func(t *testing.T) {
			fls := testenv.Tool(t, "fls")
			name := testenv.Unpacked(t, tt.file)
			theirs, err := exec.Command(fls, "-r", "-m", "C:", "-o", fmt.Sprint(tt.sector), name).Output()
			if err != nil {
				t.Fatal(err)
			}
			var ours, problems bytes.Buffer
			if code := run([]string{"-format", "bodyfile", name}, &ours, &problems); code != 0 {
				t.Fatalf("code %d: %s", code, &problems)
			}
			want, got := map[string]bool{}, map[string]bool{}
			for line := range strings.Lines(string(theirs)) {
				line = strings.TrimSuffix(line, "\n")
				if explainFls(line) == "" {
					want[normal(line)] = true
				}
			}
			for line := range strings.Lines(ours.String()) {
				got[normal(strings.TrimSuffix(line, "\n"))] = true
			}
			for line := range want {
				if !got[line] {
					t.Errorf("only fls has %s", line)
				}
			}
			more := regexp.MustCompile(`^C:/\$OrphanFiles/OrphanFile-1[2-5]\|`)
			if tt.more != "" {
				more = regexp.MustCompile(more.String() + "|" + tt.more)
			}
			for line := range got {
				if !want[line] && !more.MatchString(line) {
					t.Errorf("only we have %s", line)
				}
			}
			if len(want) < 50 {
				t.Errorf("%d lines of fls", len(want))
			}
		})
	}
}

// Every $MFT of the corpus is read, and its records have rows.
func TestCorpusTables(t *testing.T) {
	for _, name := range testenv.CorpusGlob(t, "mft/*.mft") {
		var out, problems bytes.Buffer
		if code := run([]string{name}, &out, &problems); code != 0 {
			t.Errorf("%s: code %d: %s", name, code, &problems)
		}
		lines := bytes.Count(out.Bytes(), []byte("\n"))
		if lines < 40 {
			t.Errorf("%s: %d lines", name, lines)
		}
	}
}
