package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

var executedDid = &rule{
	name: "executed.did", question: Executed, best: Recorded,
	finds: "what it did: records that have the file as the running program, such as its files, connections and children",
	also:  []*source{sysmonCreate, sysmonConnect, sysmonValue, sysmonProcess},
	traps: []trap{
		{"other_volume", "the path is that of a volume which nothing ties to the file's drive"},
		{"other_time", "a clock of the file itself has a later creation"},
	},
	against: "another file that had this path at that time",
	apart:   "a hash in a record of the run",
	find:    (*inquiry).findDid,
}

// findDid takes a record of what the file did as proof that it ran, if its start was
// not logged.
func (q *inquiry) findDid() []candidate {
	ran := q.since(q.findDeeds().ran)
	if len(ran) == 0 {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claim{what: "ran"}}
	first, last := &ran[0], &ran[len(ran)-1]
	a.Answer.Answer = fmt.Sprintf("It ran: %s it as the running program, first on %s.", count(len(ran), "record has", "records have"), timeText(first.Time))
	a.other = "records of what it did"
	if q.betweenClocks(first.Time) {
		a.caught("other_time", "another file that had this path before: $FILE_NAME records a creation after that")
	}
	a.fact("proves", "execution")
	a.fact("time", first.Time)
	a.fact("last", last.Time)
	for i := range ran[:min(len(ran), maxListed)] {
		t, _ := traceOf(ran[i].Data.(evtx.TypedEvent))
		if device := deviceVolume(t.image); device != "" && i == 0 {
			a.caught("other_volume", "another file with this path, on %s, if that is not the drive %s", device, drivePrefix(q.drive))
		}
		a.cite(cite(&ran[i], "Image", t.image, string(t.kind), t.target))
	}
	return []candidate{a}
}

// since returns the records that are not before the creation: those were of another
// file with the path.
func (q *inquiry) since(events []timeline.Event) []timeline.Event {
	var list []timeline.Event
	for i := range events {
		if !q.before(events[i].Time) {
			list = append(list, events[i])
		}
	}
	return list
}

var executedLoaded = &rule{
	name: "executed.loaded", question: Executed, best: Recorded,
	finds:   "the processes that loaded it as a library or driver (Sysmon 6, 7)",
	also:    []*source{sysmonLoad},
	traps:   []trap{{"other_time", "a clock of the file itself has a later creation"}},
	against: "another file that had this path at that time",
	apart:   "a hash in the record of the load",
	find:    (*inquiry).findLoads,
}

func (q *inquiry) findLoads() []candidate {
	loads := q.since(q.findDeeds().loads)
	if len(loads) == 0 {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Recorded}, claim: claim{what: "ran"}}
	first := &loads[0]
	host, pid := "the kernel", uint32(0)
	if d, ok := first.Data.(*evtx.Sysmon7); ok {
		host, pid = d.Image, d.ProcessId
		a.fact("host", winpath.Normalize(q.drive, host))
		a.fact("pid", pid)
		a.fact("process_guid", d.ProcessGuid)
		a.fact("user", d.User)
	}
	a.Answer.Answer = fmt.Sprintf("It was loaded by %s on %s, %s.", named(host, pid), timeText(first.Time), count(len(loads), "load in all", "loads in all"))
	a.other = "loaded by " + named(host, pid)
	if q.betweenClocks(first.Time) {
		a.caught("other_time", "another file that had this path before: $FILE_NAME records a creation after that")
	}
	a.fact("proves", "load")
	a.fact("time", first.Time)
	a.fact("count", len(loads))
	a.fact("last", loads[len(loads)-1].Time)
	for i := range loads[:min(len(loads), maxListed)] {
		e := &loads[i]
		switch d := e.Data.(type) {
		case *evtx.Sysmon7:
			a.cite(cite(e, "ProcessGuid", d.ProcessGuid, "ProcessId", d.ProcessId, "Image", d.Image, "ImageLoaded", d.ImageLoaded, "Hashes", d.Hashes, "Signed", d.Signed))
		case *evtx.Sysmon6:
			a.cite(cite(e, "ImageLoaded", d.ImageLoaded, "Hashes", d.Hashes, "Signed", d.Signed))
		}
	}
	return []candidate{a}
}

var executedHost = &rule{
	name: "executed.host", question: Executed, best: Inferred,
	finds:   "the processes that run files of its kind, and name it in their command line",
	reads:   []*source{sysmonProcess, auditProcess},
	against: "a host that did not get as far as running it",
	apart:   "what the host did afterwards, or 4104 for a script of PowerShell",
	find:    (*inquiry).findHost,
}

// hosts are the programs that run what is not a program itself, by the ending of its
// name.
var hosts = map[string][]string{
	".hta":    {"mshta.exe"},
	".js":     {"wscript.exe", "cscript.exe", "node.exe", "mshta.exe"},
	".jse":    {"wscript.exe", "cscript.exe"},
	".vbs":    {"wscript.exe", "cscript.exe"},
	".vbe":    {"wscript.exe", "cscript.exe"},
	".wsf":    {"wscript.exe", "cscript.exe"},
	".wsh":    {"wscript.exe", "cscript.exe"},
	".ps1":    {"powershell.exe", "pwsh.exe", "powershell_ise.exe"},
	".psm1":   {"powershell.exe", "pwsh.exe"},
	".bat":    {"cmd.exe"},
	".cmd":    {"cmd.exe"},
	".dll":    {"rundll32.exe", "regsvr32.exe", "regsvcs.exe", "regasm.exe", "installutil.exe", "odbcconf.exe", "mavinject.exe"},
	".ocx":    {"rundll32.exe", "regsvr32.exe"},
	".cpl":    {"rundll32.exe", "control.exe"},
	".exe":    {"regsvcs.exe", "regasm.exe", "installutil.exe"},
	".sct":    {"regsvr32.exe", "rundll32.exe"},
	".inf":    {"rundll32.exe", "cmstp.exe", "infdefaultinstall.exe"},
	".xsl":    {"wmic.exe", "msxsl.exe"},
	".csproj": {"msbuild.exe"},
	".xml":    {"msbuild.exe"},
	".msi":    {"msiexec.exe"},
	".msp":    {"msiexec.exe"},
	".jar":    {"java.exe", "javaw.exe"},
	".py":     {"python.exe", "pythonw.exe", "python3.exe", "py.exe"},
	".chm":    {"hh.exe"},
	".doc":    {"winword.exe"}, ".docm": {"winword.exe"}, ".docx": {"winword.exe"}, ".rtf": {"winword.exe"},
	".xls": {"excel.exe"}, ".xlsm": {"excel.exe"}, ".xlsb": {"excel.exe"}, ".xll": {"excel.exe"},
	".ppt": {"powerpnt.exe"}, ".pptm": {"powerpnt.exe"},
}

// findHost looks for the processes that ran the file, if it is not a program.
func (q *inquiry) findHost() []candidate {
	name := winpath.Base(q.path)
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return nil
	}
	var ran []*process
	for _, p := range q.processes.list {
		host := strings.ToLower(winpath.Base(p.image))
		for _, h := range hosts[strings.ToLower(name[dot:])] {
			if h == host && namesFile(p.commandLine, q.path) && !q.before(p.start) && p != q.writer {
				ran = append(ran, p)
				break
			}
		}
	}
	if len(ran) == 0 {
		return nil
	}
	first := ran[0]
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}}
	a.Answer.Answer = fmt.Sprintf("%s was started on %s with it in its command line, %s", first, timeText(first.start), clip(first.commandLine))
	if first.user != "" {
		a.Answer.Answer += ", as " + first.user
	}
	a.Answer.Answer += "."
	a.other = "run by " + first.String()
	a.fact("proves", "execution")
	a.fact("time", first.start)
	a.fact("count", len(ran))
	a.fact("host", first.image)
	a.fact("user", first.user)
	a.fact("pid", first.pid)
	a.fact("process_guid", first.guid)
	a.fact("logon_id", hexID(first.logonID))
	a.fact("last", ran[len(ran)-1].start)
	for _, p := range ran[:min(len(ran), maxListed)] {
		a.cite(p.cite()...)
	}
	return []candidate{a}
}
