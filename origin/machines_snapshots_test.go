package origin_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// A moment is a shadow copy of a machine.
type moment struct {
	created time.Time
	world   world
	vol     fs.FS // instead of the world
	err     error // if it cannot be opened
	carved  func(off, n int64) bool
}

func nothingShown(int64, int64) bool  { return false }
func everythingShown(_, _ int64) bool { return true }

// shadowCopies are the options that read the shadow copies of a machine.
func (w world) shadowCopies(t testing.TB) []origin.Option {
	if w.past == nil {
		return nil
	}
	return []origin.Option{w.withSnapshots(t), origin.ReadSnapshots()}
}

func (w world) withSnapshots(t testing.TB) origin.Option {
	t.Helper()
	var list []origin.Snapshot
	for i, m := range w.past {
		list = append(list, origin.Snapshot{Name: fmt.Sprintf("vss%d", i+1), ID: guid(byte(i)).String(), Created: m.created, Offset: int64(0x100000 + i<<8), Carved: m.carved, Open: func() (fs.FS, error) {
			if m.vol != nil || m.err != nil {
				return m.vol, m.err
			}
			return m.world.volume(t), nil
		}})
	}
	return origin.WithSnapshots("c", list...)
}

// shadows are machines with shadow copies, and what they show.
func shadows() []trap {
	const shell = `C:\Windows\System32\cmd.exe`
	hour := time.Hour
	subject := func(created time.Time, content string) mfttest.File {
		f := file(created)
		f.Entry, f.Data = 200, []byte(content)
		return f
	}
	elsewhere := subject(noon, "trap")
	elsewhere.Path = "Users/a/Downloads/first.exe"
	another := subject(noon.Add(-48*hour), "another")
	another.Entry = 180
	none := world{files: []mfttest.File{{Path: "Data/other.txt", Times: mfttest.AllAt(noon.AddDate(0, -1, 0))}}}
	with := func(f mfttest.File) world { return world{files: []mfttest.File{f}} }
	cleared := &evtx.Security1102{System: sys("Security", "Microsoft-Windows-Eventlog", 1102, noon.Add(3*hour))}
	run := audited(900, 4, trapFile, shell, noon.Add(hour))
	earlier := audited(901, 4, shell, shell, noon.Add(-5*hour))
	stick := noon.AddDate(-3, 0, 0).Truncate(2 * time.Second)
	arrived := mfttest.AllAt(noon)
	fromStick := subject(noon, "trap")
	fromStick.FileNameTimes, fromStick.Times = &arrived, mfttest.Times{Created: stick.Add(840 * time.Millisecond), Modified: stick.Add(2 * time.Second), Changed: noon.Add(time.Second), Accessed: noon}
	return []trap{
		{"the file came between two shadow copies",
			world{files: []mfttest.File{subject(noon, "trap")}, past: []moment{{created: noon.Add(-hour), world: none}, {created: noon.Add(hour), world: with(subject(noon, "trap"))}}},
			findings{origin.Appeared: "inferred there=2026-03-02T13:00:00.1234567Z :It is not yet in shadow copy vss1 of 2026-03-02"}, kinds{absent(origin.SnapshotWithout), absent(origin.SnapshotDiffers)}},
		{"the creation time is from before a shadow copy that does not have the file",
			world{files: []mfttest.File{subject(noon.AddDate(0, 0, -9), "trap")}, past: []moment{{created: noon.Add(-hour), world: none}}},
			findings{origin.Appeared: "inferred not_yet=2026-03-02T11:00:00.1234567Z"}, kinds{origin.SnapshotWithout}},
		{"Sysmon agrees with a creation time that a shadow copy contradicts",
			world{files: []mfttest.File{subject(noon, "trap")}, sysmon: []any{wrote(1, shell, noon, noon)}, past: []moment{{created: noon.Add(hour), world: none}}},
			findings{origin.Appeared: "inferred", origin.Writer: "inferred image=" + shell}, kinds{origin.SnapshotWithout}},
		{"the file had another name when the shadow copy was made",
			world{files: []mfttest.File{subject(noon, "trap")}, past: []moment{{created: noon.Add(hour), world: with(elsewhere)}}},
			findings{origin.Appeared: "inferred there=2026-03-02T13:00:00.1234567Z"}, kinds{absent(origin.SnapshotWithout), absent(origin.SnapshotDiffers)}},
		{"the file was moved here from a stick, with its times",
			world{files: []mfttest.File{fromStick}, past: []moment{{created: noon.Add(-hour), world: none}}},
			findings{origin.Appeared: "inferred"}, kinds{absent(origin.SnapshotWithout)}},
		{"the entry was another file's when the shadow copy was made",
			world{files: []mfttest.File{subject(noon, "trap")}, past: []moment{{created: noon.Add(-hour), world: with(mfttest.File{Path: "Data/old.txt", Entry: 200, Seq: 7})}}},
			findings{origin.Appeared: "inferred not_yet=2026-03-02T11:00:00.1234567Z"}, kinds{absent(origin.SnapshotWithout)}},
		{"the content was replaced",
			world{files: []mfttest.File{subject(noon, "trap")}, sysmon: []any{wrote(1, shell, noon, noon)}, past: []moment{{created: noon.Add(hour), world: with(subject(noon, "first"))}}},
			findings{origin.Writer: "inferred image=" + shell}, kinds{origin.SnapshotDiffers}},
		{"another file had the path before",
			world{files: []mfttest.File{subject(noon, "trap")}, sysmon: []any{wrote(1, shell, noon, noon)}, past: []moment{{created: noon.Add(-hour), world: with(another)}}},
			findings{origin.Writer: "recorded image=" + shell}, kinds{origin.SnapshotDiffers, absent(origin.SnapshotWithout)}},
		{"a shadow copy cannot be opened",
			world{files: []mfttest.File{subject(noon.AddDate(0, 0, -9), "trap")}, past: []moment{{created: noon.Add(-hour), err: errors.New("the list of blocks is damaged")}}},
			findings{origin.Appeared: "inferred"}, kinds{absent(origin.SnapshotWithout)}},
		{"a shadow copy without a table of files does not show that the file had no other name",
			world{files: []mfttest.File{subject(noon.AddDate(0, 0, -9), "trap")}, past: []moment{{created: noon.Add(-hour), vol: fstest.MapFS{"Data/other.txt": {}}}}},
			findings{origin.Appeared: "inferred"}, kinds{absent(origin.SnapshotWithout)}},
		{"the folder is damaged in a shadow copy",
			world{files: []mfttest.File{subject(noon.AddDate(0, 0, -9), "trap")}, past: []moment{{created: noon.Add(-hour), vol: lostFolder{none.plain()}}}},
			findings{origin.Appeared: "inferred"}, kinds{absent(origin.SnapshotWithout)}},

		{"a log was cleared, and a shadow copy has its records",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: named("TRAP"), security: []any{cleared},
				past: []moment{{created: noon.Add(2 * hour), world: world{files: []mfttest.File{subject(noon, "trap")}, security: []any{earlier, run}}}}},
			findings{origin.Executed: "recorded count=1"}, kinds{origin.LogCleared}},
		{"a log was cleared, and the shadow copy is from before the records",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: named("TRAP"), security: []any{cleared},
				past: []moment{{created: noon.Add(-2 * hour), world: world{files: none.files, security: []any{earlier}}}}},
			findings{origin.Executed: "unknown outside_retention"}, kinds{origin.LogCleared}},
		{"the same records are in the log and in two shadow copies",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: named("TRAP"), security: []any{earlier, run},
				past: []moment{{created: noon.Add(2 * hour), world: world{files: []mfttest.File{subject(noon, "trap")}, security: []any{earlier, run}}},
					{created: noon.Add(3 * hour), world: world{files: []mfttest.File{subject(noon, "trap")}, security: []any{earlier, run}}}}},
			findings{origin.Executed: "recorded count=1"}, kinds{absent(origin.LogCleared)}},
		{"the records of a log that was deleted are in two shadow copies",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: named("TRAP"),
				past: []moment{{created: noon.Add(2 * hour), world: world{files: []mfttest.File{subject(noon, "trap")}, security: []any{earlier, run}}},
					{created: noon.Add(3 * hour), world: world{files: []mfttest.File{subject(noon, "trap")}, security: []any{run}}}}},
			findings{origin.Executed: "recorded count=1"}, nil},

		{"a carved shadow copy shows the $MFT without the file",
			world{files: []mfttest.File{subject(noon.AddDate(0, 0, -9), "trap")}, past: []moment{{created: noon.Add(-hour), world: none, carved: everythingShown}}},
			findings{origin.Appeared: "inferred not_yet=2026-03-02T11:00:00.1234567Z"}, kinds{origin.SnapshotWithout}},
		{"the $MFT of a carved shadow copy is that of now",
			world{files: []mfttest.File{subject(noon.AddDate(0, 0, -9), "trap")}, past: []moment{{created: noon.Add(-hour), world: none, carved: nothingShown}}},
			findings{origin.Appeared: "inferred not_yet="}, kinds{absent(origin.SnapshotWithout)}},
		{"the content in a carved shadow copy differs",
			world{files: []mfttest.File{subject(noon, "trap")}, past: []moment{{created: noon.Add(hour), world: with(subject(noon, "first")), carved: everythingShown}}},
			findings{}, kinds{origin.SnapshotDiffers}},
		{"the clusters of the content in a carved shadow copy were used again",
			world{files: []mfttest.File{subject(noon, "trap")}, past: []moment{{created: noon.Add(hour), world: with(subject(noon, strings.Repeat("first", 2000))), carved: func(_, n int64) bool { return n == 512 }}}},
			findings{origin.Appeared: "inferred there=2026-03-02T13:00:00.1234567Z"}, kinds{absent(origin.SnapshotDiffers)}},
		{"a log was cleared, and a carved shadow copy has its records",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: named("TRAP"), security: []any{cleared},
				past: []moment{{created: noon.Add(2 * hour), world: world{files: []mfttest.File{subject(noon, "trap")}, security: []any{earlier, run}}, carved: nothingShown}}},
			findings{origin.Executed: "inferred count=1"}, kinds{origin.LogCleared}},
		{"when a carved shadow copy was made is not known",
			world{files: []mfttest.File{subject(noon.AddDate(0, 0, -9), "trap")}, past: []moment{{world: none, carved: everythingShown}}},
			findings{origin.Appeared: "inferred not_yet="}, kinds{absent(origin.SnapshotWithout)}},
	}
}

// plain is a volume of the files, without what needs a test.
func (w world) plain() fs.FS {
	m := fstest.MapFS{}
	for _, f := range w.files {
		m[f.Path] = &fstest.MapFile{Data: f.Data}
	}
	return m
}

// lostFolder is a volume whose folders cannot be read.
type lostFolder struct{ fs.FS }

var errLost = errors.New("the index is damaged")

func (l lostFolder) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, "Data") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errLost}
	}
	return l.FS.Open(name)
}

func TestShadowCopies(t *testing.T) {
	for _, tt := range shadows() {
		t.Run(tt.name, func(t *testing.T) { tt.w.check(t, tt.want, tt.also) })
	}
}

// The records of a shadow copy are cited as those of the shadow copy.
func TestShadowCopiesAreCited(t *testing.T) {
	for _, tt := range shadows() {
		r := tt.w.report(t)
		switch tt.name {
		case "the file came between two shadow copies":
			var cited []string
			for _, c := range r.Answer(origin.Appeared).Evidence {
				cited = append(cited, fmt.Sprintf("%s %s %#x", c.Artifact, c.Record, c.Offset))
			}
			if !slices.Contains(cited, "vss1 "+guid(0).String()+" 0x100000") || !slices.ContainsFunc(cited, func(s string) bool { return strings.HasPrefix(s, "vss2/$MFT 200-1 ") }) {
				t.Errorf("cited: %q", cited)
			}
		case "a log was cleared, and a shadow copy has its records":
			if !slices.ContainsFunc(r.Answer(origin.Executed).Evidence, func(c origin.Citation) bool { return c.Artifact == "vss1/Windows/System32/winevt/Logs/Security.evtx" }) {
				t.Errorf("cited: %+v", r.Answer(origin.Executed).Evidence)
			}
			i := slices.IndexFunc(r.Contradictions, func(c origin.Contradiction) bool { return c.Kind == origin.LogCleared })
			if !strings.Contains(r.Contradictions[i].Text, "Shadow copy vss1 of 2026-03-02T14:00:00.1234567Z still has records of it, from 2026-03-02T07:00:00.1234567Z on") {
				t.Errorf("got %q", r.Contradictions[i].Text)
			}
		case "the content was replaced":
			i := slices.IndexFunc(r.Contradictions, func(c origin.Contradiction) bool { return c.Kind == origin.SnapshotDiffers })
			if want := "SHA-256 a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e"; !strings.Contains(r.Contradictions[i].Text, want) {
				t.Errorf("got %q", r.Contradictions[i].Text)
			}
		}
	}
}

// The coverage names each shadow copy, and says whether it was read.
func TestShadowCopiesAreCovered(t *testing.T) {
	states := func(r *origin.Report) (list []string) {
		for _, c := range r.Coverage {
			if strings.HasPrefix(c.Artifact, "vss") && !strings.Contains(c.Artifact, "/") {
				list = append(list, c.Artifact+" "+c.State+" "+c.First.Format(time.TimeOnly)+" "+c.Reason)
			}
		}
		return list
	}
	w := world{files: []mfttest.File{file(noon)}, past: []moment{{created: noon.Add(-time.Hour), world: world{}}, {created: noon.Add(time.Hour), err: errors.New("the list of blocks is damaged")}}}
	if got, want := states(w.report(t)), []string{"vss1 parsed 11:00:00 ", "vss2 unreadable 13:00:00 the list of blocks is damaged"}; !slices.Equal(got, want) {
		t.Errorf("read: %q, want %q", got, want)
	}
	r, err := origin.Investigate(t.Context(), w.volume(t), w.path(), w.withSnapshots(t))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := states(r), []string{"vss1 present_unread 11:00:00 ", "vss2 present_unread 13:00:00 "}; !slices.Equal(got, want) {
		t.Errorf("not read: %q, want %q", got, want)
	}
}
