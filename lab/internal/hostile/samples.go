package hostile

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
	"github.com/birthmark-dfir/birthmark/mplog"
	"github.com/birthmark-dfir/birthmark/mplog/mplogtest"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

// Samples returns sound files of a format, by name, which the writers of this module
// make. They contain rare structures, and are small so that damage hits structures.
func Samples(format string) (map[string][]byte, error) {
	switch format {
	case "evtx":
		return sampleLogs()
	case "mft":
		return sampleMFTs()
	case "ntfs":
		return sampleVolumes()
	case "i30":
		return sampleIndexes()
	case "vss":
		return sampleSnapshots(vsstest.Whole)
	case "vsscarve":
		return sampleSnapshots(vsstest.Emptied)
	case "registry":
		return sampleHives()
	case "hivelogs":
		return sampleHiveLogs(sampleTime)
	case "regtext":
		return sampleRegTexts()
	case "pe":
		return samplePEs()
	case "catalog":
		return sampleCatalogs()
	case "weblog":
		return sampleWebLogs()
	case "task":
		return sampleTasks()
	case "cim":
		return sampleRepositories()
	case "taskcache":
		return sampleTaskCaches()
	case "logfile":
		return sampleTransactionLogs(), nil
	case "usn":
		return sampleJournals(), nil
	case "lnk":
		return sampleLinks()
	case "jumplist":
		return sampleJumpLists()
	case "mplog":
		return sampleProtectionLogs()
	case "recyclebin":
		return sampleRecycled()
	case "pca":
		return samplePCA()
	case "detectionhistory":
		return sampleDetections()
	case "bits":
		return sampleQueues()
	case "prefetch":
		return samplePrefetch()
	case "ese":
		return sampleDatabases()
	case "image":
		return sampleImages()
	case "archive":
		return sampleArchives()
	case "ewf", "vhd", "vhdx", "vmdk", "qcow2", "vdi", "zstd":
		return sampleContainers(format)
	case "recovered":
		return sampleTamperedLogs()
	}
	return nil, fmt.Errorf("hostile: no samples of %q", format)
}

func sampleLogs() (map[string][]byte, error) {
	system := evtx.System{Provider: "Demo", EventID: 7, Channel: "Demo", Computer: "WEB01", TimeCreated: sampleTime, UserSID: "S-1-5-18"}
	utf16 := func(s string) []byte {
		var b []byte
		for _, c := range s {
			b = append(b, byte(c), byte(c>>8))
		}
		return b
	}
	values := []evtx.Field{
		{Name: "Array", Value: evtx.NewValue(evtx.StringType|evtx.ArrayFlag, utf16("a\x00b\x00"))},
		{Name: "Binary", Value: evtx.NewValue(evtx.BinaryType, []byte{1, 2, 3})},
		{Name: "Ansi", Value: evtx.NewValue(evtx.AnsiType, []byte("text"))},
		{Name: "Float", Value: evtx.NewValue(evtx.Real64Type, make([]byte, 8))},
		{Name: "Time", Value: evtx.NewValue(evtx.SysTimeType, []byte{0xea, 7, 3, 0, 2, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0, 0})},
		{Name: "Numbers", Value: evtx.NewValue(evtx.Int32Type|evtx.ArrayFlag, make([]byte, 12))},
		{Name: "Sid", Value: evtx.NewValue(evtx.SIDType, []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0})},
		{Name: "Nested", Value: evtx.NewValue(evtx.BinXMLType, nestedHere)},
	}
	at := evtx.System{TimeCreated: sampleTime}
	var events []any
	for range 4 {
		events = append(events,
			&evtx.Security4688{System: at, NewProcessName: `C:\Windows\explorer.exe`, SubjectUserSid: "S-1-5-18", SubjectLogonId: 0x3e7},
			&evtx.RDP1149{System: at, User: "admin", Domain: "EXAMPLE", Address: "203.0.113.9"},
			&evtx.Event{System: system, Element: "EventData", Fields: values},
		)
	}
	small, err := uncheckedLog(events)
	if err != nil {
		return nil, err
	}
	for len(events) < 600 { // several chunks
		events = append(events, events[:12]...)
	}
	large, err := uncheckedLog(events)
	if err != nil {
		return nil, err
	}
	nest(small)
	nest(large)
	return map[string][]byte{"small.evtx": small, "chunks.evtx": large}, nil
}

// uncheckedLog writes events that may hold binary XML.
func uncheckedLog(events []any) ([]byte, error) {
	log := evtxtest.Log{Unchecked: true}
	for _, e := range events {
		if err := log.Add(e); err != nil {
			return nil, err
		}
	}
	return log.Bytes(), nil
}

// nestedHere is the placeholder for a fragment of binary XML with an element. The
// fragment refers to the element's name by its offset in the chunk, so nest writes
// it once the offset is known.
var nestedHere = bytes.Repeat([]byte{0xee}, 40)

func nest(log []byte) {
	eachChunk(log, func(_ int, chunk []byte) {
		for {
			at := bytes.Index(chunk, nestedHere)
			if at < 0 {
				break
			}
			b := append([]byte{0x0f, 1, 1, 0, 0x01}, le.AppendUint32(nil, 30)...)       // header, start tag, its size
			b = le.AppendUint32(b, uint32(at+13))                                       // the name is here:
			b = append(b, 0, 0, 0, 0, 0, 0, 4, 0, 'D', 0, 'a', 0, 't', 0, 'a', 0, 0, 0) // next, hash, length, text
			b = append(b, 0x02, 0x05, 1, 1, 0, 'x', 0, 0x04, 0)                         // "x", end tag, end
			copy(chunk[at:at+len(nestedHere)], b)
		}
		sealChunk(chunk)
	})
}

// sampleTamperedLogs returns logs with something to recover.
func sampleTamperedLogs() (map[string][]byte, error) {
	logs, err := sampleLogs()
	if err != nil {
		return nil, err
	}
	small, large := logs["small.evtx"], logs["chunks.evtx"]
	for name, edit := range map[string]func() ([]byte, error){
		"hidden.evtx":   func() ([]byte, error) { return evtxtest.Hide(small, 5) },
		"cutoff.evtx":   func() ([]byte, error) { return evtxtest.CutOff(small, 3) },
		"refilled.evtx": func() ([]byte, error) { return evtxtest.Refill(large, small, true) },
		"behind.evtx":   func() ([]byte, error) { return evtxtest.Behind(small, large), nil },
	} {
		if logs[name], err = edit(); err != nil {
			return nil, err
		}
	}
	return logs, nil
}

func sampleHives() (map[string][]byte, error) {
	list := map[string][]byte{}
	for _, minor := range []uint32{3, 5, 6} {
		h := registrytest.Hive{Name: "SOFTWARE", Minor: minor}
		h.Set(`Microsoft\Windows\CurrentVersion\Run`, sampleTime, registrytest.SZ("a", `"C:\a b.exe" -x`), registrytest.MultiSZ("b", "x", "y"))
		h.Set(`ControlSet001\Services\svc`, sampleTime, registrytest.ExpandSZ("ImagePath", `%SystemRoot%\x.exe`), registrytest.DWord("Start", 2))
		h.Set(`Select`, sampleTime, registrytest.DWord("Current", 1), registrytest.Value{Type: registry.Binary, Data: []byte{1, 2, 3}})
		h.Set(`日本`, sampleTime, registrytest.Link(`\x`))
		h.Key(`日本`, sampleTime).Link = true
		h.Key(`Select`, sampleTime).Class = "class"
		h.Key(`Select`, sampleTime).Owner = "S-1-5-18"
		h.Set(`Big`, sampleTime, registrytest.Binary("data", bytes.Repeat([]byte("0123456789"), 4000)))
		for i := range 1100 { // enough for a list of lists
			h.Key(fmt.Sprintf(`Many\%04d`, i), sampleTime)
		}
		data, err := h.Bytes()
		if err != nil {
			return nil, err
		}
		list[fmt.Sprintf("1.%d.hive", minor)] = data
	}
	for name, h := range machineHives(sampleTime) {
		var err error
		if list[name], err = h.Bytes(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func samplePEs() (map[string][]byte, error) {
	ca := petest.NewCA("Birthmark Test Root")
	signer := ca.Intermediate("Birthmark Test Issuer").Issue("Example Software Ltd")
	stamper := ca.IssueTimestamper("Example Timestamps")
	image := petest.Image{
		LinkTime: sampleTime, ExportName: "example.dll", PDBPath: `C:\build\example.pdb`, DLL: true,
		Imports: []petest.Import{{DLL: "kernel32.dll", Functions: []string{"CreateProcessW", "ExitProcess"}}, {DLL: "ws2_32.dll", Functions: []string{"connect"}}},
		Version: pe.VersionInfo{CompanyName: "Example", FileDescription: "An example", OriginalFilename: "example.dll", ProductVersion: "1.2.3.4"},
		Signature: petest.Signature{
			Signer: signer, SigningTime: sampleTime, Timestamper: stamper, ProgramName: "Example", ProgramURL: "https://example.com",
			Nested: []petest.Signature{{Signer: signer, SigningTime: sampleTime}},
		},
	}
	list := map[string][]byte{}
	for name, change := range map[string]func(*petest.Image){
		"amd64.dll":    func(*petest.Image) {},
		"i386.exe":     func(i *petest.Image) { i.Machine, i.DLL = pe.I386, false },
		"unsigned.exe": func(i *petest.Image) { i.Signature = petest.Signature{} },
	} {
		i := image
		change(&i)
		data, err := i.Bytes()
		if err != nil {
			return nil, err
		}
		list[name] = data
	}
	return list, nil
}

// WriteSamples writes the samples of a format into a directory and returns their
// paths in the order of their names, since the mutants of a seed depend on the order
// of the files.
func WriteSamples(dir, format string) ([]string, error) {
	samples, err := Samples(format)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, name := range slices.Sorted(maps.Keys(samples)) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, samples[name], 0o600); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// sampleWebLogs returns logs with different numbers of fields, so that the directive of
// one log changes the meaning of another if it is spliced in. All requests are of one
// day, which the lines of nodate.log do not have.
func sampleWebLogs() (map[string][]byte, error) {
	var requests []weblog.Request
	for i := range 400 {
		requests = append(requests, weblog.Request{
			Time: sampleTime.Truncate(time.Second).Add(time.Duration(i) * time.Second), Taken: time.Duration(i) * time.Millisecond,
			Client: "192.0.2.7", Method: "GET", Path: fmt.Sprintf("/page%03d.aspx", i), Query: "a=b", UserAgent: "Mozilla/5.0 (X)",
			Server: "10.0.0.5", Port: 443, Status: 200, Sent: 1433, Received: 402884, ForwardedFor: "203.0.113.9",
		})
	}
	const custom = weblogtest.Fields + " sc-bytes cs-bytes X-Forwarded-For"
	list := map[string][]byte{}
	for name, parts := range map[string][]weblogtest.Log{
		"default.log": {{Requests: requests}},
		"restart.log": {{Requests: requests[:200]}, {Fields: custom, Requests: requests[200:]}},
		"nodate.log":  {{Fields: "time c-ip cs-method cs-uri-stem sc-status", Requests: requests}},
	} {
		for _, part := range parts {
			b, err := part.Bytes()
			if err != nil {
				return nil, err
			}
			list[name] = append(list[name], b...)
		}
	}
	list["restart.log"] = append(list["restart.log"], make([]byte, 4096)...) // the end of a log in use
	return list, nil
}

// sampleTasks returns tasks with every kind of trigger and action, in both encodings.
func sampleTasks() (map[string][]byte, error) {
	t := task.Task{
		Author: `CORP\alice`, Date: "2026-03-02T12:00:00", URI: `\Up`, Description: `<a> & "b" 日本😀`, Hidden: true, Context: "Author",
		Principals: []task.Principal{{ID: "Author", UserID: "S-1-5-18", LogonType: "S4U", RunLevel: "HighestAvailable"}},
		Triggers: []task.Trigger{
			{Kind: "BootTrigger", Delay: "PT5M"}, {Kind: "LogonTrigger", Disabled: true, UserID: `CORP\bob`},
			{Kind: "CalendarTrigger", StartBoundary: "2026-03-02T13:00:00", EndBoundary: "2027-03-02T13:00:00", Interval: "PT1H"},
			{Kind: "EventTrigger", Subscription: `<QueryList><Query><Select Path="System">*</Select></Query></QueryList>`},
		},
		Actions: []task.Action{
			{Kind: "Exec", Command: `%ProgramData%\up.exe`, Arguments: `-q "a & b"`, WorkingDirectory: `C:\Windows`},
			{Kind: "ComHandler", ClassID: "{97D47D56-3777-49FB-8E8F-90D7E30E1A1E}", Data: "x"},
		},
	}
	list := map[string][]byte{}
	for name, utf8 := range map[string]bool{"utf16": false, "utf8": true} {
		b, err := tasktest.File{Task: t, UTF8: utf8}.Bytes()
		if err != nil {
			return nil, err
		}
		list[name] = b
	}
	return list, nil
}

// sampleLinks returns a link to a local file and one to a share.
func sampleLinks() (map[string][]byte, error) {
	list := map[string][]byte{}
	for name, f := range map[string]lnktest.File{
		"items": {Link: lnk.Link{
			Items: shellitemtest.File(`C:\Data\日本.exe`, func(i *shellitem.Item) { i.Ref, i.Comment = 5, "x" }), Console: &lnk.Console{}, ShimLayer: "WinXPSp3",
			Properties: []shellitem.Property{{ID: 5, Type: 31, Value: "contoso.app"}}, AlternateItems: append(shellitemtest.File(`C:\Data`, nil), shellitem.Item{Kind: shellitem.Storage, Name: "Phone", Identifier: "SID-{1}"}, shellitem.Item{Kind: shellitem.DeviceFile, Name: "IMG_1.JPG", Identifier: "o1"}), Droid: lnk.Droid{File: [16]byte{7: 0x11, 8: 0x80}},
		}},
		"local": {IDList: make([]byte, 40), Link: lnk.Link{
			CreationTime: sampleTime, LocalPath: `C:\ProgramData\日本\up.exe`, DriveType: 3, VolumeLabel: "Windows", Name: "Updater", RelativePath: `..\up.exe`,
			WorkingDir: `C:\`, Arguments: "-q", IconLocation: `C:\x.ico`, Environment: `%ProgramData%\up.exe`, MachineID: "web01",
		}},
		"share": {Link: lnk.Link{NetworkPath: `\\srv\tools\a\up.exe`, DeviceName: "Z:"}},
		"ansi":  {ANSI: true, Link: lnk.Link{NetworkPath: `\\srv\tools\up.exe`, LocalPath: `C:\tools\up.exe`, Arguments: "-q"}},
	} {
		b, err := f.Bytes()
		if err != nil {
			return nil, err
		}
		list[name] = b
	}
	return list, nil
}

// sampleProtectionLogs returns a protection log of Defender with an entry of each kind.
func sampleProtectionLogs() (map[string][]byte, error) {
	const path, device = `C:\Data\up.exe`, `\Device\HarddiskVolume3\Data\up.exe`
	sum := strings.Repeat("ab", 20)
	return map[string][]byte{"utf16": mplogtest.Log(
		mplog.Entry{Time: sampleTime, Kind: mplog.Impact, Process: "up.exe", PID: 44, Path: device},
		mplog.Entry{Time: sampleTime, Kind: mplog.Query, Path: path, SHA1: sum, SHA256: sum + sum[:24]},
		mplog.Entry{Time: sampleTime, Kind: mplog.Detection, Path: path, Threat: "Trojan:Win32/X"},
		mplog.Entry{Time: sampleTime, Kind: mplog.Blocked, Path: device, Process: device},
		mplog.Entry{Time: sampleTime, Kind: mplog.Behavior, Process: device, PID: 44, Started: sampleTime},
		mplog.Entry{Time: sampleTime, Kind: mplog.Command, CommandLine: "up.exe -x"},
		mplog.Entry{Time: sampleTime, Kind: mplog.OriginalName, Path: path, OriginalName: "nc.exe"},
	)}, nil
}
