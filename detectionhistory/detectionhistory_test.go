package detectionhistory_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/detectionhistory/detectionhistorytest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/winid"
)

var when = time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)

// sample has a value in every field.
var sample = detectionhistory.Detection{
	ThreatID: 2147519003, ID: winid.GUID{1, 2, 3, 15: 9}, Threat: "Trojan:Win32/X",
	Resources: []detectionhistory.Resource{
		{Type: "containerfile", Path: `C:\Data\Ü日本.zip`},
		{Type: "file", Path: `C:\Data\Ü日本.zip->up.exe`, Tracking: []detectionhistory.Value{
			{Name: "ThreatTrackingSha256", Value: strings.Repeat("A1", 32)}, {Name: "ThreatTrackingSize", Value: "7168"},
			{Name: "ThreatTrackingSha1", Value: strings.Repeat("b2", 20)}, {Name: "ThreatTrackingMD5", Value: strings.Repeat("c3", 16)},
		}},
		{Type: "webfile", Path: `C:\Data\Ü日本.zip|https://example.net/x.zip|pid:4312,ProcessStart:134169264001234567`},
	},
	Detected: when, Changed: when.Add(time.Minute), Remediated: when.Add(time.Second), User: `CORP\anna`, Process: `C:\Windows\explorer.exe`, RemediatedBy: `NT AUTHORITY\SYSTEM`,
}

func open(t testing.TB, raw []byte) *detectionhistory.Reader {
	t.Helper()
	r, err := detectionhistory.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What detectionhistorytest writes is read back as it was.
func TestWriterAndReaderAgree(t *testing.T) {
	for _, want := range []detectionhistory.Detection{sample, {}} {
		r := open(t, detectionhistorytest.Bytes(want))
		if got := *r.Detection(); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		for p := range r.Problems() {
			t.Error(p)
		}
	}
}

func TestResource(t *testing.T) {
	file, web := &sample.Resources[1], &sample.Resources[2]
	if path, inside := file.File(); path != `C:\Data\Ü日本.zip` || inside != "up.exe" {
		t.Errorf("%s, %s", path, inside)
	}
	if path, inside := web.File(); path != `C:\Data\Ü日本.zip` || inside != "" {
		t.Errorf("%s, %s", path, inside)
	}
	if file.SHA256() != strings.Repeat("a1", 32) || file.SHA1() != strings.Repeat("b2", 20) || file.MD5() != strings.Repeat("c3", 16) || web.SHA256() != "" {
		t.Errorf("hashes of %+v", file)
	}
	if w, ok := web.Web(); !ok || w.URL != "https://example.net/x.zip" || w.PID != 4312 || !w.Started.Equal(when) {
		t.Errorf("%+v, %t", w, ok)
	}
	if _, ok := file.Web(); ok {
		t.Error("a file is a download")
	}
	for path, want := range map[string]detectionhistory.Web{
		"x|http://a/": {URL: "http://a/"}, "x|http://a/|pid:x,ProcessStart:0": {URL: "http://a/"}, "x|http://a/|pid:99999999999": {URL: "http://a/"},
	} {
		if got, ok := (&detectionhistory.Resource{Type: "webfile", Path: path}).Web(); !ok || got != want {
			t.Errorf("%s: %+v", path, got)
		}
	}
}

func TestRejected(t *testing.T) {
	raw := detectionhistorytest.Bytes(sample)
	other := slices.Clone(raw)
	other[0x30] = 'm'
	for name, raw := range map[string][]byte{"empty": nil, "text": []byte("not a detection, but text that is long enough"), "another magic": other, "cut": raw[:0x20]} {
		_, err := detectionhistory.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if !errors.Is(err, detectionhistory.ErrNotDetection) || !damage.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is before a damaged value is read.
func TestDamageLosesWhatFollows(t *testing.T) {
	raw := detectionhistorytest.Bytes(sample)
	at := bytes.Index(raw, []byte("w\x00e\x00b\x00f\x00")) - 8
	for _, tt := range []struct {
		name      string
		raw       []byte
		resources int
		problem   string
	}{
		{"cut in the last resource", raw[:at+4], 2, "malformed: detectionhistory: resource 3: type of type of the resource at"},
		{"another type of value", func() []byte {
			b := slices.Clone(raw)
			b[at+4] = 0x06
			return b
		}(), 2, fmt.Sprintf("malformed: detectionhistory: resource 3: type of type of the resource at %#x: got 0x6, want 0x15", at+4)},
		{"a size beyond the file", func() []byte {
			b := slices.Clone(raw)
			binary.LittleEndian.PutUint32(b[at:], 1<<31)
			return b
		}(), 2, "malformed: detectionhistory: resource 3: type of the resource at"},
		{"too many resources", func() []byte {
			b := slices.Clone(raw)
			binary.LittleEndian.PutUint32(b[bytes.Index(b, []byte("c\x00o\x00n\x00t\x00"))-8-0x30-8:], 1<<20)
			return b
		}(), 0, "malformed: detectionhistory: number of resources at"},
		{"tracking", func() []byte {
			b := slices.Clone(raw)
			n := bytes.Index(b, []byte("T\x00h\x00r\x00e\x00a\x00t\x00T\x00"))
			binary.LittleEndian.PutUint32(b[n+42:], 9)
			return b
		}(), 3, "malformed: detectionhistory: C:\\Data\\Ü日本.zip->up.exe: type of a value at"},
	} {
		r := open(t, tt.raw)
		got := slices.Collect(r.Problems())
		if len(got) != 1 || !strings.HasPrefix(got[0].String(), tt.problem) || len(r.Detection().Resources) != tt.resources {
			t.Errorf("%s: %v, %d resources, want %s", tt.name, got, len(r.Detection().Resources), tt.problem)
		}
		if d := r.Detection(); d.Threat != sample.Threat || d.ID != sample.ID {
			t.Errorf("%s: %+v", tt.name, d)
		}
	}
}

// Real files, with what strings shows of them.
func TestSamples(t *testing.T) {
	for name, want := range map[string][5]string{
		"6AFE33A0-19BA-4FFF-892F-B700539D7D63": {"Virus:DOS/EICAR_Test_File", "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f", "https://secure.eicar.org/eicar_com.zip", `FRYPTOP\testuser`, "Unknown"},
		"FC380697-A68D-4C94-B67F-9B6449039463": {"PUA:Win32/EICAR_Test_File", "d6f6c6b9fde37694e12b12009ad11ab9ec8dd0f193e7319c523933bdad8a50ad", "http://amtso.eicar.org/PotentiallyUnwanted.exe", `FRYPTOP\testuser`, `C:\Windows\explorer.exe`},
	} {
		raw, err := os.ReadFile(testenv.Sample(t, "traces/misc/"+name))
		if err != nil {
			t.Fatal(err)
		}
		r := open(t, raw)
		d := r.Detection()
		web := &d.Resources[len(d.Resources)-1]
		w, _ := web.Web()
		if got := [5]string{d.Threat, web.SHA256(), w.URL, d.User, d.Process}; got != want || d.ID.String() != name || d.Detected.Year() != 2022 {
			t.Errorf("got  %v, %+v\nwant %v", got, d, want)
		}
		for p := range r.Problems() {
			t.Error(p)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(detectionhistorytest.Bytes(sample))
	f.Add(detectionhistorytest.Bytes(detectionhistory.Detection{}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := detectionhistory.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for i := range r.Detection().Resources {
			res := &r.Detection().Resources[i]
			res.File()
			res.Web()
		}
		for p := range r.Problems() {
			_ = p.String()
		}
	})
}

func ExampleNewReader() {
	raw := detectionhistorytest.Bytes(sample)
	r, err := detectionhistory.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	d := r.Detection()
	for i := range d.Resources {
		if w, ok := d.Resources[i].Web(); ok {
			fmt.Println(d.Threat, "was downloaded from", w.URL, "by process", w.PID)
		}
	}
	// Output: Trojan:Win32/X was downloaded from https://example.net/x.zip by process 4312
}
