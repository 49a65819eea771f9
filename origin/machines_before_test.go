package origin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/bits/bitstest"
	"github.com/birthmark-dfir/birthmark/cim/cimtest"
	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/ese/srum/srumtest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/prefetch/prefetchtest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

// trapHash is the SHA-256 of the content "trap".
const trapHash = "11ba65852271cd24c56c865a9635b90616326949ff2bf6cd07eacaf788bad320"

// befores are machines whose shadow copies have hives, tasks, web logs, prefetch files and
// content that the machine no longer has, or has in another version.
func befores(t testing.TB) []trap {
	t.Helper()
	hour := time.Hour
	data := func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	subject := func(created time.Time, content string) mfttest.File {
		f := file(created)
		f.Entry, f.Data = 200, []byte(content)
		return f
	}
	deletedSince := func(f mfttest.File) mfttest.File {
		f.Deleted = true
		return f
	}
	another := subject(noon.Add(-48*hour), "another")
	another.Entry = 180
	none := world{files: []mfttest.File{{Path: "Data/other.txt", Times: mfttest.AllAt(noon.AddDate(0, -1, 0))}}}
	with := func(f mfttest.File) world { return world{files: []mfttest.File{f}} }
	service := func(command string) *registrytest.Hive {
		h := named("TRAP")
		h.Set(`ControlSet001\Services\Trap`, noon, registrytest.ExpandSZ("ImagePath", command), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
		return h
	}
	taskFile := func(command string) mfttest.File {
		return mfttest.File{Path: "Windows/System32/Tasks/Up", Data: data(tasktest.File{Task: runs(command, "")}.Bytes()), Times: mfttest.AllAt(noon)}
	}
	prefetched := func(runs ...time.Time) mfttest.File {
		volume := prefetch.Volume{Device: `\DEVICE\HARDDISKVOLUME3`, Serial: volumeSerial & 0xffffffff}
		f := prefetchtest.Program(30, volume.Device+strings.TrimPrefix(trapFile, "C:"), volume, runs, volume.Device+`\WINDOWS\SYSTEM32\NTDLL.DLL`)
		f.Files[0].Ref = 200 | 1<<48
		return mfttest.File{Path: "Windows/Prefetch/" + prefetchtest.Name(f), Data: data(prefetchtest.Bytes(f)), Times: mfttest.AllAt(noon.Add(hour))}
	}
	usage := func(rows ...srumtest.Row) mfttest.File {
		return mfttest.File{Path: "Windows/System32/sru/SRUDB.dat", Data: data(srumtest.Bytes(rows...)), Times: mfttest.AllAt(noon.Add(hour))}
	}
	used := func(app string, at time.Time) srumtest.Row {
		return srumtest.Row{Kind: srum.ApplicationUsage, Time: at.Truncate(time.Second), App: `\Device\HarddiskVolume3` + strings.TrimPrefix(app, "C:"), User: owner, Data: &srum.Application{ForegroundCycleTime: 7}}
	}
	consumer := func(command string) []mfttest.File {
		var r cimtest.Repository
		r.Subscribe("CommandLineEventConsumer", "Up", "SELECT * FROM x", noon, map[string]any{"CommandLineTemplate": command})
		files, err := r.Files()
		if err != nil {
			t.Fatal(err)
		}
		var list []mfttest.File
		for name, b := range files {
			list = append(list, mfttest.File{Path: "Windows/System32/wbem/Repository/" + name, Data: b, Times: mfttest.AllAt(noon)})
		}
		return list
	}
	queue := func(command string, change func(j *bits.Job)) []mfttest.File {
		j := bits.Job{ID: bitstest.ID(1), Name: "up", Owner: "S-1-5-18", Command: command, Notify: bits.NotifyTransferred, Created: noon, Modified: noon, Method: "GET"}
		if change != nil {
			change(&j)
		}
		b, err := bitstest.Database(bitstest.Queue{Jobs: []bits.Job{j}})
		if err != nil {
			t.Fatal(err)
		}
		return []mfttest.File{{Path: "ProgramData/Microsoft/Network/Downloader/qmgr.db", Data: b, Times: mfttest.AllAt(noon)}}
	}
	onlyThen := func(now []mfttest.File, then ...mfttest.File) world {
		return world{files: append([]mfttest.File{subject(noon, "trap")}, now...), hive: named("TRAP"),
			past: []moment{{created: noon.Add(2 * hour), world: world{files: append([]mfttest.File{subject(noon, "trap")}, then...)}}}}
	}
	portal := worker + ` -ap "Portal" -v "v4.0"`
	log := func(requests ...weblog.Request) mfttest.File {
		return webLogOf(t, iisFolder+"W3SVC1/u_ex260302.log", weblogtest.Log{Requests: requests})
	}
	early := post("/login.aspx")
	early.Time = noon.Add(-4 * hour)
	server := func(past world, files ...mfttest.File) world {
		w := underServer(worker, portal, files...)
		past.files = append(past.files, file(noon))
		w.past = []moment{{created: noon.Add(hour), world: past}}
		return w
	}
	return []trap{
		{"a service came after the shadow copy",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: service(trapFile), past: []moment{{created: noon.Add(-hour), world: world{hive: named("TRAP")}}}},
			findings{origin.Autostart: "recorded not_yet=2026-03-02T11:00:00.1234567Z :not yet in shadow copy vss1 of 2026-03-02T11:00:00.1234567Z"}, nil},
		{"a service had another command before",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: service(trapFile), past: []moment{{created: noon.Add(-hour), world: world{hive: service(`C:\good.exe`)}}}},
			findings{origin.Autostart: `recorded was=C:\good.exe :with the command C:\good.exe in shadow copy vss1`}, nil},
		{"the service is in all shadow copies but the oldest",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: service(trapFile), past: []moment{{created: noon.Add(-2 * hour), world: world{hive: named("TRAP")}}, {created: noon.Add(hour), world: world{hive: service(trapFile)}}}},
			findings{origin.Autostart: "recorded not_yet=2026-03-02T10:00:00.1234567Z"}, nil},
		{"the hive in the shadow copy is dirty, and does not show that a service was not there",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: service(trapFile), past: []moment{{created: noon.Add(-hour), world: world{hive: named("TRAP"), dirty: true}}}},
			findings{origin.Autostart: "recorded not_yet="}, nil},
		{"a service is only in the shadow copy",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: named("TRAP"), past: []moment{{created: noon.Add(hour), world: world{files: []mfttest.File{subject(noon, "trap")}, hive: service(trapFile)}}}},
			findings{origin.Autostart: "recorded state=former :in shadow copy vss1 of 2026-03-02T13:00:00.1234567Z and since removed"}, nil},
		{"a service is only in the shadow copy, and started another file of this path",
			world{files: []mfttest.File{subject(noon, "trap")}, hive: named("TRAP"), past: []moment{{created: noon.Add(-hour), world: world{files: []mfttest.File{another}, hive: service(trapFile)}}}},
			findings{origin.Autostart: "inferred state=former"}, nil},
		{"a task is only in the shadow copy",
			world{files: []mfttest.File{subject(noon, "trap")}, past: []moment{{created: noon.Add(hour), world: world{files: []mfttest.File{subject(noon, "trap"), taskFile(trapFile)}}}}},
			findings{origin.Autostart: "recorded state=former"}, nil},
		{"the command of a task was changed",
			world{files: []mfttest.File{subject(noon, "trap"), taskFile(trapFile)}, past: []moment{{created: noon.Add(hour), world: world{files: []mfttest.File{subject(noon, "trap"), taskFile(`C:\good.exe`)}}}}},
			findings{origin.Autostart: `recorded was=C:\good.exe`}, nil},
		{"a task came after the shadow copy",
			world{files: []mfttest.File{subject(noon, "trap"), taskFile(trapFile)}, past: []moment{{created: noon.Add(hour), world: world{files: []mfttest.File{subject(noon, "trap")}}}}},
			findings{origin.Autostart: "recorded not_yet=2026-03-02T13:00:00.1234567Z"}, nil},

		{"the file is gone, and a shadow copy has its content",
			world{files: []mfttest.File{deletedSince(subject(noon, ""))}, past: []moment{{created: noon.Add(hour), world: with(subject(noon, "trap"))}}},
			findings{origin.What: "recorded sha256=" + trapHash + " :according to shadow copy vss1 of 2026-03-02T13:00:00.1234567Z"}, nil},
		{"the file was changed after the shadow copy, and is gone",
			world{files: []mfttest.File{deletedSince(subject(noon.Add(2*hour), ""))}, past: []moment{{created: noon.Add(hour), world: with(subject(noon, "trap"))}}},
			findings{origin.What: "inferred sha256=" + trapHash}, nil},
		{"the file is gone from the $MFT too, and only a shadow copy has it",
			world{files: none.files, past: []moment{{created: noon.Add(hour), world: with(subject(noon, "trap"))}}},
			findings{origin.What: "inferred sha256=" + trapHash, origin.Appeared: "inferred time=2026-03-02T12:00:00.1234567Z :according to the $MFT in shadow copy vss1"}, nil},

		{"the prefetch file was deleted, and a shadow copy has it",
			world{files: []mfttest.File{subject(noon, "trap")}, past: []moment{{created: noon.Add(2 * hour), world: world{files: []mfttest.File{subject(noon, "trap"), prefetched(noon.Add(hour))}}}}},
			findings{origin.Executed: "recorded last=2026-03-02T13:00:00.1234567Z"}, nil},
		{"the prefetch file is also in the shadow copy",
			world{files: []mfttest.File{subject(noon, "trap"), prefetched(noon.Add(hour))}, past: []moment{{created: noon.Add(2 * hour), world: world{files: []mfttest.File{subject(noon, "trap"), prefetched(noon.Add(hour))}}}}},
			findings{origin.Executed: "recorded count=1"}, nil},

		{"the database of SRUM was deleted, and a shadow copy has it", onlyThen(nil, usage(used(trapFile, noon.Add(hour)))),
			findings{origin.Executed: "inferred by=2026-03-02T13:00:00Z"}, nil},
		{"SRUM forgot a row, and a shadow copy has it", onlyThen([]mfttest.File{usage(used(`C:\Windows\other.exe`, noon.Add(3*hour)))}, usage(used(trapFile, noon.Add(hour)))),
			findings{origin.Executed: "inferred by=2026-03-02T13:00:00Z"}, nil},
		{"SRUM of the shadow copy has another program", onlyThen(nil, usage(used(`C:\Windows\other.exe`, noon.Add(hour)))), findings{origin.Executed: "unknown source_absent"}, nil},
		{"a consumer of WMI events is only in the shadow copy", onlyThen(nil, consumer(trapFile)...),
			findings{origin.Autostart: "recorded state=former :Consumer of WMI events Up at root\\subscription, written 2026-03-02T12:00:00.1234567Z and in shadow copy vss1 of 2026-03-02T14:00:00.1234567Z and since removed"}, nil},
		{"the command of a consumer of WMI events was changed", onlyThen(consumer(trapFile), consumer(`C:\good.exe`)...),
			findings{origin.Autostart: `recorded was=C:\good.exe`}, nil},
		{"the shadow copy has the same consumer of WMI events", onlyThen(consumer(trapFile), consumer(trapFile)...), findings{origin.Autostart: "recorded was="}, nil},
		{"a job of BITS is only in the shadow copy", onlyThen(nil, queue(trapFile, nil)...),
			findings{origin.Autostart: "recorded state=former :BITS job up at the queue of BITS, written 2026-03-02T12:00:00.1234567Z and in shadow copy vss1 of 2026-03-02T14:00:00.1234567Z and since removed"}, nil},
		{"the command of a job of BITS was changed", onlyThen(queue(trapFile, nil), queue(`C:\good.exe`, nil)...), findings{origin.Autostart: `recorded was="C:\good.exe"`}, nil},
		{"the shadow copy has the same job of BITS", onlyThen(queue(trapFile, nil), queue(trapFile, nil)...), findings{origin.Autostart: "recorded was="}, nil},
		{"the job of BITS in the shadow copy does not notify", onlyThen(nil, queue(trapFile, func(j *bits.Job) { j.Notify = bits.NotifyDisabled })...), findings{origin.Autostart: "unknown partly_searched :the hive SOFTWARE is not available"}, nil},
		{"the consumer of WMI events in the shadow copy runs another program", onlyThen(nil, consumer(`C:\good.exe`)...), findings{origin.Autostart: "unknown partly_searched :the hive SOFTWARE is not available"}, nil},

		{"the web log was deleted, and a shadow copy has it", server(with(log(early, post("/up.aspx")))), findings{origin.WebEntry: "corroborated url=/up.aspx"}, nil},
		{"a line of the web log was removed, and a shadow copy has it", server(with(log(early, post("/up.aspx"))), log(early)), findings{origin.WebEntry: "corroborated url=/up.aspx"}, nil},
		{"the web log and that of the shadow copy have the line", server(with(log(post("/up.aspx"))), log(early, post("/up.aspx"))), findings{origin.WebEntry: "corroborated url=/up.aspx"}, nil},
	}
}

func TestBefore(t *testing.T) {
	for _, tt := range befores(t) {
		t.Run(tt.name, func(t *testing.T) { tt.w.check(t, tt.want, tt.also) })
	}
}

// The databases of a shadow copy are in the coverage.
func TestDatabasesOfShadowCopiesAreCovered(t *testing.T) {
	for name, want := range map[string]string{
		"SRUM forgot a row, and a shadow copy has it":         "vss1/Windows/System32/sru/SRUDB.dat parsed",
		"a consumer of WMI events is only in the shadow copy": "vss1/Windows/System32/wbem/Repository/OBJECTS.DATA parsed",
		"the shadow copy has the same consumer of WMI events": "vss1/Windows/System32/wbem/Repository/OBJECTS.DATA parsed",
		"SRUM of the shadow copy has another program":         "vss1/Windows/System32/sru/SRUDB.dat parsed",
		"the web log was deleted, and a shadow copy has it":   "vss1/" + iisFolder + "W3SVC1/u_ex260302.log parsed",
	} {
		list := befores(t)
		i := slices.IndexFunc(list, func(tr trap) bool { return tr.name == name })
		var covered []string
		for _, c := range list[i].w.report(t).Coverage {
			covered = append(covered, c.Artifact+" "+c.State)
		}
		if !slices.Contains(covered, want) {
			t.Errorf("%s: no %q in %q", name, want, covered)
		}
	}
}

// What only a shadow copy has is cited as its own.
func TestBeforeIsCited(t *testing.T) {
	for _, tt := range []struct {
		name  string
		asked origin.Question
		want  string // artifact and record of a citation
	}{
		{"a service came after the shadow copy", origin.Autostart, `vss1/Windows/System32/config/SYSTEM ControlSet001\Services\Trap`},
		{"a service had another command before", origin.Autostart, `vss1/Windows/System32/config/SYSTEM ControlSet001\Services\Trap`},
		{"a service is only in the shadow copy", origin.Autostart, `vss1/Windows/System32/config/SYSTEM ControlSet001\Services\Trap`},
		{"a task is only in the shadow copy", origin.Autostart, "vss1/Windows/System32/Tasks/Up "},
		{"the file is gone, and a shadow copy has its content", origin.What, "vss1/$MFT 200-1"},
		{"the prefetch file was deleted, and a shadow copy has it", origin.Executed, "vss1/Windows/Prefetch/TRAP-WITH-A-LONG-NAME.EXE-"},
		{"SRUM forgot a row, and a shadow copy has it", origin.Executed, "vss1/Windows/System32/sru/SRUDB.dat {"},
		{"a consumer of WMI events is only in the shadow copy", origin.Autostart, `vss1/Windows/System32/wbem/Repository/OBJECTS.DATA root\subscription:CommandLineEventConsumer.Up`},
		{"the prefetch file is also in the shadow copy", origin.Executed, "Windows/Prefetch/TRAP-WITH-A-LONG-NAME.EXE-"},
		{"the web log was deleted, and a shadow copy has it", origin.WebEntry, "vss1/" + iisFolder + "W3SVC1/u_ex260302.log line "},
		{"a line of the web log was removed, and a shadow copy has it", origin.WebEntry, "vss1/" + iisFolder + "W3SVC1/u_ex260302.log line "},
		{"the web log and that of the shadow copy have the line", origin.WebEntry, iisFolder + "W3SVC1/u_ex260302.log line "},
	} {
		list := befores(t)
		i := slices.IndexFunc(list, func(tr trap) bool { return tr.name == tt.name })
		if i < 0 {
			t.Errorf("no machine %q", tt.name)
			continue
		}
		var cited []string
		for _, c := range list[i].w.report(t).Answer(tt.asked).Evidence {
			cited = append(cited, fmt.Sprintf("%s %s", c.Artifact, c.Record))
		}
		if !slices.ContainsFunc(cited, func(s string) bool { return strings.HasPrefix(s, tt.want) }) {
			t.Errorf("%s: %q, want %s", tt.name, cited, tt.want)
		}
	}
}
