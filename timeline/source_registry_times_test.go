package timeline

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Each row of the table of values with times makes an event of its kind, with what the
// value says, and what is not such a value makes none.
func TestTimesInValues(t *testing.T) {
	at := time.Date(2026, 3, 2, 13, 42, 9, 213_456_700, time.UTC)
	written := at.Add(time.Hour)
	stamp := binary.LittleEndian.AppendUint64(nil, filetime.Ticks(at))
	assist := make([]byte, 72)
	assist[4] = 3
	copy(assist[60:], stamp)
	old := append([]byte{1, 0, 0, 0, 8, 0, 0, 0}, stamp...)
	entry := func(path string, stamp []byte) []byte {
		text := wtf8.Encode(path)
		b := append(binary.LittleEndian.AppendUint16(nil, uint16(len(text))), text...)
		b = append(append(b, stamp...), 0, 0, 0, 0)
		return append(binary.LittleEndian.AppendUint32([]byte("10ts\x00\x00\x00\x00"), uint32(len(b))), b...)
	}
	cache := append(binary.LittleEndian.AppendUint32(nil, 0x34), make([]byte, 0x30)...)
	cache = append(append(cache, entry(`C:\Tools\x.exe`, stamp)...), entry("package", make([]byte, 8))...)

	system := registrytest.Hive{Name: "SYSTEM"}
	system.Set("Select", at, registrytest.DWord("Current", 1))
	const set = `ControlSet001\`
	system.Set(set+`Control\Windows`, written, registrytest.Binary("ShutdownTime", stamp), registrytest.Binary("Directory", stamp))
	for _, key := range []string{`bam\State\UserSettings`, `bam\UserSettings`, `dam\State\UserSettings`, `dam\UserSettings`} {
		system.Set(set+`Services\`+key+`\S-1-5-21-1-2-3-1001`, written, registrytest.Binary(`\Device\HarddiskVolume2\Tools\x.exe`, append(stamp, 0, 0, 0, 0)), registrytest.DWord("Version", 1), registrytest.Binary("windows.store_8wekyb3d8bbwe", stamp))
	}
	system.Set(set+`Control\Session Manager\AppCompatCache`, written, registrytest.Binary("AppCompatCache", cache))
	system.Set(set+`Control\Session Manager\AppCompatibility`, written, registrytest.Binary("AppCompatCache", cache))
	for _, property := range []string{"0064", "0065", "0066", "0067"} {
		system.Set(set+`Enum\USBSTOR\Disk&Ven_X&Prod_Y\1234\Properties\{83da6326-97a6-4088-9453-a1923f573b29}\`+property, written, registrytest.Binary("", stamp))
	}
	software := registrytest.Hive{Name: "SOFTWARE"}
	software.Set(`Microsoft\Windows NT\CurrentVersion`, written, registrytest.QWord("InstallTime", filetime.Ticks(at)), registrytest.SZ("ProductName", "Windows"))
	user := registrytest.Hive{Name: "NTUSER.DAT"}
	const explorer = `Software\Microsoft\Windows\CurrentVersion\Explorer\`
	user.Set(explorer+`UserAssist\{CEBFF5CD-ACE2-4F4F-9178-9926F41749EA}\Count`, written, registrytest.Binary(`P:\Gbbyf\k.rkr`, assist), registrytest.Binary(`P:\Gbbyf\byq.rkr`, old), registrytest.Binary("HRZR_PGYFRFFVBA", make([]byte, 8)))
	// The counters of the Explorer itself are not programs: UEME_CTLSESSION has 1612 bytes
	// since Windows 7, with other data at the offset of the time.
	user.Set(explorer+`UserAssist\{F4E57C4B-2036-45F0-A9AB-443BCFE33D9F}\Count`, written, registrytest.Binary("HRZR_PGYFRFFVBA", bytes.Repeat(append(stamp, 1, 2, 3, 4), 135)),
		registrytest.Binary("HRZR_PGYPHNPbhag:pgbe", assist), registrytest.Binary("HRZR_EHACNGU", old), registrytest.Binary("HRZR_HVDPHG", old),
		registrytest.Binary(`HRZR_EHACNGU:P:\Gbbyf\rneyl.rkr`, old), registrytest.Binary(`HRZR_EHACVQY:%pfvqy2%\Abgrcnq.yax`, old))
	user.Set(`Software\Microsoft\Internet Explorer\TypedURLs`, written, registrytest.SZ("url1", "http://example.net/"))
	user.Set(`Software\Microsoft\Internet Explorer\TypedURLsTime`, written, registrytest.Binary("url1", stamp), registrytest.Binary("url2", []byte{1}))
	user.Set(explorer+`RunMRU`, written, registrytest.SZ("a", "cmd"))

	files := fstest.MapFS{}
	for name, h := range map[string]registrytest.Hive{"Windows/System32/config/SYSTEM": system, "Windows/System32/config/SOFTWARE": software, "Users/eve/NTUSER.DAT": user} {
		data, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	tl, err := Collect(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	defer tl.Close()
	var got []string
	seen := map[*valueTime]bool{}
	for e := range tl.ByKind(MachineStopped, ProgramRan, ProgramCached, DeviceConnected, WindowsInstalled, URLTyped) {
		when := "at its own time"
		if !e.Time.Equal(at) {
			when = "at " + e.Time.Format(time.TimeOnly)
		}
		said, _, _ := strings.Cut(e.Message, " (HK")
		got = append(got, string(e.Kind)+" "+when+": "+said)
		for i := range valueTimes {
			if row := &valueTimes[i]; row.desc == e.Desc && fits(row.key, e.Source.Record) && (row.value == "*" || row.value == e.Field("Value")) {
				seen[row] = true
			}
		}
		if !strings.HasPrefix(e.Source.Record, "ControlSet001") && !strings.HasPrefix(strings.ToLower(e.Source.Record), "software") && !strings.HasPrefix(e.Source.Record, "Microsoft") || e.Source.Offset <= 0 {
			t.Errorf("%s cites %+v", said, e.Source)
		}
		if e.Kind == ProgramRan && e.User == "" && e.SID != "S-1-5-21-1-2-3-1001" {
			t.Errorf("%s has the SID %q", said, e.SID)
		}
	}
	want := []string{
		"machine.stopped at its own time: the machine was shut down",
		"program.cached at its own time: C:\\Tools\\x.exe was in the cache of compatibility, entry 0: it had been modified at that time",
		"program.cached at 14:42:09: package was in the cache of compatibility, entry 1, when that was written",
		"program.ran at its own time: C:\\Tools\\x.exe was started from the Explorer, 3 times in all",
		"program.ran at its own time: C:\\Tools\\old.exe was started from the Explorer, 3 times in all",
		"program.ran at its own time: C:\\Tools\\early.exe was started from the Explorer, 3 times in all",
		"program.ran at its own time: %csidl2%\\Notepad.lnk was started from the Explorer, 3 times in all",
		"program.cached at its own time: C:\\Tools\\x.exe was in the cache of compatibility, entry 0: it had been modified at that time",
		"program.cached at 14:42:09: package was in the cache of compatibility, entry 1, when that was written",
		"url.typed at its own time: http://example.net/ was typed",
		"windows.installed at its own time: Windows was installed or upgraded",
	}
	for range 4 {
		want = append(want, "program.ran at its own time: windows.store_8wekyb3d8bbwe was run by S-1-5-21-1-2-3-1001")
		want = append(want, "program.ran at its own time: \\Device\\HarddiskVolume2\\Tools\\x.exe was run by S-1-5-21-1-2-3-1001")
	}
	for _, event := range []string{"installed", "connected for the first time", "last connected", "last disconnected"} {
		want = append(want, "device.connected at its own time: a USB storage device was "+event+`: Disk&Ven_X&Prod_Y\1234`)
	}
	if a, b := sorted(got), sorted(want); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	for i := range valueTimes {
		if row := &valueTimes[i]; !seen[row] {
			t.Errorf("no event of the row %s", row.key)
		}
	}
	problems := 0
	for _, c := range tl.Coverage() {
		if c.Type == TypeRegistry {
			problems += c.ProblemCount
		}
	}
	if problems != 1 { // url2
		t.Errorf("%d problems, want 1", problems)
	}
}

// fits reports whether a key is one that a pattern means.
func fits(pattern, key string) bool {
	parts, names := strings.Split(pattern, `\`), strings.Split(key, `\`)
	if len(parts) != len(names) {
		return false
	}
	for i, part := range parts {
		begin, wild := strings.CutSuffix(part, "*")
		if !strings.HasPrefix(names[i], begin) || !wild && names[i] != begin {
			return false
		}
	}
	return true
}

func sorted(list []string) string { return strings.Join(slices.Sorted(slices.Values(list)), "\n") }

// A cache of a version that is not read is a problem of the hive, which says so.
func TestShimCacheOfAnotherVersion(t *testing.T) {
	system := registrytest.Hive{Name: "SYSTEM"}
	system.Set("Select", time.Time{}, registrytest.DWord("Current", 1))
	system.Set(`ControlSet001\Control\Session Manager\AppCompatCache`, time.Time{}, registrytest.Binary("AppCompatCache", []byte{1, 2, 3, 4, 0, 0, 0, 0}))
	data, err := system.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	var c Coverage
	h, err := openHive(fstest.MapFS{"SYSTEM": {Data: data}}, "SYSTEM", "", false, &c)
	if err != nil || h.Reader.Type() != registry.System {
		t.Fatal(err)
	}
	if len(c.Problems) != 1 || !strings.Contains(c.Problems[0].Err.Error(), "unknown version of the cache") {
		t.Errorf("problems: %v", c.Problems)
	}
}
