package origin_test

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

const (
	trapFile = `C:\Data\trap-with-a-long-name.exe`
	trapPath = "Data/trap-with-a-long-name.exe"
	owner    = "S-1-5-21-1-2-3-1000"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 123_456_700, time.UTC)

// world is a small machine with a trap.
type world struct {
	subject                  string // of the investigation; trapFile without one
	files                    []mfttest.File
	sysmon, security, system []any
	sessions                 []any                        // of the LocalSessionManager
	hive                     *registrytest.Hive           // SYSTEM
	dirty                    bool                         // the hive was not closed cleanly
	next                     *registrytest.Hive           // what its transaction log makes of it
	computer                 string                       // in the records of its logs
	logs                     map[string][]evtx.TypedEvent // any others, by their paths
	journal                  []change                     // in their order
	journalMade              time.Time                    // by its identifier; there is none if it is zero
	log                      []byte                       // $LogFile
	volumeID                 mft.GUID                     // identifier of the volume; zero for none
	collected                bool                         // as files in a folder, with the $MFT
	past                     []moment                     // its shadow copies, the oldest first
}

// file is the subject, created at a time.
func file(created time.Time) mfttest.File {
	return mfttest.File{Path: trapPath, Data: []byte("trap"), Times: mfttest.AllAt(created), Owner: owner}
}

func guid(n byte) evtx.GUID { return evtx.GUID{1, 2, 3, 15: n} }

func sys(channel, provider string, id uint16, at time.Time) evtx.System {
	return evtx.System{Provider: provider, EventID: id, Level: 4, TimeCreated: at, Channel: channel, Computer: "TRAP"}
}

func sysmonAt(id uint16, at time.Time) evtx.System {
	return sys("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", id, at)
}

func securityAt(id uint16, at time.Time) evtx.System {
	return sys("Security", "Microsoft-Windows-Security-Auditing", id, at)
}

// started is Sysmon 1.
func started(n byte, image, line string, at time.Time, parent byte, parentImage string) *evtx.Sysmon1 {
	return &evtx.Sysmon1{System: sysmonAt(1, at), UtcTime: at.Truncate(time.Millisecond), ProcessGuid: guid(n), ProcessId: 100 + uint32(n), Image: image, CommandLine: line,
		User: `TRAP\user`, LogonId: 0x1234, ParentProcessGuid: guid(parent), ParentProcessId: 100 + uint32(parent), ParentImage: parentImage}
}

// wrote is Sysmon 11 about a file that was created at that time, or before.
func wrote(n byte, image string, at, created time.Time) *evtx.Sysmon11 {
	return &evtx.Sysmon11{System: sysmonAt(11, at), UtcTime: at.Truncate(time.Millisecond), ProcessGuid: guid(n), ProcessId: 100 + uint32(n), Image: image,
		TargetFilename: trapFile, CreationUtcTime: created.Truncate(time.Millisecond), User: `TRAP\user`}
}

// audited is 4688 without Sysmon; parentImage is "" before Windows 10.
func audited(pid, parent uint64, image, parentImage string, at time.Time) *evtx.Security4688 {
	return &evtx.Security4688{System: securityAt(4688, at), SubjectUserSid: owner, SubjectUserName: "user", SubjectDomainName: "TRAP", SubjectLogonId: 0x1234,
		NewProcessId: pid, NewProcessName: image, ProcessId: parent, ParentProcessName: parentImage, CommandLine: image + " " + trapFile}
}

// at gives a record the name of a machine.
func at[E evtx.TypedEvent](computer string, e E) E {
	e.Sys().Computer = computer
	return e
}

// named is a SYSTEM hive that names the machine.
func named(computer string) *registrytest.Hive {
	h := &registrytest.Hive{Name: "SYSTEM"}
	h.Set(`ControlSet001\Control\ComputerName\ComputerName`, noon.AddDate(-1, 0, 0), registrytest.SZ("ComputerName", computer))
	return h
}

func (w world) path() string { return cmp.Or(w.subject, trapFile) }

func (w world) volume(t testing.TB) fs.FS {
	t.Helper()
	files := slices.Clone(w.files)
	files = append(files, mfttest.File{Path: "Windows/System32/ntoskrnl.exe"})
	for name, events := range map[string][]any{"Microsoft-Windows-Sysmon%4Operational": w.sysmon, "Security": w.security, "System": w.system,
		"Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational": w.sessions} {
		if events == nil {
			continue
		}
		data, err := evtxtest.Bytes(events...)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, mfttest.File{Path: "Windows/System32/winevt/Logs/" + name + ".evtx", Data: data})
	}
	for name, events := range w.logs {
		files = append(files, mfttest.File{Path: name, Data: logOf(t, events)})
	}
	if w.hive != nil {
		w.hive.Set("Select", noon, registrytest.DWord("Current", 1))
		data, err := w.hive.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if w.next != nil {
			w.next.Set("Select", noon, registrytest.DWord("Current", 1))
			next, err := w.next.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, mfttest.File{Path: "Windows/System32/config/SYSTEM.LOG1", Data: registrytest.NewLog(10, data, next)},
				mfttest.File{Path: "Windows/System32/config/SYSTEM.LOG2"})
		}
		if w.dirty {
			data = registrytest.Interrupted(data, 11)
		}
		files = append(files, mfttest.File{Path: "Windows/System32/config/SYSTEM", Data: data})
	}
	var journal []byte
	if w.journal != nil {
		journal = journalOf(w.journal)
		streams := []mfttest.Stream{{Name: "$J", Data: journal}}
		if !w.journalMade.IsZero() {
			streams = append(streams, mfttest.Stream{Name: "$Max", Data: usnjrnltest.EncodeMax(usnjrnltest.MaxAt(w.journalMade))})
		}
		files = append(files, mfttest.File{Path: "$Extend/$UsnJrnl", Streams: streams})
	}
	slices.SortStableFunc(files, func(a, b mfttest.File) int { return a.Times.Created.Compare(b.Times.Created) })
	image, err := mfttest.Volume{Serial: volumeSerial, ObjectID: w.volumeID, Created: noon.AddDate(-1, 0, 0), Log: w.log, Files: files}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	if w.collected {
		return collectedFrom(t, vol, files, journal, w.log)
	}
	return vol
}

// volumeSerial is the serial number of the volume of a world.
const volumeSerial = 0x4c1a20260302134

// findings hold for each question the grade with the reason of an Unknown, then a
// fact as name=value, then words of the answer after a colon.
type findings map[origin.Question]string

// kinds are contradictions that must be present; those made by absent must not.
type kinds []origin.ContradictionKind

func absent(kind origin.ContradictionKind) origin.ContradictionKind { return "-" + kind }

// report investigates the trap, with its shadow copies.
func (w world) report(t *testing.T) *origin.Report {
	t.Helper()
	r, err := origin.Investigate(context.Background(), w.volume(t), w.path(), w.shadowCopies(t)...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// check investigates the trap and compares.
func (w world) check(t *testing.T, want findings, also kinds) {
	t.Helper()
	r := w.report(t)
	for question, want := range want {
		a := r.Answer(question)
		want, words, _ := strings.Cut(want, " :")
		grade, facts, _ := strings.Cut(want, " ")
		if grade == "unknown" {
			grade, facts = want, ""
		}
		if got := strings.TrimSpace(string(a.Grade) + " " + string(a.UnknownBecause)); got != grade {
			t.Errorf("%s is %s, want %s: %s", question, got, grade, a.Answer)
		}
		if a.Grade != origin.Unknown && len(a.Evidence) == 0 {
			t.Errorf("%s cites nothing: %s", question, a.Answer)
		}
		if name, value, ok := strings.Cut(facts, "="); ok && a.Fact(name) != value {
			t.Errorf("%s: %s is %q, want %q: %s", question, name, a.Fact(name), value, a.Answer)
		}
		if !strings.Contains(a.Answer+strings.Join(a.Rivals, "\n"), words) {
			t.Errorf("%s does not contain %q: %s %q", question, words, a.Answer, a.Rivals)
		}
	}
	for _, kind := range also {
		name, unwanted := strings.CutPrefix(string(kind), "-")
		i := slices.IndexFunc(r.Contradictions, func(c origin.Contradiction) bool { return string(c.Kind) == name })
		if i >= 0 == unwanted {
			t.Errorf("%s: %v, want %v: %+v", name, i >= 0, !unwanted, r.Contradictions)
		}
		if i >= 0 && len(r.Contradictions[i].Evidence) == 0 {
			t.Errorf("%s cites nothing", kind)
		}
	}
}
