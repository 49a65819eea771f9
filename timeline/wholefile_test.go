package timeline

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/detectionhistory/detectionhistorytest"
	"github.com/birthmark-dfir/birthmark/pca"
	"github.com/birthmark-dfir/birthmark/pca/pcatest"
	"github.com/birthmark-dfir/birthmark/recyclebin"
	"github.com/birthmark-dfir/birthmark/recyclebin/recyclebintest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Each artifact that is read as a whole is found where Windows has it and in any folder,
// and a damaged one is in the coverage. Protection logs, prefetch files and databases have tests of
// their own.
func TestWholeFiles(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	recycled, err := recyclebintest.Bytes(recyclebin.Info{Version: 2, Size: 7168, Deleted: at, Path: `C:\Data\a.exe`})
	if err != nil {
		t.Fatal(err)
	}
	const sid = "S-1-5-21-1-2-3-1001"
	for _, tt := range []struct {
		sourceType, place, folder, name string
		data                            []byte
		want                            []Event
	}{
		{TypeRecycleBin, "$Recycle.Bin/" + sid + "/", "bin/" + sid + "/", "$IABC123.exe", recycled, []Event{
			{Kind: FileRecycled, Path: `C:\Data\a.exe`, SID: sid, Message: `C:\Data\a.exe was moved to the recycle bin, as $RABC123.exe of ` + sid}}},
		{TypePCA, "Windows/appcompat/pca/", "", "PcaAppLaunchDic.txt", pcatest.Bytes(pca.Entry{Time: at, Path: `C:\Data\a.exe`}), []Event{
			{Kind: ProgramRan, Path: `C:\Data\a.exe`, Message: `C:\Data\a.exe was started by way of the shell for the last time`}}},
		{TypePCA, "Windows/appcompat/pca/", "x/", "PcaGeneralDb1.txt", pcatest.Bytes(pca.Entry{Time: at, General: true, Path: `\Device\HarddiskVolume3\Data\a.exe`, Message: "Abnormal process exit with code 0x1"}), []Event{
			{Kind: ProgramRan, Path: `C:\Data\a.exe`, Message: `\Device\HarddiskVolume3\Data\a.exe ran: Abnormal process exit with code 0x1`}}},
		{TypeDetection, "ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/05/", "d/detectionhistory/05/", "00000000-0000-0000-0000-000000000009",
			detectionhistorytest.Bytes(detectionhistory.Detection{ID: winid.GUID{15: 9}, Threat: "Trojan:X", Detected: at, User: `CORP\anna`, Resources: []detectionhistory.Resource{
				{Type: "process", Path: "pid:7"}, {Type: "webfile", Path: `C:\Data\a.exe|http://example.net/a.exe|pid:7,ProcessStart:0`}}}), []Event{
				{Kind: MalwareDetected, Path: `C:\Data\a.exe`, User: `CORP\anna`, Message: `Defender found Trojan:X in C:\Data\a.exe, from http://example.net/a.exe, saved by process 7`}}},
	} {
		for _, artifact := range []string{tt.place + tt.name, tt.folder + tt.name} {
			vol := fstest.MapFS{artifact: {Data: tt.data}}
			if artifact == tt.place+tt.name {
				vol["Windows/System32/x"] = &fstest.MapFile{}
			}
			tl := collect(t, vol)
			n := 0
			for e := range tl.Events() {
				if e.Source.Type != tt.sourceType {
					continue
				}
				if n < len(tt.want) {
					w := tt.want[n]
					if e.Kind != w.Kind || e.Path != w.Path || e.Message != w.Message || e.SID != w.SID || e.User != w.User || !e.Time.Equal(at) || e.Data == nil {
						t.Errorf("%s: %+v", artifact, e)
					}
				}
				n++
			}
			if c := covered(t, tl, artifact); n != len(tt.want) || c.State != Parsed || c.Records != 1 || c.Type != tt.sourceType {
				t.Errorf("%s: %d events, %+v", artifact, n, c)
			}
			vol[artifact] = &fstest.MapFile{Data: tt.data[:9]}
			if c := covered(t, collect(t, vol), artifact); c.State != Damaged || c.ProblemCount == 0 {
				t.Errorf("%s, cut: %+v", artifact, c)
			}
		}
	}
}

// Every row of the table has a test: those of wholefile_test.go, and others of their own; those of
// links and jump lists are in source_opened_test.go.
func TestWholeFilesAreTested(t *testing.T) {
	for _, row := range wholeFiles {
		switch row.sourceType {
		case TypeMPLog, TypePrefetch, TypeSRUM, TypeUAL, TypeRecycleBin, TypePCA, TypeDetection, TypeWMI, TypeBITS, TypeJumpList, TypeLink:
		default:
			t.Errorf("%s has no test", row.sourceType)
		}
	}
}
