package artifact

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"path"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// at returns n bytes with s at an offset.
func at(n, off int, s string) []byte {
	b := make([]byte, n)
	copy(b[off:], s)
	return b
}

// Every signature identifies its kind.
func TestSignatures(t *testing.T) {
	for _, s := range beginnings {
		if got := Begins(at(HeadSize, s.off, s.magic)); got != s.kind {
			t.Errorf("%q at %d begins %q, want %q", s.magic, s.off, got, s.kind)
		}
	}
	for _, s := range remains {
		if got := Remains(at(HeadSize, s.off, s.magic)); got != s.kind {
			t.Errorf("%q at %d remains of %q, want %q", s.magic, s.off, got, s.kind)
		}
	}
	for _, s := range append(beginnings, remains...) {
		if s.off+len(s.magic) > HeadSize {
			t.Errorf("%q at %d is not in the head", s.magic, s.off)
		}
	}
}

// The XML of a task is one by its schema, in any encoding.
func TestTasks(t *testing.T) {
	const xml = `<?xml version="1.0"?><Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">`
	wide := wtf8.Encode(xml)
	swapped := bytes.Clone(wide)
	for i := 0; i < len(swapped); i += 2 {
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
	}
	for name, b := range map[string][]byte{
		"UTF-8": []byte(xml), "with a mark": []byte("\xef\xbb\xbf" + xml), "behind blanks": []byte("\r\n " + xml),
		"UTF-16LE": append([]byte("\xff\xfe"), wide...), "without a mark": wide, "UTF-16BE": append([]byte("\xfe\xff"), swapped...),
	} {
		if got := Begins(b); got != Task {
			t.Errorf("%s: %q", name, got)
		}
	}
	for _, b := range []string{"<Task>", "see http://schemas.microsoft.com/windows/2004/02/mit/task", "<", ""} {
		if got := Begins([]byte(b)); got != "" {
			t.Errorf("%q: %q", b, got)
		}
	}
}

// Every pattern for names matches a name that Windows gives, in any case, and only
// such names.
func TestNamed(t *testing.T) {
	used := map[string]bool{} // patterns
	for name, want := range map[string]string{
		"C/$MFT": MFT, "c.mft": MFT,
		"Windows/System32/winevt/Logs/Security.evtx": EVTX, "SecEvent.Evt": EVTX,
		"Users/eve/ntuser.dat": Registry, "UsrClass.dat": Registry, "config/SYSTEM": Registry, "software": Registry,
		"SAM": Registry, "SECURITY": Registry, "DEFAULT": Registry, "Amcache.hve": Registry,
		"W3SVC1/u_ex260302.log": WebLog,
		"$J":                    USN, "$Extend/$UsnJrnl:$J": USN, "$UsnJrnl%3A$j": USN, "$UsnJrnl$J": USN, "$UsnJrnl%3A$J.idx": "", "$UsnJrnl": "",
		"sru/SRUDB.dat": ESE, "Current.mdb": ESE, "SystemIdentity.mdb": ESE, "a.mdb": "", "Downloader/qmgr.db": ESE, "qmgr0.dat": BITS, "qmgr1.DAT": BITS, "qmgr2.dat": "",
		"C/$LogFile": LogFile, "$logfile": LogFile,
		"Prefetch/A.EXE-0123ABCD.pf": Prefetch, "a.pf": "", "Recent/a.txt.LNK": Link, "f01b4d95cf55d32a.automaticDestinations-ms": JumpList,
		"f01b4d95cf55d32a.customDestinations-ms": JumpList, "S-1-5-18/$IABC123": RecycleBin, "$IABC123.exe": RecycleBin, "$I30": "", "$I30.bin": "",
		"pca/PcaAppLaunchDic.txt": PCA, "PcaGeneralDb1.txt": PCA, "MPLog-20260302-120000.log": ProtectionLog,
		"Tasks/At1.job": Task, "Tasks/At1": "",
		"a.exe": PE, "b.DLL": PE, "c.sys": PE,
		"$MFTMirr": "", "SYSTEM.LOG1": "", "notes.txt": "", "system.log": "", "ex260302.log": "", "": "",
	} {
		if got := Named(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
		for _, n := range names {
			if ok, err := path.Match(n.pattern, winpath.FoldName(path.Base(name))); ok && err == nil {
				used[n.pattern] = true
			}
		}
	}
	for _, n := range names {
		if !used[n.pattern] {
			t.Errorf("no name matches %s", n.pattern)
		}
	}
}

func TestOf(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, tt := range []struct {
		name    string
		content string
		want    string
	}{
		{"renamed.bin", "ElfFile\x00", EVTX},
		{"a.evtx", "regf", Registry}, // content wins
		{"empty.evtx", "", EVTX},
		{"zeros.evtx", "\x00\x00\x00\x00", EVTX},
		{"SYSTEM", "zeroed", Registry},
		{"log.bin", "RSTR\x1e\x00\x09\x00", LogFile},
		{"$LogFile", "\xff\xff\xff\xff", LogFile}, // an empty one
		{"SYSTEM.LOG1", "regf", ""},
		{"$MFTMirr", "FILE0\x00", ""},
		{"notes.txt", "FILE0 is missing", ""},
		{"carved", string(at(2000, 1000, "ElfChnk\x00")), EVTX},
		{"renamed.dat", "\x1e\x00\x00\x00SCCA", Prefetch},
		{"renamed.txt", "MAM\x04", Prefetch},
		{"a.url", "L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F", Link},
		{"letter", "L\x00\x00\x00\x01\x14", ""},
		{"access.txt", "#Software: x\n#Fields: date time cs-uri-stem\n", WebLog},
		{"firewall.txt", "#Software: x\n#Fields: date time action\n", ""},
	} {
		fsys[tt.name] = &fstest.MapFile{Data: []byte(tt.content)}
		if got := OfFile(fsys, tt.name); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := OfFile(fsys, "absent/Security.evtx"); got != EVTX {
		t.Errorf("a file that cannot be opened: got %q", got)
	}
	if !Is(EVTX, fsys, "a.evtx") || !Is(Registry, fsys, "a.evtx") || Is(MFT, fsys, "a.evtx") {
		t.Error("a hive with the name of a log is both, and nothing else")
	}
}

// What a parser opens is recognized, also if its beginning is lost.
func TestNoGateIsStricterThanItsParser(t *testing.T) {
	log, err := evtxtest.Bytes(&evtx.Security4624{System: evtx.System{TimeCreated: time.Unix(0, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	volume, err := mfttest.Volume{}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(volume), int64(len(volume)))
	if err != nil {
		t.Fatal(err)
	}
	table, err := fs.ReadFile(vol, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	hive, err := registrytest.Hive{}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	parsers := []struct {
		kind string
		file []byte
		open func(b []byte) error
		not  error
	}{
		{EVTX, log, func(b []byte) error { _, err := evtx.NewReader(bytes.NewReader(b), int64(len(b))); return err }, evtx.ErrNotEventLog},
		{MFT, table, func(b []byte) error { _, err := mft.NewReader(bytes.NewReader(b), int64(len(b))); return err }, mft.ErrNotMFT},
		{Registry, hive, func(b []byte) error { _, err := registry.NewReader(bytes.NewReader(b), int64(len(b))); return err }, registry.ErrNotHive},
		{WebLog, []byte("#Software: x\r\n#Version: 1.0\r\n#Fields: date time cs-uri-stem\r\n"), func(b []byte) error {
			_, err := weblog.NewReader(bytes.NewReader(b), int64(len(b)))
			return err
		}, weblog.ErrNotWebLog},
	}
	for _, p := range parsers {
		opened := 0
		for _, lost := range []int{0, 4, 100, 512, 1024, 4096} {
			if lost > len(p.file) {
				continue
			}
			b := bytes.Clone(p.file)
			clear(b[:lost])
			err := p.open(b)
			if errors.Is(err, p.not) {
				continue
			}
			opened++
			if got := Of("renamed", b[:min(len(b), HeadSize)]); got != p.kind {
				t.Errorf("%s without its first %d bytes: opened (%v), but recognized as %q", p.kind, lost, err, got)
			}
		}
		if opened == 0 {
			t.Errorf("%s: never opened", p.kind)
		}
	}
}

// What only its name identifies is not taken for what its content happens to look like, and
// no kind is both.
func TestUnmarked(t *testing.T) {
	for name, want := range map[string]string{"$J": USN, "$LogFile": LogFile, "$IABC123.txt": RecycleBin, "MPLog-1.log": ProtectionLog,
		"PcaGeneralDb0.txt": PCA, "1b4dd67f29cb1962.automaticDestinations-ms": JumpList, "a.lnk": "", "SYSTEM": "", "a.exe": ""} {
		if got := Unmarked(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for kind := range unmarked {
		if kind == LogFile { // some begin with a mark, and empty ones do not
			continue
		}
		for _, s := range append(beginnings, remains...) {
			if s.kind == kind {
				t.Errorf("%s has the mark %q", kind, s.magic)
			}
		}
	}
}

// A copy of the change journal is one by its records, whatever its name.
func TestJournals(t *testing.T) {
	record := func(major uint16, name string, extents int) []byte {
		at := map[uint16]int{2: 0x38, 3: 0x48, 4: 0x3c}[major]
		b := make([]byte, at+4)
		binary.LittleEndian.PutUint16(b[4:], major)
		if major == 4 {
			binary.LittleEndian.PutUint16(b[at:], uint16(extents))
			binary.LittleEndian.PutUint16(b[at+2:], 16)
			b = append(b, make([]byte, 16*extents)...)
		} else {
			wide := wtf8.Encode(name)
			binary.LittleEndian.PutUint16(b[at:], uint16(len(wide)))
			binary.LittleEndian.PutUint16(b[at+2:], uint16(at+4))
			b = append(b, wide...)
		}
		b = append(b, make([]byte, -len(b)&7)...)
		binary.LittleEndian.PutUint32(b, uint32(len(b)))
		return b
	}
	changed := func(b []byte, at int, v byte) []byte { b[at] = v; return b }
	v2, v3, v4 := record(2, "a.exe", 0), record(3, "long name.exe", 0), record(4, "", 2)
	for _, tt := range []struct {
		name string
		head []byte
		want string
	}{
		{"version 2", bytes.Repeat(v2, 40), USN},
		{"version 3", bytes.Repeat(v3, 40), USN},
		{"version 4 behind 3", slices.Concat(v3, v4, v4), USN},
		{"one record", v2, USN},
		{"one record with a name of one character", record(2, "a", 0), USN},
		{"one record of version 4", v4, USN},
		{"the second is cut off", slices.Concat(v2, v3)[:len(v2)+0x50], USN},
		{"behind zeros", slices.Concat(make([]byte, 4096), v2), ""},
		{"something else behind the first", append(bytes.Clone(v2), make([]byte, 100)...), ""},
		{"another length", changed(bytes.Clone(v2), 0, v2[0]+8), ""},
		{"another version", changed(bytes.Clone(v2), 4, 5), ""},
		{"another minor version", changed(bytes.Clone(v2), 6, 1), ""},
		{"a name elsewhere", changed(bytes.Clone(v2), 0x3a, 0x3e), ""},
		{"zeros", make([]byte, HeadSize), ""},
	} {
		if got := Of("x.bin", tt.head); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
