package registry_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// step returns a hive in which so many changes were made, one key for each.
func step(t testing.TB, changes int) []byte {
	h := registrytest.Hive{Name: `\SystemRoot\System32\Config\SYSTEM`, LastWrite: when}
	h.Set(`Before`, when, registrytest.DWord("changes", uint32(changes)))
	for i := range changes {
		h.Set(fmt.Sprintf("Change %d", i+1), when, registrytest.Binary("data", pattern(3000)))
	}
	return write(t, h)
}

func aLog(name string, data []byte) registry.Log {
	return registry.Log{Name: name, ReaderAt: bytes.NewReader(data), Size: int64(len(data))}
}

// with returns a copy of a log in which a change was made.
func with(log []byte, change func(log []byte)) []byte {
	log = bytes.Clone(log)
	change(log)
	return log
}

// seal makes the checksum of a base block right.
func seal(block []byte) {
	var sum uint32
	for i := 0; i < 508; i += 4 {
		sum ^= binary.LittleEndian.Uint32(block[i:])
	}
	binary.LittleEndian.PutUint32(block[508:], sum)
}

// identified returns a hive or a log with an identifier.
func identified(file []byte, id byte) []byte {
	return with(file, func(b []byte) { b[112] = id; seal(b) })
}

// How many changes a hive has after its logs were replayed, and what became of each log.
func TestReplay(t *testing.T) {
	s := make([][]byte, 8)
	for i := range s {
		s[i] = step(t, i)
	}
	dirty := registrytest.Interrupted(s[0], 11)
	badBase := with(dirty, func(hive []byte) { hive[508]++ })
	log1, log2 := registrytest.NewLog(10, s[0], s[1], s[2]), registrytest.NewLog(12, s[2], s[3], s[4])
	old := registrytest.OldLog(dirty, s[5])
	later := with(old, func(log []byte) { log[15]++; seal(log) })
	second := 512 + int(binary.LittleEndian.Uint32(log1[512+4:])) // offset of the second entry
	const unclean = "unclean: SYSTEM: secondary sequence number at 0x8: got 10, want 11, equal to the primary: the newest changes are in the transaction logs"
	for _, tt := range []struct {
		name     string
		hive     []byte
		logs     [][]byte
		changes  int
		uses     []string // without the name of the log
		problems []string
	}{
		{"no log", dirty, nil, 0, nil, []string{
			unclean}},
		{"two logs of the new format", dirty, [][]byte{log1, log2}, 4, []string{
			"3 pages of 2 writes replayed, up to sequence number 11", "6 pages of 2 writes replayed, up to sequence number 13"}, nil},
		{"in the other order", dirty, [][]byte{log2, log1}, 4, []string{
			"6 pages of 2 writes replayed, up to sequence number 13", "3 pages of 2 writes replayed, up to sequence number 11"}, nil},
		{"one log", dirty, [][]byte{log1}, 2, []string{"3 pages of 2 writes replayed, up to sequence number 11"}, nil},
		{"the earlier log is older than the hive", registrytest.Interrupted(s[2], 13), [][]byte{log1, log2}, 4, []string{
			"not replayed: it begins at sequence number 10, and the hive already has 12", "6 pages of 2 writes replayed, up to sequence number 13"}, nil},
		{"both logs are older", registrytest.Interrupted(s[4], 31), [][]byte{log1, log2}, 4, []string{
			"not replayed: it begins at sequence number 10, and the hive already has 30", "not replayed: it begins at sequence number 12, and the hive already has 30"},
			[]string{"unclean: SYSTEM: secondary sequence number at 0x8: got 30, want 31, equal to the primary: the newest changes are in the transaction logs"}},
		{"a write is missing between the logs", dirty, [][]byte{log1, registrytest.NewLog(13, s[2], s[3])}, 2, []string{
			"3 pages of 2 writes replayed, up to sequence number 11", "not replayed: it begins at sequence number 13, and 12 is the next"}, []string{
			"unclean: SYSTEM: secondary sequence number at 0x8: got 11, want 13, equal to the primary: the newest changes are in the transaction logs"}},
		{"the logs of another hive", identified(dirty, 1), [][]byte{identified(log1, 2), identified(log2, 1)}, 4, []string{
			"not replayed: it is of another hive, according to their identifiers", "6 pages of 2 writes replayed, up to sequence number 13"}, nil},
		{"a log without an identifier", identified(dirty, 1), [][]byte{log1}, 2, []string{"3 pages of 2 writes replayed, up to sequence number 11"}, nil},
		{"sequence numbers that wrap", registrytest.Interrupted(s[0], 0), [][]byte{registrytest.NewLog(0, s[1], s[2]), registrytest.NewLog(1<<32-1, s[0], s[1])}, 2, []string{
			"2 pages of 1 write replayed, up to sequence number 0", "1 page of 1 write replayed, up to sequence number 4294967295"}, nil},
		{"a clean hive", s[0], [][]byte{log1, log2}, 0, []string{"not replayed: the hive is not dirty", "not replayed: the hive is not dirty"}, nil},
		{"empty logs", dirty, [][]byte{{}, log1}, 2, []string{"not replayed: it is empty", "3 pages of 2 writes replayed, up to sequence number 11"}, nil},
		{"a damaged base block takes the later log alone", with(badBase, func(hive []byte) { copy(hive, s[2][:4096]); hive[508]++; copy(hive[4096:], s[2][4096:]) }),
			[][]byte{log1, log2}, 4, []string{"not replayed: another log has the newest state", "6 pages of 2 writes replayed, up to sequence number 13"}, nil},
		{"a base block of zeros", with(dirty, func(hive []byte) { clear(hive[:4096]) }), [][]byte{log1}, 2, []string{
			"3 pages of 2 writes replayed, up to sequence number 11"}, nil},
		{"the second write is damaged", dirty, [][]byte{with(log1, func(log []byte) { log[second+100]++ })}, 1, []string{
			"1 page of 1 write replayed, up to sequence number 10"}, []string{
			"malformed: log 0: log entry hash at 0x1418: got 0x6cee937267b6a536, want 0xc88780820592419e"}},
		{"the second write is cut off", dirty, [][]byte{log1[:second+512]}, 1, []string{
			"1 page of 1 write replayed, up to sequence number 10"}, []string{
			"malformed: log 0: log entry at 0x1400: got 512 bytes, want 8704 bytes"}},
		{"the first write is damaged", dirty, [][]byte{with(log1, func(log []byte) { log[520]++ }), log2}, 0, []string{
			"not replayed: its first write is damaged", "not replayed: another log has the newest state"}, []string{
			"malformed: log 0: log entry header hash at 0x220: got 0x3637e5371ce75848, want 0x0854f4e38d426487",
			unclean}},
		{"the header of the log is damaged", dirty, [][]byte{with(log1, func(log []byte) { log[508]++ })}, 0, []string{"not replayed: it is not a valid log"}, []string{
			"malformed: log 0: base block checksum at 0x1fc: got 0xc5c08af4, want 0xc5c08af3",
			unclean}},
		{"another file", dirty, [][]byte{[]byte("this is a text"), s[1]}, 0, []string{"not replayed: it is not a valid log", "not replayed: it is not a valid log"}, []string{
			`malformed: log 0: base block signature at 0x0: got "this", want "regf": not a registry hive`,
			"malformed: log 1: file type at 0x1c: got 0, want 1, 2 or 6, a transaction log",
			unclean}},
		{"a log of the old format", dirty, [][]byte{{}, old}, 5, []string{"not replayed: it is empty", "40 pages of 1 write replayed, up to sequence number 1"}, nil},
		{"an old log of another time", dirty, [][]byte{later}, 0, []string{
			"not replayed: it was written for the state of 2022-06-18 04:26:54.0234005 UTC, and the hive is in that of 2022-06-18 04:26:52.3456789 UTC"}, []string{
			unclean}},
		{"a damaged base block takes the latest old log", badBase, [][]byte{old, registrytest.OldLog(with(dirty, func(hive []byte) { hive[15]++ }), s[6])}, 6, []string{
			"not replayed: another log has the newest state", "48 pages of 1 write replayed, up to sequence number 1"}, nil},
		{"an old log that is cut off", dirty, [][]byte{old[:len(old)-512]}, 0, []string{"not replayed: it is not complete"}, []string{
			"truncation: log 0: dirty page at 0x5200: got 0 bytes, want 512 bytes",
			unclean}},
		{"an old log without its vector", dirty, [][]byte{with(old, func(log []byte) { log[512] = 'X' })}, 0, []string{"not replayed: it is not complete"}, []string{
			`truncation: log 0: dirty vector signature at 0x200: got "XIRT", want "DIRT"`,
			unclean}},
		{"an old log and a new one", dirty, [][]byte{old, log1}, 2, []string{
			"not replayed: another log has the newest state", "3 pages of 2 writes replayed, up to sequence number 11"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var logs []registry.Log
			for i, log := range tt.logs {
				logs = append(logs, aLog(fmt.Sprintf("log %d", i), log))
			}
			before := bytes.Clone(tt.hive)
			r := read(t, tt.hive, registry.WithName("SYSTEM"), registry.WithLogs(logs...))
			if !bytes.Equal(before, tt.hive) {
				t.Error("the hive was changed")
			}
			k, err := r.OpenKey("Before")
			if err != nil {
				t.Fatal(err)
			}
			v, err := k.Value("changes")
			if err != nil {
				t.Fatal(err)
			}
			if n, err := v.Uint64(); err != nil || n != uint64(tt.changes) {
				t.Errorf("%d changes, %v, want %d", n, err, tt.changes)
			}
			for i := range tt.changes {
				if _, err := r.OpenKey(fmt.Sprintf("Change %d", i+1)); err != nil {
					t.Error(err)
				}
			}
			var uses []string
			applied := false
			for i, u := range r.Logs() {
				text, ok := strings.CutPrefix(u.String(), fmt.Sprintf("log %d: ", i))
				if !ok {
					t.Errorf("log %d is called %s", i, u.Name)
				}
				uses = append(uses, text)
				applied = applied || u.Applied
			}
			if !slices.Equal(uses, tt.uses) {
				t.Errorf("the logs:\n%s\nwant\n%s", strings.Join(uses, "\n"), strings.Join(tt.uses, "\n"))
			}
			if got := problems(r); !slices.Equal(got, tt.problems) {
				t.Errorf("problems:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.problems, "\n"))
			}
			if primary, secondary := r.Sequence(); r.Dirty() != (primary != secondary) || applied && r.Dirty() && tt.problems == nil {
				t.Errorf("dirty is %v with the sequence numbers %d and %d", r.Dirty(), primary, secondary)
			}
			if r.FileName() != `stemRoot\System32\Config\SYSTEM` || !r.LastWrite().Equal(when) && !strings.Contains(tt.name, "latest old") {
				t.Errorf("file name %q, last written %v", r.FileName(), r.LastWrite())
			}
		})
	}
}

// What a log claims does not make a hive large.
func TestReplayIsBounded(t *testing.T) {
	hive := step(t, 0)
	far := make([]byte, 64<<20)
	copy(far, step(t, 1))
	far[len(far)-1] = 1
	state := make([]byte, len(far))
	copy(state, hive)
	log := registrytest.NewLog(10, state, far)
	r := read(t, registrytest.Interrupted(hive, 11), registry.WithLogs(aLog("log", log)))
	if got := r.Logs()[0].String(); got != "log: not replayed: it would make the hive far larger than itself" || !r.Dirty() {
		t.Errorf("%s, dirty is %v", got, r.Dirty())
	}
	if list := problems(r); len(list) == 0 || !strings.HasPrefix(list[0], "limit: log: dirty pages: got a hive of 67108864 bytes") {
		t.Errorf("problems: %q", list)
	}
}

// A hive that became shorter keeps what lay behind its new end, as the file does.
func TestReplayGrowsTheHive(t *testing.T) {
	small, large := step(t, 0), step(t, 7)
	r := read(t, registrytest.Interrupted(small, 2), registry.WithLogs(aLog("log", registrytest.NewLog(1, small, large))))
	var k, v int
	for key, err := range r.Keys() {
		if err != nil {
			t.Error(err)
		}
		k++
		for _, err := range key.Values() {
			if err != nil {
				t.Error(err)
			}
			v++
		}
	}
	if k != 9 || v != 8 || len(problems(r)) != 0 {
		t.Errorf("%d keys, %d values, problems %q", k, v, problems(r))
	}
}

// The logs beside a hive are found by their names, in any case and in any file system.
func TestLogsBeside(t *testing.T) {
	s0, s1, s2 := step(t, 0), step(t, 1), step(t, 2)
	files := map[string][]byte{
		"NTUSER.DAT":              registrytest.Interrupted(s0, 11),
		"ntuser.dat.LOG1":         registrytest.NewLog(10, s0, s1),
		"NTUSER.DAT.log2":         registrytest.NewLog(11, s1, s2),
		"ntuser.dat.LOG3":         nil,
		"NTUSER.DAT{x}.TM.blf":    nil,
		"OTHER.DAT.LOG1":          registrytest.NewLog(10, s0, s2),
		"ntuser.dat.LOG1.bak":     nil,
		"NTUSER.DAT.LOG/inFolder": nil,
	}
	fsys, dir := fstest.MapFS{}, t.TempDir()
	for name, data := range files {
		fsys["Users/alice/"+name] = &fstest.MapFile{Data: data}
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, open := range map[string]func(opts ...registry.Option) (*registry.Reader, error){
		"Open": func(opts ...registry.Option) (*registry.Reader, error) {
			return registry.Open(filepath.Join(dir, "NTUSER.DAT"), opts...)
		},
		"OpenFS": func(opts ...registry.Option) (*registry.Reader, error) {
			return registry.OpenFS(fsys, "Users/alice/NTUSER.DAT", opts...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := open(registry.WithLogsBeside())
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, u := range r.Logs() {
				names = append(names, filepath.Base(u.Name))
				if !u.Applied {
					t.Error(u)
				}
			}
			if want := []string{"NTUSER.DAT.log2", "ntuser.dat.LOG1"}; !slices.Equal(names, want) {
				t.Errorf("logs %q, want %q", names, want)
			}
			if _, err := r.OpenKey("Change 2"); err != nil {
				t.Error(err)
			}
			if r, err = open(); err != nil || !r.Dirty() || len(r.Logs()) != 0 {
				t.Errorf("without the option: %v, logs %v", err, r.Logs())
			}
		})
	}
}

// A log that cannot be read is said to be so, and the hive is read without it.
func TestLogThatCannotBeRead(t *testing.T) {
	broken := errors.New("broken disk")
	r := read(t, registrytest.Interrupted(step(t, 0), 11), registry.WithName("SYSTEM"),
		registry.WithLogs(registry.Log{Name: "SYSTEM.LOG1", ReaderAt: brokenLog{broken}, Size: 4096}))
	u := r.Logs()[0]
	if u.String() != "SYSTEM.LOG1: not replayed: it cannot be read" || !errors.Is(u.Err, broken) || damage.Is(u.Err) {
		t.Errorf("%v, %v", u, u.Err)
	}
	if list := problems(r); len(list) != 2 || list[0] != "malformed: SYSTEM.LOG1: reading: broken disk" {
		t.Errorf("problems: %q", list)
	}
}

type brokenLog struct{ err error }

func (f brokenLog) ReadAt([]byte, int64) (int, error) { return 0, f.err }
