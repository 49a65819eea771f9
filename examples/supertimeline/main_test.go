package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/examples/internal/machine"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// image writes a volume with a forged file and a service that runs it.
func image(t *testing.T) string {
	t.Helper()
	at := func(hour int) mfttest.Times {
		h := time.Date(2024, 3, 1, hour, 0, 0, 0, time.UTC)
		return mfttest.Times{Created: h, Modified: h, Changed: h, Accessed: h}
	}
	hive := registrytest.Hive{Name: "SYSTEM"}
	hive.Set("Select", at(1).Created, registrytest.DWord("Current", 1))
	hive.Set(`ControlSet001\Services\evil`, at(12).Created.Add(5*time.Minute), registrytest.SZ("ImagePath", `C:\Windows\Temp\evil.exe`))
	system, err := hive.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	honest := at(12)
	b, err := mfttest.Volume{Created: at(0).Created, Files: []mfttest.File{
		{Path: "Windows/System32/config/SYSTEM", Data: system},
		{Path: "Windows/Temp/evil.exe", Times: at(3), FileNameTimes: &honest},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRun(t *testing.T) {
	img := image(t)
	noise := filepath.Join(t.TempDir(), "noise")
	if err := os.WriteFile(noise, []byte("no evidence"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name     string
		args     []string
		code     int
		out, not []string
		problems string
	}{
		{"all events", []string{"-q", "-format", "csv", img}, 0,
			[]string{"time,desc,kind", `C:\Windows\Temp\evil.exe was created ($STANDARD_INFORMATION)`, `autostart service evil`, "2024-03-01T00:00:00"}, nil, ""},
		{"around a forged file: its claimed and its recorded creation", []string{"-q", "-format", "csv", "-around", `C:\windows\temp\EVIL.exe`, img}, 0,
			[]string{`2024-03-01T03:00:00.0000000Z,Creation Time`, `2024-03-01T12:00:00.0000000Z,$FILE_NAME Creation Time`, `autostart service evil`}, []string{"2024-03-01T00:00:00"}, ""},
		{"a narrow window", []string{"-q", "-format", "csv", "-around", `C:\Windows\Temp\evil.exe`, "-window", "1m", img}, 0,
			[]string{"2024-03-01T12:00:00"}, []string{"autostart"}, ""},
		{"no such file", []string{"-around", `C:\Windows\Temp\evli.exe`, img}, 1, nil, nil, `evil.exe`},
		{"not evidence", []string{noise}, 1, nil, nil, "noise"},
		{"no artifacts", []string{t.TempDir()}, 1, nil, nil, "no artifact found"},
		{"unknown format", []string{"-format", "ecs", img}, 2, nil, nil, `format "ecs": want one of timesketch, csv, `},
		{"no argument", nil, 2, nil, nil, "want one EVIDENCE, got 0"},
		{"negative window", []string{"-window", "-1m", img}, 2, nil, nil, "want ≥ 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out, problems bytes.Buffer
			if code := run(context.Background(), tt.args, &out, &problems); code != tt.code {
				t.Errorf("code %d, want %d; stderr %s", code, tt.code, &problems)
			}
			for _, want := range tt.out {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, &out)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(out.String(), not) {
					t.Errorf("%q should not be in\n%s", not, &out)
				}
			}
			if !strings.Contains(problems.String(), tt.problems) || tt.problems == "" && problems.Len() > 0 {
				t.Errorf("stderr %q, want %q", &problems, tt.problems)
			}
		})
	}
}

// The README names the formats that there are.
func TestREADMENamesTheFormats(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(testenv.Root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "`supertimeline [-format " + strings.Join(timeline.Formats(), `\|`) + "]"; !strings.Contains(string(readme), want) {
		t.Errorf("README.md does not have %s", want)
	}
}

// The folder that a collector made of the machine gives the same events as its
// disk.
func TestTriageFolder(t *testing.T) {
	s := origintest.SQLServer()
	disk := machine.Image(t, s)
	events := func(args ...string) []string {
		t.Helper()
		var out, problems bytes.Buffer
		if code := run(context.Background(), append([]string{"-format", "csv"}, args...), &out, &problems); code != 0 || problems.Len() > 0 {
			t.Fatalf("code %d: %s", code, &problems)
		}
		// If an image has several volumes, each artifact is prefixed with its own.
		var lines []string
		for line := range strings.Lines(out.String()) {
			if !strings.Contains(line, ",partition 1: ") {
				lines = append(lines, strings.Replace(line, ",partition 2: ", ",", 1))
			}
		}
		return lines
	}
	for collector, dir := range machine.Folders(t, s) {
		for _, args := range [][]string{nil, {"-around", s.Subject}} {
			want, got := events(append(args, disk)...), events(append(args, dir)...)
			if len(want) < 30 {
				t.Fatalf("%d lines from the image", len(want))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %q: %d lines, from the image %d", collector, args, len(got), len(want))
			}
		}
	}
}

// print runs the program on the scenario's disk.
func print(t *testing.T, format string) []byte {
	t.Helper()
	var out, problems bytes.Buffer
	if code := run(context.Background(), []string{"-format", format, machine.Image(t, origintest.SQLServer())}, &out, &problems); code != 0 || problems.Len() > 0 {
		t.Fatalf("code %d: %s", code, &problems)
	}
	return out.Bytes()
}

// Timesketch accepts only lines that have its three attributes, and its index
// breaks at some hundred different attributes.
func TestTimesketchTakesEveryRow(t *testing.T) {
	attributes := map[string]bool{}
	var last int64
	rows := 0
	for line := range bytes.Lines(print(t, "timesketch")) {
		var row map[string]any
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		for name := range row {
			attributes[name] = true
		}
		for _, name := range []string{"message", "datetime", "timestamp_desc", "data_type", "artifact"} {
			if s, _ := row[name].(string); s == "" {
				t.Errorf("no %s: %s", name, line)
			}
		}
		at, err := time.Parse(time.RFC3339Nano, row["datetime"].(string))
		stamp := int64(row["timestamp"].(float64))
		if err != nil || at.UnixMicro() != stamp || stamp < last {
			t.Errorf("datetime %v, timestamp %d after %d: %v", row["datetime"], stamp, last, err)
		}
		last = stamp
		rows++
	}
	if rows < 500 || len(attributes) > 40 {
		t.Errorf("%d rows with %d different attributes", rows, len(attributes))
	}
}

// The upload that led to the file is among the events of the collected folder and
// of the disk.
func TestTheUploadIsInTheTimeline(t *testing.T) {
	s := origintest.SQLServer()
	for _, args := range [][]string{
		{filepath.Join(testenv.Root(t), "testdata", "sqlserver")},
		{"-around", s.Subject, machine.Image(t, s)},
	} {
		var out, problems bytes.Buffer
		if code := run(context.Background(), append([]string{"-format", "jsonl"}, args...), &out, &problems); code != 0 || problems.Len() > 0 {
			t.Fatalf("%q: code %d: %s", args, code, &problems)
		}
		var uploads []string
		for line := range bytes.Lines(out.Bytes()) {
			var e struct{ Time, Kind, Path, Record, Message string }
			if err := json.Unmarshal(line, &e); err != nil {
				t.Fatal(err)
			}
			if e.Kind == "web.request" && strings.HasPrefix(e.Message, "POST ") {
				uploads = append(uploads, e.Time+" "+e.Path+", "+e.Record+": "+e.Message)
			}
		}
		if want := []string{
			"2026-03-02T13:41:52.0000000Z /portal/upload.aspx, line 364: POST /portal/upload.aspx from 203.0.113.77, status 200, user agent: python-requests/2.31.0",
			"2026-03-02T13:42:11.0000000Z /portal/upload.aspx, line 365: POST /portal/upload.aspx from 203.0.113.77, status 200, user agent: python-requests/2.31.0",
		}; !slices.Equal(uploads, want) {
			t.Errorf("%q: uploads\n%s\nwant\n%s", args, strings.Join(uploads, "\n"), strings.Join(want, "\n"))
		}
	}
}

// With -around, only the web logs of that time are read, and their problems are
// printed.
func TestWebLogsAroundAFile(t *testing.T) {
	at := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	log := []byte("#Fields: date time cs-method cs-uri-stem\r\n2024-03-01 12:00:01 GET /a\r\ndamaged\r\n")
	b, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Windows/System32/x"}, {Path: "evil.exe", Times: mfttest.AllAt(at)},
		{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex240301.log", Data: log}, {Path: "inetpub/logs/LogFiles/W3SVC1/u_ex240117.log", Data: log},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	img := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(img, b, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := run(context.Background(), []string{"-format", "csv", "-around", `C:\evil.exe`, img}, &out, &problems); code != 0 {
		t.Fatalf("code %d: %s", code, &problems)
	}
	if !strings.Contains(out.String(), "GET /a from") {
		t.Errorf("no request in\n%s", &out)
	}
	if got := problems.String(); strings.Count(got, "u_ex240301.log: malformed: weblog: line 3: fields at") != 1 || strings.Contains(got, "u_ex240117") {
		t.Errorf("problems %s", got)
	}
}

// A folder with one web log, or the log alone, is enough.
func TestAWebLogAlone(t *testing.T) {
	const log = "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-method cs-uri-stem\r\n2024-03-01 12:00:01 GET /a\r\n"
	dir := t.TempDir()
	name := filepath.Join(dir, "access.txt")
	if err := os.WriteFile(name, []byte(log), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, evidence := range []string{dir, name} {
		var out, problems bytes.Buffer
		if code := run(context.Background(), []string{"-format", "csv", evidence}, &out, &problems); code != 0 || problems.Len() > 0 {
			t.Fatalf("%s: code %d: %s", evidence, code, &problems)
		}
		if got := strings.Count(out.String(), "web.request"); got != 1 {
			t.Errorf("%s: %d requests in\n%s", evidence, got, &out)
		}
	}
}

// Every format has the same events, in a form that its readers accept.
func TestFormatsAgree(t *testing.T) {
	want := bytes.Count(print(t, "timesketch"), []byte("\n"))
	if got := bytes.Count(print(t, "jsonl"), []byte("\n")); got != want {
		t.Errorf("jsonl: %d lines, want %d", got, want)
	}
	rows, err := csv.NewReader(bytes.NewReader(print(t, "csv"))).ReadAll()
	if err != nil || len(rows) != want+1 {
		t.Errorf("csv: %d rows, want %d and a header: %v", len(rows), want, err)
	}
	body := filepath.Join(t.TempDir(), "body")
	if err := os.WriteFile(body, print(t, "bodyfile"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(testenv.Tool(t, "mactime"), "-b", body, "-d", "-y", "-z", "UTC").CombinedOutput()
	if err != nil {
		t.Fatalf("mactime: %v: %s", err, out)
	}
	// mactime joins equal times of a name, so it prints fewer lines.
	for _, text := range []string{"2026-03-02T13:42:09Z", "C:/ProgramData/USOShared/sqlserver.exe ($FILE_NAME)", "[service.installed]", "[rdp.authenticated]"} {
		if !bytes.Contains(out, []byte(text)) {
			t.Errorf("mactime did not print %s", text)
		}
	}
}
