// Package mplogtest writes protection logs of Windows Defender for tests.
package mplogtest

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mplog"
)

// Log returns a log in UTF-16 with the entries, as Defender writes it.
func Log(entries ...mplog.Entry) []byte {
	var b strings.Builder
	b.WriteString("\ufeff" + strings.Repeat("-", 40) + "\r\nMpLog started\r\n")
	for _, e := range entries {
		at := e.Time.UTC().Format("2006-01-02T15:04:05.000Z")
		switch e.Kind {
		case mplog.Impact:
			fmt.Fprintf(&b, "%s ProcessImageName: %s, Pid: %d, TotalTime: 12, Count: 3, MaxTime: 8, MaxTimeFile: %s, EstimatedImpact: 1%%\r\n", at, e.Process, e.PID, e.Path)
		case mplog.Query:
			fmt.Fprintf(&b, "%s SDN:Issuing SDN query for \\\\?\\%s (\\\\?\\%s) (sha1=%s, sha2=%s)\r\n", at, e.Path, e.Path, e.SHA1, e.SHA256)
		case mplog.Detection:
			fmt.Fprintf(&b, "%s DETECTIONEVENT MPSOURCE_REALTIME %s file:%s;\r\n", at, e.Threat, e.Path)
		case mplog.Blocked:
			fmt.Fprintf(&b, "%s [Mini-filter] Blocked file: %s. Process: %s, Status: 0xc0000906, State: 16, ScanRequest #1, FileId: 0x1, Reason: OnOpen\r\n", at, e.Path, e.Process)
		case mplog.Behavior:
			fmt.Fprintf(&b, "%s BEGIN BM telemetry\r\nGUID:{00000000-0000-0000-0000-000000000000}\r\nProcessID:%d\r\nProcessCreationTime:%d\r\nSessionID:1\r\nImagePath:%s\r\nOperations:None\r\nEND BM telemetry\r\n",
				at, e.PID, filetime.Ticks(e.Started), e.Process)
		case mplog.Command:
			fmt.Fprintf(&b, "%s Engine:command line reported as lowfi: %s\r\n", at, e.CommandLine)
		case mplog.OriginalName:
			fmt.Fprintf(&b, "%s [RTP] original file name \"%s\" for \"%s\", hr=0x0\r\n", at, e.OriginalName, e.Path)
		}
	}
	return wtf8.Encode(b.String())
}
