package usnjrnl_test

import (
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// usnjrnl-forensic 0.8.1 finds the same paths in a journal of version 2. It is not asked
// for version 3, whose references it reads without their sequence numbers, so that it
// takes a folder for the one that uses its entry later, nor for version 4, which it drops.
func TestPathsAgreeWithPeer(t *testing.T) {
	tool := testenv.Tool(t, "usnjrnl-forensic")
	s := newSim(3)
	s.plain = true
	s.run(10000)
	dir := t.TempDir()
	journal, table, out := filepath.Join(dir, "J"), filepath.Join(dir, "MFT"), filepath.Join(dir, "out.csv")
	write(t, journal, s.journal.Bytes())
	write(t, table, s.tableBytes(t))
	if text, err := exec.Command(tool, "-j", journal, "-m", table, "--csv", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	f, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range head {
		column[name] = i
	}
	truth, n := s.known(t), 0
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		usn, err := strconv.ParseInt(row[column["UpdateSequenceNumber"]], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		path := strings.TrimPrefix(row[column["ParentPath"]]+`\`+row[column["FileName"]], `.\`)
		if got := strings.ReplaceAll(path, `\`, "/"); got != truth[usn] { // ours are compared with the truth as well
			t.Errorf("USN %d: the peer has %q, and it was %q", usn, got, truth[usn])
		}
		n++
	}
	if n != len(truth) {
		t.Errorf("%d paths compared, want %d", n, len(truth))
	}
}
