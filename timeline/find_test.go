package timeline

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// tree returns a file system with these files. "name=content" is a file with content;
// other files are empty.
func tree(files ...string) fstest.MapFS {
	m := fstest.MapFS{}
	for _, f := range files {
		name, content, _ := strings.Cut(f, "=")
		m[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return m
}

func TestFindArtifacts(t *testing.T) {
	for _, tt := range []struct {
		name string
		vol  fs.FS
		want []string
	}{
		{"nothing", tree(), nil},
		{"the places of Windows, in any case", tree(
			"$MFT",
			"WINDOWS/system32/winevt/logs/Security.EVTX",
			"WINDOWS/system32/winevt/logs/readme.txt",
			"WINDOWS/system32/config/SYSTEM",
			"WINDOWS/system32/config/SYSTEM.LOG1=regf",
			"WINDOWS/system32/config/RegBack/SYSTEM=regf",
			"Users/eve/NTUSER.DAT",
			"Users/eve/ntuser.dat.LOG1",
			"Users/eve/AppData/Local/Microsoft/Windows/usrclass.dat",
			"Users/eve/stray.evtx",
			"Documents and Settings/bob/ntuser.dat",
			"WINDOWS/ServiceProfiles/NetworkService/NTUSER.DAT",
			"WINDOWS/appcompat/Programs/Amcache.hve",
			"InetPub/Logs/logfiles/W3SVC1/u_ex260302.LOG",
			"InetPub/Logs/logfiles/W3SVC2/any name.log",
			"InetPub/Logs/logfiles/W3SVC2/readme.txt",
			"InetPub/Logs/logfiles/u_ex260302.log",
			"InetPub/temp/u_ex260302.log",
			"WINDOWS/system32/LogFiles/HTTPERR/httperr1.log=#Fields: date time cs-uri-stem\n",
		), []string{
			"mft $MFT",
			"evtx WINDOWS/system32/winevt/logs/Security.EVTX",
			"registry WINDOWS/system32/config/SYSTEM",
			"registry WINDOWS/appcompat/Programs/Amcache.hve",
			"registry Users/eve/NTUSER.DAT",
			"registry Users/eve/AppData/Local/Microsoft/Windows/usrclass.dat",
			"registry Documents and Settings/bob/ntuser.dat",
			"registry WINDOWS/ServiceProfiles/NetworkService/NTUSER.DAT",
			"weblog InetPub/Logs/logfiles/W3SVC1/u_ex260302.LOG",
			"weblog InetPub/Logs/logfiles/W3SVC2/any name.log",
			"weblog WINDOWS/system32/LogFiles/HTTPERR/httperr1.log",
		}},
		{"anywhere in a bare folder, hives by signature", tree(
			"case/$mft",
			"case/logs/a.evtx",
			"case/renamed.bin=ElfFile\x00",
			"hive=regf....",
			"hive.LOG1=regf....",
			"short=reg",
			"x.mft=FILE0123",
			"note.txt=regular text",
		), []string{
			"mft case/$mft",
			"evtx case/logs/a.evtx",
			"evtx case/renamed.bin",
			"registry hive",
			"mft x.mft",
		}},
		{"files whose beginning is lost, and files that only have a name", tree(
			"a/zeroed.evtx=\x00\x00\x00\x00",
			"a/empty.evtx",
			"a/SecEvent.Evt=\x30\x00\x00\x00LfLe",
			"b/carved.bin="+strings.Repeat("\x00", 4096)+"ElfChnk\x00",
			"b/hive.bin="+strings.Repeat("\x00", 4096)+"hbin",
			"b/table.bin="+strings.Repeat("\x00", 1024)+"FILE0\x00",
			"c/$MFTMirr=FILE0\x00",
			"c/NTUSER.DAT=zeros",
			"c/system",
			"c/system.LOG1=regf",
			"d/Security.evtx=regf", // content wins
			"d/program.evtx=MZ",
		), []string{
			"evtx a/SecEvent.Evt",
			"evtx a/empty.evtx",
			"evtx a/zeroed.evtx",
			"evtx b/carved.bin",
			"registry b/hive.bin",
			"mft b/table.bin",
			"registry c/NTUSER.DAT",
			"registry c/system",
			"registry d/Security.evtx",
			"evtx d/program.evtx",
		}},
		{"the logs of Windows XP, beside its hives", tree(
			"WINDOWS/system32/config/SecEvent.Evt",
			"WINDOWS/system32/config/SYSTEM",
		), []string{
			"evtx WINDOWS/system32/config/SecEvent.Evt",
			"registry WINDOWS/system32/config/SYSTEM",
		}},
		{"web logs in a bare folder, by content, name or place", tree(
			"access.txt=#Software: x\n#Fields: date time cs-uri-stem\n",
			"marked.log=\xef\xbb\xbf#Fields: date time cs-uri-stem\n",
			"site/u_ex260302.log=\xff\xfeunreadable",
			"ex260302.log=old, or another service",
			"WEB01/C/inetpub/logs/LogFiles/W3SVC1/odd.log=unreadable",
			"WEB01/C/inetpub/logs/LogFiles/odd.log=unreadable",
			"httperr1.log=#Software: Microsoft HTTP API 2.0\n#Fields: date time c-ip cs-uri s-reason\n",
			"wide.txt=\xff\xfe#\x00F\x00i\x00e\x00l\x00d\x00s\x00:\x00 \x00c\x00s\x00-\x00u\x00r\x00i\x00-\x00s\x00t\x00e\x00m\x00",
			"access.log=192.0.2.1 - - [02/Mar/2026:13:42:11 +0000] \"GET / HTTP/1.1\" 200 5\n",
			"in260302.log=203.0.113.77, -, 3/2/26, 9:42:11, W3SVC1, WEB01, 10.0.0.5, 3120, 402884, 1433, 200, 0, POST, /up.aspx, -,\n",
			"config/applicationHost.config=<configuration/>",
			"pfirewall.log=#Version: 1.5\n#Fields: date time action protocol\n",
			"script.py=#!/usr/bin/python\n",
		), []string{
			"weblog WEB01/C/inetpub/logs/LogFiles/W3SVC1/odd.log",
			"weblog access.log",
			"weblog access.txt",
			"webconfig config/applicationHost.config",
			"weblog httperr1.log",
			"weblog in260302.log",
			"weblog marked.log",
			"weblog site/u_ex260302.log",
			"weblog wide.txt",
		}},
		{"a folder in place of a file", fstest.MapFS{
			"Windows/System32/config/SYSTEM": {Mode: fs.ModeDir},
			"Windows/System32/x":             {},
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, err := findArtifacts(context.Background(), tt.vol, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range list {
				got = append(got, f.sourceType+" "+f.artifact)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// What is found and cannot be read is in the coverage, with the reason.
func TestUnreadableFilesAreCovered(t *testing.T) {
	tl, err := Collect(context.Background(), tree(
		"a.evtx=\x00\x00\x00\x00",
		"SecEvent.Evt=\x30\x00\x00\x00LfLe"+strings.Repeat("\x00", 200),
		"NTUSER.DAT=zeros",
		"$MFT=zeros",
		"u_ex260302.log=zeros",
	))
	if err != nil {
		t.Fatal(err)
	}
	defer tl.Close()
	want := map[string]string{
		"a.evtx":         "got 4 bytes, want 128 bytes: not a Windows XML event log",
		"SecEvent.Evt":   `got "LfLe", an event log of Windows XP or older (.evt)`,
		"NTUSER.DAT":     `got "zero", want "regf": not a registry hive`,
		"$MFT":           "",
		"u_ex260302.log": "not a web log",
	}
	for _, c := range tl.Coverage() {
		reason, ok := want[c.Artifact]
		if !ok || c.State == Absent {
			continue
		}
		delete(want, c.Artifact)
		if c.State != Damaged || c.ProblemCount != 1 || !strings.Contains(c.Problems[0].String(), reason) {
			t.Errorf("%s: %s, %v; want %s", c.Artifact, c.State, c.Problems, reason)
		}
	}
	if len(want) > 0 {
		t.Errorf("not in the coverage: %v", want)
	}
}

func TestFindStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for name, vol := range map[string]fs.FS{"bare": tree("a.evtx"), "Windows": tree("Windows/System32/x")} {
		if _, err := findArtifacts(ctx, vol, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", name, err, context.Canceled)
		}
	}
}

func TestMissing(t *testing.T) {
	all := func(string) bool { return true }
	var names []string
	for _, c := range missing(nil, all) {
		if c.State != Absent {
			t.Errorf("%s is %s", c.Artifact, c.State)
		}
		names = append(names, c.Name)
	}
	if len(names) != len(expected) {
		t.Errorf("on an empty volume %d of %d are missing", len(names), len(expected))
	}
	got := missing([]Coverage{
		{Type: TypeMFT, Artifact: "$MFT"},
		{Type: TypeEVTX, Artifact: "exported.evtx", Name: "Security"},
		{Type: TypeEVTX, Artifact: "windows/system32/WINEVT/logs/system.evtx", State: Damaged},
		{Type: TypeEVTX, Artifact: "SYSTEM", Name: "SYSTEM"}, // a log, not the hive
		{Type: TypePrefetch, Artifact: "collected/A.EXE-00000000.pf"},
	}, func(t string) bool { return t != TypeRegistry })
	names = nil
	for _, c := range got {
		names = append(names, c.Artifact)
	}
	const logs = logFolder + "/Microsoft-Windows-"
	if want := []string{logs + "Sysmon%4Operational.evtx", logs + "TerminalServices-LocalSessionManager%4Operational.evtx", logs + "TerminalServices-RemoteConnectionManager%4Operational.evtx",
		"Windows/System32/sru/SRUDB.dat", "Windows/System32/LogFiles/Sum/*.mdb", "Windows/appcompat/pca/*.txt", "$Recycle.Bin/*/$I*", "ProgramData/Microsoft/Windows Defender/Support/MPLog-*.log",
		"ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/*/*", "ProgramData/Microsoft/Network/Downloader/qmgr*", "Users/*/" + recentFolder + "/AutomaticDestinations/*",
		"Users/*/" + recentFolder + "/*.lnk", "inetpub/logs/LogFiles"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}
