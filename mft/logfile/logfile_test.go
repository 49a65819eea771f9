package logfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
)

var (
	day  = time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)
	root = mft.Ref{Entry: 5, Seq: 5}
	kit  = logfiletest.File{Ref: mft.Ref{Entry: 40, Seq: 3}, Parent: root, Name: "kit", Dir: true, Times: logfiletest.AllAt(day)}
	tool = logfiletest.File{Ref: mft.Ref{Entry: 41, Seq: 2}, Parent: kit.Ref, Name: "a.tmp", Times: logfiletest.AllAt(day.Add(time.Second))}
)

func open(t testing.TB, b []byte, opts ...logfile.Option) *logfile.Reader {
	t.Helper()
	r, err := logfile.NewReader(bytes.NewReader(b), int64(len(b)), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func all(r *logfile.Reader) (list []logfile.Record, errs []error) {
	for rec, err := range r.Records() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		list = append(list, rec)
	}
	return list, errs
}

func problems(r *logfile.Reader) (list []string) {
	for p := range r.Problems() {
		list = append(list, p.String())
	}
	return list
}

// story is the life of a tool.
func story(l *logfiletest.Log) {
	l.Checkpoint()
	l.Create(kit)
	l.Create(tool)
	named := tool
	named.Name = "svchost.exe"
	l.Rename(tool, named)
	old := logfiletest.AllAt(day.AddDate(-4, 0, 0))
	old.Changed = day.Add(3 * time.Second)
	l.SetTimes(named, old)
	l.AddStream(named, "Zone.Identifier", []byte("[ZoneTransfer]"))
	moved := named
	moved.Parent = root
	l.Rename(named, moved)
	l.Delete(kit)
	l.Delete(moved)
}

// tell returns the events with their paths, one a line.
func tell(t testing.TB, r *logfile.Reader, table *mft.Reader) (lines []string) {
	t.Helper()
	paths, err := logfile.NewPaths(r, table)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range r.Events() {
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%v %v", e.Kind, paths.Of(&e))
		if e.Old != nil {
			line += " from " + paths.OldOf(&e).String()
		}
		if ref, ok := paths.File(&e); ok {
			line += " " + ref.String()
		}
		for _, c := range e.TimeChanges() {
			line += fmt.Sprintf(" %s %s to %s", c.Name, c.Old.Format("2006"), c.New.Format("2006"))
		}
		if e.Stream != "" {
			line += " " + e.Stream
		}
		lines = append(lines, line)
	}
	return lines
}

var storyLines = []string{
	"created kit 40-3",
	"created kit/a.tmp 41-2",
	"renamed kit/svchost.exe from kit/a.tmp 41-2",
	"info changed kit/svchost.exe 41-2 created 2024 to 2020 modified 2024 to 2020 changed 2024 to 2024 accessed 2024 to 2020",
	"stream added kit/svchost.exe 41-2 Zone.Identifier",
	"renamed svchost.exe from kit/svchost.exe 41-2",
	"deleted kit 40-3",
	"deleted svchost.exe 41-2",
}

func TestStory(t *testing.T) {
	for _, l := range []logfiletest.Log{
		{}, {Major: 2}, {BlockSize: 4096}, {ClusterSize: 512}, {ClusterSize: 65536}, {OnlyCopy: true}, {Major: 2, OnlyCopy: true}, {Size: 100 * 4096},
	} {
		name := fmt.Sprintf("%+v", l)
		story(&l)
		r := open(t, l.Bytes())
		if got := tell(t, r, nil); !slices.Equal(got, storyLines) {
			t.Errorf("%s: got\n%s", name, strings.Join(got, "\n"))
		}
		if p := problems(r); len(p) > 0 {
			t.Errorf("%s: problems %q", name, p)
		}
		if restarts := r.Restarts(); len(restarts) != 2 || restarts[0].Clients[0].Name != "NTFS" || restarts[0].FileSize != r.Size() {
			t.Errorf("%s: %+v", name, restarts)
		}
		if want := max(l.ClusterSize, 512); r.ClusterSize() != want {
			t.Errorf("%s: cluster %d, want %d", name, r.ClusterSize(), want)
		}
	}
}

// many is a log of n transactions, and its records.
func many(l *logfiletest.Log, n int) (list []logfile.Record) {
	add := func(rec logfile.Record) { list = append(list, l.Add(rec)) }
	for i := range n {
		size := i * 37 % 300
		if i%50 == 49 {
			size = 9000 // in three pages
		}
		add(logfile.Record{Transaction: 0x18, Redo: logfile.UpdateResidentValue, Undo: logfile.UpdateResidentValue, Target: 0x18,
			RecordOffset: 0x100, BlockSize: 2, VCN: int64(i), LCNs: []int64{4, int64(i)}, RedoData: bytes.Repeat([]byte{byte(i)}, size+1), UndoData: []byte{1, 2, 3}})
		add(logfile.Record{Transaction: 0x18, Redo: logfile.ForgetTransaction, Undo: logfile.CompensationLogRecord})
	}
	return list
}

// comparable returns records without what only a Reader knows.
func comparable(list []logfile.Record) []string {
	var lines []string
	for _, r := range list {
		lines = append(lines, fmt.Sprint(r.LSN, r.Previous, r.Size, r.Type, r.Transaction, r.Flags, r.Redo, r.Undo, r.RedoData, r.UndoData, r.Target, r.RecordOffset, r.AttributeOffset, r.BlockOffset, r.BlockSize, r.VCN, r.LCNs))
	}
	return lines
}

// Records of every size come back, also when the ring has gone round.
func TestRoundTrip(t *testing.T) {
	for _, major := range []uint16{0, 2} {
		for _, n := range []int{1, 10, 100, 500, 3000} {
			l := logfiletest.Log{Major: major}
			want := many(&l, n)
			r := open(t, l.Bytes())
			got, errs := all(r)
			if n < 500 && len(got) != len(want) || len(got) == 0 || len(errs) > 0 {
				t.Errorf("version %d, %d transactions: %d of %d records, errors %v", major, n, len(got), len(want), errs[:min(3, len(errs))])
				continue
			}
			if want = want[len(want)-len(got):]; !slices.Equal(comparable(got), comparable(want)) {
				t.Errorf("version %d, %d transactions: other records", major, n)
			}
			if n >= 500 && len(want) < 400 {
				t.Errorf("version %d, %d transactions: only %d records of a full ring", major, n, len(want))
			}
			if p := problems(r); len(p) > 0 {
				t.Errorf("version %d, %d transactions: problems %q", major, n, p[:min(3, len(p))])
			}
			for i := range got {
				if got[i].Offset != want[i].Offset {
					t.Fatalf("record %d: offset %d, want %d", i, got[i].Offset, want[i].Offset)
				}
			}
		}
	}
}

// A page that is damaged loses its records, and the others are all there.
func TestDamageLosesOnlyItself(t *testing.T) {
	const ring = 4 * 4096
	for _, tt := range []struct {
		name   string
		harm   func(b []byte) []byte
		lost   func(r *logfile.Record) bool
		report string
	}{
		{"the first restart page", func(b []byte) []byte { clear(b[:4096]); return b }, nil, ""},
		{"the signature of a restart page", func(b []byte) []byte { b[0] = 'X'; return b }, nil, `malformed: $LogFile: signature of a restart page at 0x0: got "XSTR", want RSTR`},
		{"both restart pages", func(b []byte) []byte { clear(b[:8192]); return b }, nil, "malformed: $LogFile: restart pages at 0x0: got none, want one at least"},
		{"a page of zeros", func(b []byte) []byte { clear(b[ring+0x2000 : ring+0x3000]); return b },
			func(r *logfile.Record) bool { return r.Offset>>12 == 6 }, "gap: $LogFile: page at 0x7000"},
		{"a page of text", func(b []byte) []byte { copy(b[ring+0x2000:], bytes.Repeat([]byte("text"), 1024)); return b },
			func(r *logfile.Record) bool { return r.Offset>>12 == 6 }, `malformed: $LogFile: signature of a page at 0x6000: got "text", want RCRD`},
		{"the update sequence array", func(b []byte) []byte { b[ring+0x2006] = 0xff; return b },
			func(r *logfile.Record) bool { return r.Offset>>12 == 6 }, "malformed: $LogFile: update sequence array at 0x6004"},
		{"half of a page is of another write", func(b []byte) []byte {
			for end := ring + 0x2200 - 2; end < ring+0x2800; end += 512 {
				b[end]++
			}
			return b
		}, func(r *logfile.Record) bool { return r.Offset < ring+0x2800 && r.Offset+int64(r.Size) > ring+0x2000 }, "torn: $LogFile: page at 0x6000"},
		{"an LSN", func(b []byte) []byte { b[ring+0x40]++; return b },
			func(r *logfile.Record) bool { return r.Offset == ring+0x40 }, ""},
		{"the free space of a page", func(b []byte) []byte { b[ring+0x18], b[ring+0x19] = 0x60, 0; return b }, nil, ""},
		{"the end is cut off", func(b []byte) []byte { return b[:ring+0x3000] },
			func(r *logfile.Record) bool { return r.Offset >= ring+0x3000 }, "truncation: $LogFile: log at 0x0: got 28672 bytes, want 262144 bytes"},
	} {
		l := logfiletest.Log{}
		want := many(&l, 150)
		var lost []logfile.LSN
		kept := slices.DeleteFunc(slices.Clone(want), func(r logfile.Record) bool {
			gone := tt.lost != nil && tt.lost(&r)
			if gone {
				lost = append(lost, r.LSN)
			}
			return gone
		})
		r := open(t, tt.harm(l.Bytes()))
		got, _ := all(r)
		kept = slices.DeleteFunc(kept, func(r logfile.Record) bool { // one that begins or ends in what is lost
			return r.Flags&logfile.FlagManyPages != 0 && !slices.ContainsFunc(got, func(g logfile.Record) bool { return g.LSN == r.LSN })
		})
		if !slices.Equal(comparable(got), comparable(kept)) {
			t.Errorf("%s: got %d records, want %d", tt.name, len(got), len(kept))
		}
		if p := problems(r); tt.report != "" && !slices.ContainsFunc(p, func(s string) bool { return strings.HasPrefix(s, tt.report) }) {
			t.Errorf("%s: problems %q, want one that begins with %q", tt.name, p, tt.report)
		}
	}
}

func TestEmpty(t *testing.T) {
	r := open(t, bytes.Repeat([]byte{0xff}, 65536))
	if list, errs := all(r); !r.Empty() || len(list)+len(errs)+len(problems(r)) > 0 {
		t.Errorf("%d records, errors %v, problems %q", len(list), errs, problems(r))
	}
	l := logfiletest.Log{}
	if r := open(t, l.Bytes()); len(problems(r)) > 0 {
		t.Errorf("problems %q", problems(r))
	}
	for name, b := range map[string][]byte{"text": bytes.Repeat([]byte("text"), 4096), "zeros": make([]byte, 65536), "nothing": nil, "short": {1, 2, 3}} {
		_, err := logfile.NewReader(bytes.NewReader(b), int64(len(b)))
		if name == "nothing" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var e *logfile.FormatError
		if !errors.Is(err, logfile.ErrNotLogFile) || !errors.As(err, &e) || e.Artifact != "$LogFile" {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Every operation has the name that Windows gives it.
func TestOperations(t *testing.T) {
	seen := map[string]bool{}
	for op := logfile.Noop; op <= logfile.ZeroEndOfFileRecord; op++ {
		s := op.String()
		if s == "" || strings.HasPrefix(s, "0x") || seen[s] {
			t.Errorf("%#x: %q", uint16(op), s)
		}
		seen[s] = true
	}
	if got := logfile.Operation(0x26).String(); got != "0x26" {
		t.Errorf("got %q", got)
	}
}

func TestTransactions(t *testing.T) {
	change := func(tx uint32) logfile.Record {
		return logfile.Record{Transaction: tx, Redo: logfile.UpdateResidentValue, Undo: logfile.UpdateResidentValue, BlockSize: 2, RecordOffset: 0x100, RedoData: []byte{1}}
	}
	forget := func(tx uint32) logfile.Record {
		return logfile.Record{Transaction: tx, Redo: logfile.ForgetTransaction, Undo: logfile.CompensationLogRecord}
	}
	undo := change(24)
	undo.Undo = logfile.CompensationLogRecord
	var l logfiletest.Log
	for _, rec := range []logfile.Record{
		change(24), change(64), forget(64), forget(24), // one in the other
		change(24), undo, forget(24),
		change(24),
	} {
		l.Add(rec)
	}
	var got []string
	for tx, err := range open(t, l.Bytes()).Transactions() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(tx.ID, " ", tx.State, " ", len(tx.Records), " ", tx.Partial))
	}
	if want := []string{"64 committed 2 false", "24 committed 2 false", "24 rolled back 3 false", "24 unfinished 1 false"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for _, s := range []logfile.State{logfile.Unfinished, logfile.Committed, logfile.RolledBack, logfile.Cut} {
		if s.String() == "unknown" {
			t.Errorf("state %d has no name", s)
		}
	}
}

// Names in the open attribute table come from the record that opened an attribute, and
// from the dump at a checkpoint.
func TestOpenAttributes(t *testing.T) {
	le := func(n int, values ...uint64) (b []byte) {
		for i := 0; i < n; i += 8 {
			v := uint64(0)
			if i/8 < len(values) {
				v = values[i/8]
			}
			for k := range 8 {
				b = append(b, byte(v>>(8*k)))
			}
		}
		return b
	}
	entry := le(0x28, 0x1000_ffffffff, 0xa0, mft.Ref{Entry: 40, Seq: 3}.Uint64(), 77)
	name := []byte{'$', 0, 'I', 0, '3', 0, '0', 0}
	table := append(le(0x18, 1<<32|1<<16|0x28), entry...)
	names := append([]byte{0x18, 0, 8, 0}, append(name, make([]byte, 6)...)...)
	for title, records := range map[string][]logfile.Record{
		"opened": {{Redo: logfile.OpenNonresidentAttribute, Target: 0x18, RedoData: entry, UndoData: name}},
		"dumped": {{Redo: logfile.OpenAttributeTableDump, RedoData: table}, {Redo: logfile.AttributeNamesDump, RedoData: names}},
	} {
		l := logfiletest.Log{Major: 2}
		l.Checkpoint()
		for _, rec := range records {
			l.Add(rec)
		}
		l.Add(logfile.Record{Redo: logfile.UpdateNonresidentValue, Undo: logfile.Noop, Target: 0x18, RedoData: []byte{1}})
		list, errs := all(open(t, l.Bytes()))
		want := logfile.Attribute{File: mft.Ref{Entry: 40, Seq: 3}, Type: mft.AttrIndexAllocation, Name: "$I30", BlockBytes: 0x1000, Opened: 77}
		if got := list[len(list)-1].Attribute; len(errs) > 0 || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, errors %v", title, got, errs)
		}
	}
}
