package task_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
)

// full has a value in every field.
var full = task.Task{
	Author: `CORP\alice`, Date: "2026-03-02T12:00:00.1234567Z", URI: `\Updater`, Description: "a <b> & \"c\"", Source: "Example",
	SecurityDescriptor: "D:(A;;FA;;;BA)",
	Principals: []task.Principal{
		{ID: "Author", UserID: "S-1-5-18", DisplayName: "System", LogonType: "Password", RunLevel: "HighestAvailable"},
		{ID: "Others", GroupID: "S-1-5-32-545"},
	},
	Triggers: []task.Trigger{
		{Kind: "BootTrigger", Disabled: true, Delay: "PT30S"},
		{Kind: "CalendarTrigger", StartBoundary: "2026-03-02T12:00:00", EndBoundary: "2027-03-02T12:00:00", Interval: "PT1H"},
		{Kind: "LogonTrigger", UserID: `CORP\alice`},
		{Kind: "EventTrigger", Subscription: `<QueryList><Query Id="0"/></QueryList>`},
	},
	Disabled: true, Hidden: true, Context: "Author",
	Actions: []task.Action{
		{Kind: "Exec", ID: "first", Command: `%ProgramData%\ü 😀.exe`, Arguments: "/q\t\"x\"", WorkingDirectory: `C:\Windows`},
		{Kind: "ComHandler", ClassID: "{97D47D56-3777-49FB-8E8F-90D7E30E1A1E}", Data: "x"},
		{Kind: "ShowMessage"},
	},
}

func open(t testing.TB, raw []byte) *task.Reader {
	t.Helper()
	r, err := task.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func written(t testing.TB, f tasktest.File) []byte {
	t.Helper()
	raw, err := f.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// What tasktest writes is read back as it was, in every encoding.
func TestWriterAndReaderAgree(t *testing.T) {
	text := written(t, tasktest.File{Task: full, UTF8: true})
	utf16 := written(t, tasktest.File{Task: full})
	be := bytes.Clone(utf16)
	for i := 0; i+1 < len(be); i += 2 {
		be[i], be[i+1] = be[i+1], be[i]
	}
	for name, raw := range map[string][]byte{
		"UTF-16LE":             utf16,
		"UTF-16LE without BOM": utf16[2:],
		"UTF-16BE":             be,
		"UTF-8":                text,
		"UTF-8 with BOM":       append([]byte("\xef\xbb\xbf"), text...),
	} {
		r := open(t, raw)
		if got := r.Task(); !reflect.DeepEqual(*got, full) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, *got, full)
		}
		for p := range r.Problems() {
			t.Errorf("%s: %v", name, p)
		}
	}
	xml, err := tasktest.XML(full)
	if err != nil {
		t.Fatal(err)
	}
	if got, problems, err := task.Parse(xml); err != nil || problems != nil || !reflect.DeepEqual(*got, full) {
		t.Errorf("the text of an event: %+v, %v, %v", got, problems, err)
	}
	if got := open(t, written(t, tasktest.File{})).Task(); !reflect.DeepEqual(*got, task.Task{}) {
		t.Errorf("an empty task: %+v", got)
	}
	for _, bad := range []task.Task{{Author: "\x01"}, {Author: "\xff"}, {Actions: []task.Action{{}}}, {Triggers: []task.Trigger{{Kind: "a b"}}}} {
		if _, err := (tasktest.File{Task: bad}).Bytes(); err == nil {
			t.Errorf("%+v was written", bad)
		}
	}
}

// A task as schtasks.exe wrote it.
func TestTaskOfWindows(t *testing.T) {
	const xml = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\r\n" +
		"<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">\r\n" +
		"  <RegistrationInfo>\r\n    <Date>2026-03-02T12:00:00</Date>\r\n    <Author>CORP\\alice</Author>\r\n    <URI>\\Up</URI>\r\n  </RegistrationInfo>\r\n" +
		"  <Triggers>\r\n    <CalendarTrigger>\r\n      <StartBoundary>2026-03-02T13:00:00</StartBoundary>\r\n      <ScheduleByDay>\r\n        <DaysInterval>1</DaysInterval>\r\n      </ScheduleByDay>\r\n    </CalendarTrigger>\r\n  </Triggers>\r\n" +
		"  <Settings>\r\n    <Enabled>true</Enabled>\r\n    <IdleSettings>\r\n      <Enabled>false</Enabled>\r\n    </IdleSettings>\r\n  </Settings>\r\n" +
		"  <Actions Context=\"Author\">\r\n    <Exec>\r\n      <Command>C:\\x.exe</Command>\r\n      <Arguments>-a</Arguments>\r\n    </Exec>\r\n  </Actions>\r\n" +
		"  <Principals>\r\n    <Principal id=\"Author\">\r\n      <UserId>S-1-5-18</UserId>\r\n    </Principal>\r\n  </Principals>\r\n</Task>"
	got := open(t, append([]byte{0xff, 0xfe}, wtf8.Encode(xml)...)).Task()
	want := task.Task{
		Author: `CORP\alice`, Date: "2026-03-02T12:00:00", URI: `\Up`, Context: "Author",
		Principals: []task.Principal{{ID: "Author", UserID: "S-1-5-18"}},
		Triggers:   []task.Trigger{{Kind: "CalendarTrigger", StartBoundary: "2026-03-02T13:00:00"}},
		Actions:    []task.Action{{Kind: "Exec", Command: `C:\x.exe`, Arguments: "-a"}},
	}
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("got  %+v\nwant %+v", *got, want)
	}
	if got := got.Actions[0].CommandLine(); got != `C:\x.exe -a` {
		t.Errorf("command line %q", got)
	}
}

func TestRegistered(t *testing.T) {
	for _, tt := range []struct {
		date string
		want time.Time // zero: unknown
	}{
		{"2026-03-02T12:00:00.1234567Z", time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)},
		{"2026-03-02T12:00:00+02:00", time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)},
		{"2026-03-02T12:00:00", time.Time{}}, // local time
		{"0001-01-01T00:00:00Z", time.Time{}},
		{"soon", time.Time{}},
		{"", time.Time{}},
	} {
		got, ok := (&task.Task{Date: tt.date}).Registered()
		if !got.Equal(tt.want) || ok == tt.want.IsZero() {
			t.Errorf("%q: %v, %v; want %v", tt.date, got, ok, tt.want)
		}
	}
}

func TestCommandLine(t *testing.T) {
	for _, tt := range []struct{ command, arguments, want string }{
		{`C:\x.exe`, "", `C:\x.exe`},
		{`C:\x.exe`, "-a b", `C:\x.exe -a b`},
		{`C:\a b\x.exe`, "-a", `"C:\a b\x.exe" -a`},
		{`"C:\a b\x.exe"`, "", `"C:\a b\x.exe"`},
		{"", "", ""},
	} {
		if got := (&task.Action{Command: tt.command, Arguments: tt.arguments}).CommandLine(); got != tt.want {
			t.Errorf("%s, %s: %s, want %s", tt.command, tt.arguments, got, tt.want)
		}
	}
}

func TestRunsAs(t *testing.T) {
	two := []task.Principal{{ID: "a", UserID: "alice"}, {ID: "b", UserID: "bob"}}
	for _, tt := range []struct {
		name string
		task task.Task
		want string
	}{
		{"by its ID", task.Task{Principals: two, Context: "b"}, "bob"},
		{"the only one", task.Task{Principals: two[:1]}, "alice"},
		{"one that is not there", task.Task{Principals: two, Context: "c"}, ""},
		{"none", task.Task{}, ""},
	} {
		if got := tt.task.RunsAs().UserID; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// Each kind of damage costs what it hits, and is reported with its place.
func TestDamageLosesOnlyItself(t *testing.T) {
	const begin = `<Task><RegistrationInfo><Author>me</Author></RegistrationInfo>`
	for _, tt := range []struct {
		name, xml string
		problems  []string
		actions   int
	}{
		{"sound", begin + `<Actions><Exec/></Actions></Task>` + "\r\n\x00", nil, 1},
		{"cut off", begin + `<Actions><Exec><Command>C:\x`,
			[]string{`truncation: task: Task/Actions/Exec/Command: XML at 0x5a: unexpected EOF`}, 1},
		{"a tag that does not match", begin + `<Actions><Exec></Actions></Task>`,
			[]string{`malformed: task: Task/Actions/Exec: XML at 0x4d: element <Exec> closed by </Actions>`}, 1},
		{"an entity that is not declared", begin + `<Actions><Exec>&x;</Exec></Actions></Task>`,
			[]string{`malformed: task: Task/Actions/Exec: XML at 0x4d: invalid character entity &x;`}, 1},
		{"a document type, which is ignored", `<!DOCTYPE x [<!ENTITY y SYSTEM "file:///c:/x">]>` + begin + `</Task>`, nil, 0},
		{"another task behind it", begin + `</Task><Task/>`,
			[]string{`malformed: task: after the task at 0x45: got 7 bytes, want the end of the file`}, 0},
		{"two authors", begin + `<RegistrationInfo><Author>you</Author></RegistrationInfo></Task>`,
			[]string{`conflict: task: Task/RegistrationInfo/Author: second element at 0x5b: got "you", want one`}, 0},
		{"enabled or not", begin + `<Settings><Enabled>maybe</Enabled></Settings></Task>`,
			[]string{`malformed: task: Task/Settings/Enabled: value at 0x56: got "maybe", want true or false`}, 0},
		{"too deep", begin + strings.Repeat("<a>", 100) + `</Task>`,
			[]string{`limit: task: Task` + strings.Repeat("/a", 31) + `: depth of elements at 0x9b: got 33`}, 0},
		{"too many actions", begin + `<Actions>` + strings.Repeat("<Exec><Command>x</Command></Exec>", 300) + `</Actions></Task>`,
			[]string{`limit: task: Task/Actions: number of actions at 0x2147: got 257`}, 256},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := open(t, []byte(tt.xml))
			var got []string
			for p := range r.Problems() {
				got = append(got, p.String())
			}
			if !reflect.DeepEqual(got, tt.problems) {
				t.Errorf("got  %q\nwant %q", got, tt.problems)
			}
			if task := r.Task(); task.Author != "me" || len(task.Actions) != tt.actions {
				t.Errorf("author %q, %d actions, want %d", task.Author, len(task.Actions), tt.actions)
			}
		})
	}
}

// The offset of damage is that in the file, not in its text.
func TestOffsetInUTF16(t *testing.T) {
	r := open(t, append([]byte{0xff, 0xfe}, wtf8.Encode(`<Task><a>😀ü</a></b>`)...))
	for p := range r.Problems() {
		if want := int64(2 + 2*len("<Task><a>") + 4 + 2 + 2*len("</a>")); p.Err.Offset != want {
			t.Errorf("%v, want %#x", p, want)
		}
		return
	}
	t.Error("no problem")
}

func TestNotATask(t *testing.T) {
	for name, raw := range map[string]string{
		"an empty file": "", "another element": "<Tasks/>", "text": "text", "zeros": "\x00\x00\x00", "half a mark": "\xff", "only a mark": "\xff\xfe",
		"only a declaration": `<?xml version="1.0"?>`, "a job of Windows XP": "\x01\x05\x01\x00\xd5\x0e",
	} {
		_, err := task.NewReader(strings.NewReader(raw), int64(len(raw)))
		if !errors.Is(err, task.ErrNotTask) || !damage.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, _, err := task.Parse("text"); !errors.Is(err, task.ErrNotTask) || got == nil {
		t.Errorf("Parse: %v, %v", got, err)
	}
}

// A task that is larger than what is read is read up to there.
func TestLargeTask(t *testing.T) {
	raw := `<Task><RegistrationInfo><Author>me</Author></RegistrationInfo><!--` + strings.Repeat(" ", 5<<20) + `--></Task>`
	r := open(t, []byte(raw))
	var kinds []damage.Kind
	for p := range r.Problems() {
		kinds = append(kinds, p.Kind)
	}
	if fmt.Sprint(kinds) != "[truncation limit]" || r.Task().Author != "me" {
		t.Errorf("%v, author %q", kinds, r.Task().Author)
	}
}

func TestCarelessCode(t *testing.T) {
	var none *task.Reader
	for range none.Problems() {
		t.Error("a nil Reader has problems")
	}
	if none.Close() != nil || none.Task().Author != "" {
		t.Error("a nil Reader has something")
	}
}
