package origin_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A trap is a machine on which a careless answer would be wrong, with the right
// answers.
type trap struct {
	name string
	w    world
	want findings
	also kinds
}

// Each trap makes something look like an answer that is not one, or hides an answer.
func TestTraps(t *testing.T) {
	for _, tt := range traps() {
		t.Run(tt.name, func(t *testing.T) { tt.w.check(t, tt.want, tt.also) })
	}
}

func traps() []trap {
	const browser, shell, system32 = `C:\Program Files\browser.exe`, `C:\Windows\System32\cmd.exe`, `C:\Windows\System32\`
	hour := time.Hour
	hash := "SHA256=" + strings.ToUpper("c9a8e77ac3a9cd3d5a0a4ae4ca1a4ae4ca1a4ae4ca1a4ae4ca1a4ae4ca1a4ae4")
	service := func(command string, start uint32, lastWrite time.Time) *registrytest.Hive {
		h := &registrytest.Hive{Name: "SYSTEM"}
		h.Set(`ControlSet001\Services\Trap`, lastWrite, registrytest.ExpandSZ("ImagePath", command), registrytest.DWord("Start", start), registrytest.DWord("Type", 0x10))
		return h
	}
	installed := &evtx.System7045{System: sys("System", "Service Control Manager", 7045, noon.Add(hour)), ServiceName: "Trap", ImagePath: trapFile}
	run := started(7, trapFile, trapFile, noon.Add(hour), 2, system32+"services.exe")
	runBefore := started(7, trapFile, trapFile, noon.Add(-hour), 2, system32+"services.exe")
	runBefore.Hashes = hash
	stamp := func(t time.Time) evtx.Value {
		return evtx.NewValue(evtx.FileTimeType, binary.LittleEndian.AppendUint64(nil, filetime.Ticks(t)))
	}
	stick, arrived := noon.AddDate(-3, 0, 0).Truncate(2*time.Second), mfttest.AllAt(noon.Add(hour))
	return append(slices.Concat(logTraps(), slackTraps(), journalTraps()), []trap{
		{"the record is of a file that had the path before; this one was renamed into place",
			world{files: []mfttest.File{file(noon.Add(hour))}, sysmon: []any{wrote(1, browser, noon, noon)}},
			findings{origin.Appeared: "inferred", origin.Writer: "inferred", origin.Account: "inferred", origin.OriginalName: "inferred"}, nil},
		{"the path was written before, and that file deleted",
			world{files: []mfttest.File{file(noon.Add(hour))}, sysmon: []any{wrote(1, browser, noon, noon), wrote(2, shell, noon.Add(hour), noon.Add(hour))}},
			findings{origin.Appeared: "recorded", origin.Writer: "recorded image=" + shell}, kinds{absent(origin.ContentReplaced)}},
		{"another process replaced the content",
			world{files: []mfttest.File{file(noon)}, sysmon: []any{wrote(1, browser, noon, noon), wrote(2, shell, noon.Add(hour), noon)}},
			findings{origin.Appeared: "recorded", origin.Writer: "inferred image=" + browser}, kinds{origin.ContentReplaced}},
		{"the same process wrote twice",
			world{files: []mfttest.File{file(noon)}, sysmon: []any{wrote(1, browser, noon, noon), wrote(1, browser, noon.Add(time.Second), noon)}},
			findings{origin.Writer: "recorded image=" + browser}, kinds{absent(origin.ContentReplaced)}},
		{"the creation time was set back, which Sysmon saw",
			world{files: []mfttest.File{file(noon.AddDate(-3, 0, 0))}, sysmon: []any{wrote(1, shell, noon, noon), &evtx.Sysmon2{System: sysmonAt(2, noon.Add(hour)), UtcTime: noon.Add(hour),
				TargetFilename: trapFile, CreationUtcTime: noon.AddDate(-3, 0, 0), PreviousCreationUtcTime: noon}}},
			findings{origin.Appeared: "corroborated logged=2026-03-02T12:00:00.123Z", origin.Writer: "recorded"}, kinds{origin.TimeChanged}},
		{"both sets of times were set back, and only the $MFT shows it",
			world{files: []mfttest.File{{Path: "a", Times: mfttest.AllAt(noon)}, {Path: "b", Times: mfttest.AllAt(noon)}, {Path: "c", Times: mfttest.AllAt(noon)}, {Path: "d", Times: mfttest.AllAt(noon)},
				{Path: trapPath, Entry: 90, Times: mfttest.Times{Created: noon.AddDate(-3, 0, 0), Modified: noon, Changed: noon, Accessed: noon}}}},
			findings{origin.Appeared: "inferred"}, kinds{origin.EntryOrder}},
		{"a file moved here from a stick with FAT, which has its times",
			world{files: []mfttest.File{{Path: "a", Times: mfttest.AllAt(noon)}, {Path: "b", Times: mfttest.AllAt(noon)}, {Path: "c", Times: mfttest.AllAt(noon)}, {Path: "d", Times: mfttest.AllAt(noon)},
				{Path: trapPath, Entry: 90, FileNameTimes: &arrived, Times: mfttest.Times{Created: stick.Add(840 * time.Millisecond), Modified: stick.Add(2 * time.Second), Changed: arrived.Changed.Add(time.Second), Accessed: arrived.Accessed}}}},
			findings{origin.Arrival: "inferred operation=moved_from_fat"}, kinds{absent(origin.EntryOrder), absent(origin.SIBeforeFN), absent(origin.ZeroSubseconds)}},

		{"the logon of another machine has the writer's LogonId",
			world{files: []mfttest.File{file(noon)}, hive: named("TRAP"), sysmon: []any{started(1, shell, "", noon.Add(-time.Second), 2, shell), wrote(1, shell, noon, noon)},
				security: []any{loggedOn(0x1234, 2, "-", noon.Add(-hour)), at("DC02", loggedOn(0x1234, 3, "203.0.113.99", noon.Add(-time.Minute))), audited(400, 4, shell, shell, noon.Add(hour))}},
			findings{origin.Logon: "recorded logon_type=2"}, kinds{absent(origin.MachineUnsettled), absent(origin.OtherName)}},
		{"only another machine's records name the path",
			world{files: []mfttest.File{file(noon)}, hive: named("TRAP"), sysmon: []any{at("APP07.corp.example", started(1, shell, "", noon.Add(-time.Second), 2, shell)), at("APP07.corp.example", wrote(1, shell, noon.Add(-hour), noon.Add(-hour))), at("APP07.corp.example", started(7, trapFile, "", noon.Add(hour), 1, shell))}},
			findings{origin.Writer: "unknown source_absent", origin.Executed: "unknown source_absent"}, nil},
		{"nothing settles which of two machines the logs are of",
			world{files: []mfttest.File{file(noon)}, sysmon: []any{wrote(1, shell, noon, noon)}, security: []any{at("DC02", loggedOn(0x1234, 3, "203.0.113.99", noon.Add(-time.Minute)))}},
			findings{origin.Writer: "inferred image=" + shell}, kinds{origin.MachineUnsettled}},
		{"the records of the image that the machine was made from",
			world{files: []mfttest.File{file(noon)}, hive: named("TRAP"), sysmon: []any{at("BUILDER", wrote(1, shell, noon, noon)), started(5, browser, "", noon.Add(hour), 2, shell)}},
			findings{origin.Writer: "inferred image=" + shell}, kinds{origin.OtherName}},
		{"a machine that was renamed",
			world{files: []mfttest.File{file(noon)}, hive: named("TRAP"), sysmon: []any{at("OLD", wrote(1, shell, noon, noon)), started(5, browser, "", noon.Add(hour), 2, shell)},
				system: []any{&evtx.System6011{System: sys("System", "EventLog", 6011, noon.Add(time.Minute)), OldName: "OLD", NewName: "TRAP"}}},
			findings{origin.Writer: "recorded image=" + shell}, kinds{absent(origin.OtherName)}},

		{"the path was run before the file existed",
			world{files: []mfttest.File{file(noon)}, sysmon: []any{runBefore, wrote(1, shell, noon, noon)}},
			findings{origin.Executed: "unknown outside_retention"}, kinds{origin.RanBeforeCreation}},
		{"a run by the 8.3 name",
			world{files: []mfttest.File{{Path: trapPath, ShortName: "TRAP-W~1.EXE", Times: mfttest.AllAt(noon)}}, sysmon: []any{started(7, `C:\Data\TRAP-W~1.EXE`, "", noon.Add(hour), 2, shell)}},
			findings{origin.Executed: "recorded count=1"}, nil},
		{"a run by the 8.3 name of another file",
			world{files: []mfttest.File{file(noon), {Path: "Data/trap-with-another-name.exe", ShortName: "TRAP-W~1.EXE"}}, sysmon: []any{started(7, `C:\Data\TRAP-W~1.EXE`, "", noon.Add(hour), 2, shell)}},
			findings{origin.Executed: "unknown outside_retention"}, nil},
		{"a run by the 8.3 name of a file that was deleted since",
			world{files: []mfttest.File{{Path: trapPath, ShortName: "TRAP-W~1.EXE", Deleted: true, Times: mfttest.AllAt(noon), Owner: owner}}, sysmon: []any{started(7, `C:\Data\TRAP-W~1.EXE`, "", noon.Add(hour), 2, shell)}},
			findings{origin.Executed: "recorded count=1"}, kinds{origin.RunWithoutFile}},
		{"a run by the 8.3 name that another file has now",
			world{files: []mfttest.File{{Path: trapPath, ShortName: "TRAP-W~1.EXE", Deleted: true, Times: mfttest.AllAt(noon), Owner: owner}, {Path: "Data/trap-with-another-name.exe", ShortName: "TRAP-W~1.EXE"}}, sysmon: []any{started(7, `C:\Data\TRAP-W~1.EXE`, "", noon.Add(hour), 2, shell)}},
			findings{origin.Executed: "unknown outside_retention"}, nil},
		{"the 8.3 path of the file",
			world{subject: `C:\Data\TRAP-W~1.EXE`, files: []mfttest.File{{Path: trapPath, ShortName: "TRAP-W~1.EXE", Data: []byte("trap"), Times: mfttest.AllAt(noon)}}, sysmon: []any{started(7, trapFile, "", noon.Add(hour), 2, shell)}},
			findings{origin.Executed: "recorded count=1"}, nil},
		{"the 8.3 path of the file that was deleted",
			world{subject: `C:\Data\TRAP-W~1.EXE`, files: []mfttest.File{{Path: trapPath, ShortName: "TRAP-W~1.EXE", Deleted: true, Times: mfttest.AllAt(noon), Owner: owner}}, sysmon: []any{started(7, trapFile, "", noon.Add(hour), 2, shell)}},
			findings{origin.Executed: "recorded count=1"}, kinds{origin.RunWithoutFile}},
		{"a file of the same path on another drive",
			world{files: []mfttest.File{file(noon)}, sysmon: []any{started(7, strings.Replace(trapFile, "C:", "D:", 1), "", noon.Add(hour), 2, shell)}},
			findings{origin.Executed: "unknown outside_retention"}, nil},
		{"the file was deleted, and its entry shows it",
			world{files: []mfttest.File{{Path: trapPath, Deleted: true, Times: mfttest.AllAt(noon), Owner: owner}}, sysmon: []any{run}},
			findings{origin.Executed: "recorded", origin.Appeared: "inferred time=2026-03-02T12:00:00.1234567Z"}, kinds{origin.RunWithoutFile}},

		{"a service that was removed",
			world{files: []mfttest.File{file(noon)}, system: []any{installed}, hive: service(`C:\other.exe`, 2, noon)},
			findings{origin.Autostart: "recorded state=removed"}, nil},
		{"a service that is disabled",
			world{files: []mfttest.File{file(noon)}, system: []any{installed}, hive: service(trapFile, 4, noon.Add(hour))},
			findings{origin.Autostart: "recorded state=disabled"}, nil},
		{"a service whose key has no time",
			world{files: []mfttest.File{file(noon)}, hive: service(trapFile, 2, time.Time{})},
			findings{origin.Autostart: "recorded state=held"}, nil},
		{"a registry value that only lists what was run",
			world{files: []mfttest.File{file(noon)}, hive: service(`C:\other.exe`, 2, noon), sysmon: []any{&evtx.Sysmon13{System: sysmonAt(13, noon.Add(hour)), UtcTime: noon.Add(hour), EventType: "SetValue",
				TargetObject: `HKU\` + owner + `\Software\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Layers\x`, Details: trapFile}}},
			findings{origin.Autostart: "unknown partly_searched :not searched: the hive SOFTWARE is not available, the hives of users are not available."}, nil},

		{"a program that has only the name of the web server's",
			world{files: []mfttest.File{file(noon)}, sysmon: []any{started(3, shell, "", noon.Add(-time.Second), 2, `C:\Users\Public\w3wp.exe`), wrote(3, shell, noon, noon)}},
			findings{origin.WebEntry: "unknown partly_searched :not known to be web servers"}, nil},
		{"the PID of the parent is that of a web server before the restart",
			world{files: []mfttest.File{file(noon)}, security: []any{audited(100, 4, system32+`inetsrv\w3wp.exe`, "", noon.Add(-9*hour)), &evtx.Event{System: securityAt(4608, noon.Add(-8*hour))},
				audited(200, 100, shell, "", noon.Add(-time.Second)), audited(300, 4, shell, "", noon.Add(hour))}},
			findings{origin.Writer: "inferred image=" + shell, origin.WebEntry: "unknown partly_searched"}, nil},
		{"the PID of the parent was that of a web server, and the child names another parent",
			world{files: []mfttest.File{file(noon)}, security: []any{audited(100, 4, system32+`inetsrv\w3wp.exe`, "", noon.Add(-9*hour)),
				audited(200, 100, shell, `C:\Windows\explorer.exe`, noon.Add(-time.Second)), audited(300, 4, shell, "", noon.Add(hour))}},
			findings{origin.Writer: "inferred", origin.WebEntry: "unknown searched_empty"}, nil},

		{"no record names the owner's account",
			world{files: []mfttest.File{file(noon)}, sysmon: []any{started(1, shell, "", noon.Add(-time.Second), 2, ""), wrote(1, shell, noon, noon)}},
			findings{origin.Account: "recorded sid="}, kinds{absent(origin.OwnerNotWriter)}},
		{"the mark of the web was removed",
			world{files: []mfttest.File{file(noon)}, sysmon: []any{wrote(1, browser, noon, noon), &evtx.Sysmon15{System: sysmonAt(15, noon), UtcTime: noon, TargetFilename: trapFile + ":Zone.Identifier",
				Contents: "[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://198.51.100.1/t.exe\r\n"}}},
			findings{origin.Arrival: "recorded url=http://198.51.100.1/t.exe"}, kinds{origin.MarkRemoved}},
		{"the mark of the web is that of a deleted file that had the path",
			world{files: []mfttest.File{file(noon), {Path: trapPath, Deleted: true, Entry: 120, Times: mfttest.AllAt(noon.Add(-hour)), Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://198.51.100.1/d.exe\r\n")}}}},
				sysmon: []any{wrote(1, shell, noon, noon)}},
			findings{origin.Arrival: "unknown searched_empty"}, nil},
		{"the writer had the path of the file, and its deleted file is marked",
			world{files: []mfttest.File{file(noon), {Path: trapPath, Deleted: true, Entry: 120, Times: mfttest.AllAt(noon.Add(-hour)), Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://198.51.100.1/d.exe\r\n")}}}},
				sysmon: []any{started(1, trapFile, "", noon.Add(-time.Second), 2, shell), wrote(1, trapFile, noon, noon)}},
			findings{origin.Writer: "recorded image=" + trapFile, origin.Arrival: "inferred url=http://198.51.100.1/d.exe"}, nil},
		{"a marked file took the path of the writer after it had run",
			world{files: []mfttest.File{file(noon), {Path: "Users/a/drop.exe", Times: mfttest.AllAt(noon.Add(hour)), Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://198.51.100.1/d.exe\r\n")}}}},
				sysmon: []any{started(1, `C:\Users\a\drop.exe`, "", noon.Add(-time.Second), 2, ""), wrote(1, `C:\Users\a\drop.exe`, noon, noon)}},
			findings{origin.Arrival: "inferred kind=dropped"}, nil},
		{"the clock was set",
			world{files: []mfttest.File{file(noon)}, system: []any{&evtx.Event{System: sys("System", "Microsoft-Windows-Kernel-General", 1, noon), Element: "EventData",
				Fields: []evtx.Field{{Name: "NewTime", Value: stamp(noon)}, {Name: "OldTime", Value: stamp(noon.Add(3 * hour))}}}}},
			nil, kinds{origin.ClockChanged}},
		{"the clock was set, according to the Security log",
			world{files: []mfttest.File{file(noon)}, security: []any{&evtx.Security4616{System: securityAt(4616, noon), PreviousTime: noon.Add(3 * hour), NewTime: noon}}},
			nil, kinds{origin.ClockChanged}},
		{"the time service corrected the clock",
			world{files: []mfttest.File{file(noon)}, system: []any{&evtx.Event{System: sys("System", "Microsoft-Windows-Kernel-General", 1, noon), Element: "EventData",
				Fields: []evtx.Field{{Name: "NewTime", Value: stamp(noon)}, {Name: "OldTime", Value: stamp(noon.Add(time.Second))}}}}},
			nil, kinds{absent(origin.ClockChanged)}},
	}...)
}

// The subject is on D:, and its records are on C:. A log on D: may be from any
// machine.
func TestSubjectOnAnotherVolume(t *testing.T) {
	const path = `D:\Sites\drop.exe`
	shell := `C:\Windows\System32\cmd.exe`
	write := wrote(1, shell, noon, noon)
	write.TargetFilename = path
	run := started(7, path, path, noon.Add(time.Hour), 2, `C:\Windows\System32\services.exe`)
	system := world{sysmon: []any{started(1, shell, "", noon.Add(-time.Second), 2, ""), write, run}, hive: &registrytest.Hive{Name: "SYSTEM"},
		files: []mfttest.File{{Path: "Sites/drop.exe", Data: []byte("of the same path on C:"), Times: mfttest.AllAt(noon.Add(-time.Hour))}}}
	system.hive.Set(`ControlSet001\Services\Drop`, noon.Add(time.Minute), registrytest.ExpandSZ("ImagePath", path), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
	alien, err := evtxtest.Bytes(audited(900, 4, path, "", noon.Add(-time.Minute)))
	if err != nil {
		t.Fatal(err)
	}
	second := world{sysmon: []any{started(7, path, path, noon.Add(2*time.Hour), 2, `C:\Windows\System32\services.exe`)}} // of another Windows
	image, err := mfttest.Volume{Files: []mfttest.File{{Path: "Sites/drop.exe", Data: []byte("trap"), Times: mfttest.AllAt(noon)}, {Path: "Backup/Security.evtx", Data: alien}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	data, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := origin.Investigate(context.Background(), data, path, origin.WithDrive("D"), origin.WithVolume(system.volume(t), "C"), origin.WithVolume(second.volume(t), "E"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Subject.Path != path || r.Subject.Size != 4 || r.Subject.Volume != "D:" {
		t.Errorf("the subject is %+v", r.Subject)
	}
	for _, tt := range []struct {
		question              origin.Question
		artifact, fact, value string
	}{
		{origin.Appeared, "$MFT", "time", "2026-03-02T12:00:00.1234567Z"},
		{origin.Writer, "C:/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx", "image", shell},
		{origin.Executed, "C:/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx", "count", "1"},
		{origin.Autostart, "C:/Windows/System32/config/SYSTEM", "name", "Drop"},
	} {
		a := r.Answer(tt.question)
		if a.Grade != origin.Recorded || a.Fact(tt.fact) != tt.value || len(a.Evidence) == 0 || a.Evidence[0].Artifact != tt.artifact {
			t.Errorf("%s is %s: %s %+v", tt.question, a.Grade, a.Answer, a.Evidence)
		}
	}
	seen := map[string]int{}
	for _, c := range r.Coverage {
		seen[c.Artifact]++
		if strings.Contains(c.Artifact, "Backup") {
			t.Errorf("%s is read, but may be of another machine", c.Artifact)
		}
		if c.State == "absent" && strings.Contains(c.Artifact, "Sysmon") {
			t.Errorf("%s is called absent, but is on C:", c.Artifact)
		}
		if seen[c.Artifact] > 1 {
			t.Errorf("%s is listed twice", c.Artifact)
		}
	}
	if !slices.ContainsFunc(r.Events, func(e origin.Event) bool { return strings.HasPrefix(e.Artifact, "C:/") }) {
		t.Error("no event of C: is around the creation")
	}
}
