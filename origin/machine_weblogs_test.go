package origin_test

import (
	"context"
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

// childOfServer is a machine on which a child of a web server writes the subject.
func childOfServer(files ...mfttest.File) world { return childSince(noon.Add(-time.Second), files...) }

// childSince is childOfServer with the time at which the child was started.
func childSince(at time.Time, files ...mfttest.File) world {
	const shell, server = `C:\Windows\System32\cmd.exe`, `C:\Windows\System32\inetsrv\w3wp.exe`
	return world{files: append([]mfttest.File{file(noon)}, files...),
		sysmon: []any{started(3, server, "", noon.Add(-2*time.Hour), 0, ""), started(1, shell, "", at, 3, server), wrote(1, shell, noon, noon)}}
}

// webCoverage lists the web logs in the coverage of a report.
func webCoverage(r *origin.Report) []string {
	var list []string
	for _, c := range r.Coverage {
		if strings.Contains(c.Artifact, "u_ex") || strings.Contains(c.Artifact, "inetpub") {
			list = append(list, c.State+" "+c.Artifact)
		}
	}
	return list
}

// Web logs on another volume of the machine count if they are where IIS writes them.
// A copy anywhere else may be of another machine.
func TestWebLogsOfOtherVolumes(t *testing.T) {
	const public = "203.0.113.5"
	log := requests("POST /up.aspx " + public)
	for _, tt := range []struct {
		name     string
		other    fs.FS
		want     string // grade, and words of the answer
		coverage []string
	}{
		{"in their place", fstest.MapFS{log.Path: {Data: log.Data}}, "corroborated POST /up.aspx from " + public,
			[]string{"parsed D:/inetpub/logs/LogFiles/W3SVC1/u_ex260302.log"}},
		{"a copy", fstest.MapFS{"Backup/WEB02/u_ex260302.log": {Data: log.Data}}, "inferred no web server log is available",
			[]string{"absent inetpub/logs/LogFiles"}},
		{"none", fstest.MapFS{"x": {}}, "inferred no web server log is available", []string{"absent inetpub/logs/LogFiles"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := origin.Investigate(context.Background(), childOfServer().volume(t), trapFile, origin.WithVolume(tt.other, "d"))
			if err != nil {
				t.Fatal(err)
			}
			grade, words, _ := strings.Cut(tt.want, " ")
			if a := r.Answer(origin.WebEntry); string(a.Grade) != grade || !strings.Contains(a.Answer, words) {
				t.Errorf("%s: %s; want %s", a.Grade, a.Answer, tt.want)
			}
			if got := webCoverage(r); !slices.Equal(got, tt.coverage) {
				t.Errorf("coverage %q, want %q", got, tt.coverage)
			}
			shown := slices.ContainsFunc(r.Events, func(e origin.Event) bool { return e.Kind == "web.request" })
			if shown != (grade == "corroborated") {
				t.Errorf("requests are among the events: %v", shown)
			}
		})
	}
}

// Logs of other days are not read. If the day is unknown none is read, and the report
// says so.
func TestWebLogsOfOtherDays(t *testing.T) {
	day := requests("POST /up.aspx 203.0.113.5")
	old := day
	old.Path = "inetpub/logs/LogFiles/W3SVC1/u_ex250117.log"
	r, err := origin.Investigate(context.Background(), childOfServer(day, old).volume(t), trapFile)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := webCoverage(r), []string{"parsed " + day.Path}; !slices.Equal(got, want) {
		t.Errorf("coverage %q, want %q", got, want)
	}
	// A run is known, but no creation.
	const gone = `C:\Data\gone.exe`
	w := world{files: []mfttest.File{day, old}, sysmon: []any{&evtx.Sysmon23{System: sysmonAt(23, noon), UtcTime: noon, Image: `C:\a.exe`, TargetFilename: gone}}}
	if r, err = origin.Investigate(context.Background(), w.volume(t), gone); err != nil {
		t.Fatal(err)
	}
	if got, want := webCoverage(r), []string{"present_unread " + old.Path, "present_unread " + day.Path}; !slices.Equal(got, want) {
		t.Errorf("without a creation: coverage %q, want %q", got, want)
	}
}

// The request is found by the time at which the server started the child, however many
// others there are, and however long the child waited.
func TestRequestAmongMany(t *testing.T) {
	const head = "#Fields: date time cs-method cs-uri-stem c-ip sc-status time-taken\r\n"
	crowd := strings.Repeat("2026-03-02 11:55:00 GET / 192.0.2.9 200 5\r\n", 70_000)
	for _, tt := range []struct {
		name, log string
		started   time.Time
	}{
		{"a busy server", head + crowd + "2026-03-02 12:00:01 POST /up.aspx 203.0.113.5 200 2000\r\n" + crowd, noon.Add(-time.Second)},
		{"a child that waited", head + "2026-03-02 11:00:01 POST /up.aspx 203.0.113.5 200 2000\r\n2026-03-02 12:00:01 GET / 192.0.2.9 200 5\r\n", noon.Add(-time.Hour)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log := mfttest.File{Path: "inetpub/logs/LogFiles/W3SVC1/u_ex260302.log", Data: []byte(tt.log)}
			r, err := origin.Investigate(context.Background(), childSince(tt.started, log).volume(t), trapFile)
			if err != nil {
				t.Fatal(err)
			}
			if a := r.Answer(origin.WebEntry); a.Grade != origin.Corroborated || a.Fact("url") != "/up.aspx" || a.Rivals != nil {
				t.Errorf("%s: %s %q", a.Grade, a.Answer, a.Rivals)
			}
		})
	}
}
