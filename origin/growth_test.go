package origin_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// crowded is a machine whose logs are full of what origin joins: every process names
// the file and has the same PID, every session has the same LogonId.
func crowded(n int) world {
	const shell = `C:\Windows\System32\cmd.exe`
	w := world{files: []mfttest.File{file(noon)}, sysmon: []any{wrote(1, shell, noon, noon)}}
	for i := range n {
		at := noon.Add(time.Duration(i-n/2) * 10 * time.Millisecond)
		process := audited(200, 4, shell, `C:\Windows\explorer.exe`, at)
		w.security = append(w.security, process, &evtx.Security4689{System: securityAt(4689, at.Add(time.Millisecond)), ProcessId: 200, ProcessName: shell},
			loggedOn(0x1234, 3, "203.0.113.5", at.Add(2*time.Millisecond)), loggedOff(0x1234, at.Add(3*time.Millisecond)))
		also := wrote(1, shell, at, at)
		also.TargetFilename = fmt.Sprintf(`C:\Data\%d.tmp`, i)
		connection := connected(1, "203.0.113.5", at)
		value := &evtx.Sysmon13{System: sysmonAt(13, at), UtcTime: at, TargetObject: fmt.Sprintf(`HKU\S-1-5-%d\Software\Microsoft\Windows\CurrentVersion\Run\x`, i), Details: trapFile}
		retimed := &evtx.Sysmon2{System: sysmonAt(2, at), UtcTime: at, TargetFilename: trapFile, CreationUtcTime: noon, PreviousCreationUtcTime: at}
		short := started(9, fmt.Sprintf(`C:\Data\TRAP-%d~1.EXE`, i), "", at, 2, shell)
		w.sysmon = append(w.sysmon, also, connection, value, retimed, short)
		w.system = append(w.system, &evtx.System7045{System: sys("System", "Service Control Manager", 7045, at), ServiceName: fmt.Sprint("s", i), ImagePath: trapFile})
		w.sessions = append(w.sessions, session(uint32(i), "203.0.113.5", at))
	}
	return w
}

// The cost of logs that an attacker filled is in proportion to their size.
func BenchmarkCrowdedLogs(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			vol := crowded(n).volume(b)
			for b.Loop() {
				if _, err := origin.Investigate(context.Background(), vol, trapFile); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
