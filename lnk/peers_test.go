package lnk_test

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// liblnk prints what liblnk reads of each file of the arguments. It does not tell an
// absent number from 0.
const liblnk = `
import json, sys, pylnk
def text(v): return '' if v is None else v.rstrip('\0').encode('utf-16-le', 'surrogatepass').hex()
for name in sys.argv[1:]:
    f = pylnk.file(); f.open(name)
    print(json.dumps({
        "Flags": f.data_flags, "Created": f.get_file_creation_time_as_integer(), "Modified": f.get_file_modification_time_as_integer(),
        "Accessed": f.get_file_access_time_as_integer(), "Size": f.file_size or 0, "Icon": f.icon_index or 0, "Show": f.show_window_value or 0, "HotKey": f.hot_key_value or 0,
        "DriveType": f.drive_type or 0, "Serial": f.drive_serial_number or 0, "Label": text(f.volume_label), "Local": text(f.local_path), "Network": text(f.network_path),
        "Description": text(f.description), "Relative": text(f.relative_path), "Working": text(f.working_directory), "Arguments": text(f.command_line_arguments),
        "IconFile": text(f.icon_location), "Environment": text(f.environment_variables_location), "Machine": f.machine_identifier or '',
        "Droid": [f.droid_volume_identifier or '', f.droid_file_identifier or '', f.birth_droid_volume_identifier or '', f.birth_droid_file_identifier or ''],
        "Items": (f.link_target_identifier_data or b'').hex(),
    }))
`

type peer struct {
	Flags                                                 uint32
	Created, Modified, Accessed                           uint64
	Size, Show, HotKey, DriveType, Serial                 uint32
	Icon                                                  uint32
	Label, Local, Network, Description, Relative, Working string
	Arguments, IconFile, Environment, Machine             string
	Droid                                                 [4]string
	Items                                                 string
}

// Liblnk reads the same from real links, and from those that lnktest writes.
func TestLiblnkReadsTheSame(t *testing.T) {
	python := testenv.Python(t, "pylnk")
	droid := lnk.Droid{Volume: winid.GUID{1, 2, 3}, File: winid.GUID{7: 0x11, 8: 0x80, 15: 9}}
	tracked := full
	tracked.Droid, tracked.DroidBirth, tracked.Items = droid, droid, shellitemtest.File(`C:\ProgramData\up.exe`, func(i *shellitem.Item) { i.Ref = 9 })
	dir := t.TempDir()
	var names []string
	for name, f := range map[string]lnktest.File{"full": {Link: full}, "tracked": {Link: tracked}, "share": {Link: onShare}, "ansi": {Link: lnk.Link{LocalPath: `C:\x.exe`, Name: "x"}, ANSI: true}} {
		name = filepath.Join(dir, name+".lnk")
		if err := os.WriteFile(name, written(t, f), 0o644); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if os.Getenv("BIRTHMARK_SAMPLES") != "" {
		real, err := filepath.Glob(testenv.Sample(t, "traces/lnk-jumplist") + "/*.lnk")
		if err != nil || len(real) == 0 {
			t.Fatal("no links", err)
		}
		names = append(names, real...)
	}
	out, err := exec.Command(python, append([]string{"-c", liblnk}, names...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for _, name := range names {
		var want peer
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		r, err := lnk.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		l := r.Link()
		got := peer{
			Flags: uint32(l.Flags), Created: filetime.Ticks(l.CreationTime), Modified: filetime.Ticks(l.WriteTime), Accessed: filetime.Ticks(l.AccessTime),
			Size: l.FileSize, Show: l.ShowCommand, HotKey: uint32(l.HotKey), DriveType: l.DriveType, Serial: l.DriveSerial, Icon: uint32(l.IconIndex),
			Label: hexText(l.VolumeLabel), Local: hexText(l.LocalPath), Network: hexText(l.NetworkPath), Description: hexText(l.Name), Relative: hexText(l.RelativePath),
			Working: hexText(l.WorkingDir), Arguments: hexText(l.Arguments), IconFile: hexText(l.IconLocation), Environment: hexText(l.Environment), Machine: l.MachineID,
		}
		for i, id := range []winid.GUID{l.Droid.Volume, l.Droid.File, l.DroidBirth.Volume, l.DroidBirth.File} {
			if want.Droid[i] != "" {
				got.Droid[i] = strings.ToLower(id.String())
			}
		}
		for i := range l.Items {
			got.Items += hexBytes(l.Items[i].Raw)
		}
		if got.Items != "" {
			got.Items += "0000"
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", filepath.Base(name), got, want)
		}
	}
}

// What is known of real links: the entries of the $MFT and the tracker have no other reader
// here.
func TestSamples(t *testing.T) {
	for name, want := range map[string]struct {
		path, mac, key, value string
		made                  time.Time
		ref                   shellitem.Ref
	}{
		"NeroInfoTool.lnk":       {`C:\Program Files (x86)\Nero\Nero 9\Nero InfoTool\InfoTool.exe`, "70:5a:b6:16:a5:f3", "System.SID", "S-1-5-21-1649921694-3861100353-2334684395-500", time.Date(2010, 1, 29, 21, 2, 17, 840171700, time.UTC), 1<<48 | 0x13dc5},
		"example.lnk":            {"", "00:1d:09:fa:5a:1c", "", "", time.Date(2009, 7, 14, 5, 45, 20, 500012300, time.UTC), 0},
		"unpaired_surrogate.lnk": {"C:\\test\\unicode_U+0000d800_\xed\xa0\x80.exe", "52:54:00:ee:b6:05", "System.Size", "11264", time.Date(2023, 7, 10, 3, 53, 53, 500051600, time.UTC), 0x3f<<48 | 0x5e63a},
	} {
		r, err := lnk.Open(testenv.Sample(t, "traces/lnk-jumplist/"+name))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for p := range r.Problems() {
			t.Errorf("%s: %v", name, p)
		}
		l := r.Link()
		if got := shellitem.Path(l.Items); got != want.path || l.Droid.MAC() != want.mac || !l.Droid.Made().Equal(want.made) || l.Property(want.key) != want.value {
			t.Errorf("%s: %q, %s, %v, %q", name, got, l.Droid.MAC(), l.Droid.Made(), l.Property(want.key))
		}
		if n := len(l.Items); n > 0 && l.Items[n-1].Ref != want.ref {
			t.Errorf("%s: %x", name, l.Items[n-1].Ref)
		}
	}
}

func hexText(s string) string { return hexBytes(wtf8.Encode(s)) }

func hexBytes(b []byte) string { return hex.EncodeToString(b) }
