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

// bodyLineOf are the fields of a line of a bodyfile, the name apart.
var bodyLineOf = regexp.MustCompile(`^0\|(.*)\|(\d+)(?:-(\d+)-(\d+))?\|(.{12})\|(\d+)\|0\|(\d+)\|(\d+)\|(\d+)\|(\d+)\|(\d+)$`)

// explainFls says why a line of "fls -r -m C:" is none of ours, "" where it
// should be one.
func explainFls(line string) string {
	m := bodyLineOf.FindStringSubmatch(line)
	switch {
	case m == nil:
		return ""
	case strings.HasPrefix(m[5], "V/V"):
		return "$OrphanFiles, which fls makes up"
	case m[2] == "0" && m[3] == "":
		return "a name in the slack of an index: its file is gone, there are no times"
	}
	return ""
}

// normal returns a line as it should be in both: without what fls gets wrong.
func normal(line string) string {
	m := bodyLineOf.FindStringSubmatch(line)
	if m == nil {
		return line
	}
	// Numbers of attributes are unique in their record only. Where a file has
	// several records fls makes up new ones.
	m[4] = "N"
	// fls takes the owner from behind the end of a $STANDARD_INFORMATION of NTFS 1.2,
	// which has none: 48 is the type of the attribute that follows, and -1 the end.
	if m[6] == "48" || m[6] == "4294967295" {
		m[6] = "0"
	}
	// The FILETIME 0 is no time; fls counts it from 1601 and cuts it to 32 bits.
	for i := 8; i <= 11; i++ {
		if m[i] == "3373865674" {
			m[i] = "0"
		}
	}
	return strings.Join(m[1:], "|")
}

// The bodyfile has the lines of fls, whatever their order.
func TestCorpusBodyfile(t *testing.T) {
	for _, tt := range []struct {
		file   string
		sector int
		more   string // what only we have, beside the records 12 to 15 that NTFS keeps for later
	}{
		{"images/colinfinck_testfs1", 0, ""},
		{"images/go-ntfs_test.ntfs.dd", 0, ""},
		// A file with a hundred names, nearly all in extension records: fls shows the
		// times of none of them.
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
					t.Errorf("fls has %s, we do not", line)
				}
			}
			more := regexp.MustCompile(`^C:/\$OrphanFiles/OrphanFile-1[2-5]\|`)
			if tt.more != "" {
				more = regexp.MustCompile(more.String() + "|" + tt.more)
			}
			for line := range got {
				if !want[line] && !more.MatchString(line) {
					t.Errorf("we have %s, fls does not", line)
				}
			}
			if len(want) < 50 {
				t.Errorf("%d lines of fls", len(want))
			}
		})
	}
}

// Every record of the corpus tables has a row, and every row the same columns.
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
