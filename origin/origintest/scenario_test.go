package origintest_test

import (
	"bytes"
	"cmp"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
	"github.com/birthmark-dfir/birthmark/pe"
)

// Artifacts returns what is on the image, and a change of the scenario affects both.
func TestArtifactsAreThoseOfTheImage(t *testing.T) {
	for _, s := range origintest.Variants() {
		artifacts, err := s.Artifacts()
		if err != nil {
			t.Fatal(err)
		}
		ev, err := s.Evidence()
		if err != nil {
			t.Fatal(err)
		}
		defer ev.Close()
		vol, _, err := ev.Resolve(s.Subject)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range artifacts {
			got, err := fs.ReadFile(vol.FS, name)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %s differs on the image (%v)", s.Name, name, err)
			}
		}
		for _, source := range s.Sources() {
			if file, _, _ := strings.Cut(source, ":"); artifacts[file] == nil && !strings.HasSuffix(file, ".exe") {
				t.Errorf("%s: the source %s is not an artifact", s.Name, source)
			}
		}
	}
}

// Volume is the partition in the image.
func TestVolumeIsThatOfTheImage(t *testing.T) {
	s := origintest.SQLServer()
	image, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	volume, err := s.Volume()
	if err != nil || !bytes.Contains(image, volume) {
		t.Errorf("the image does not hold the volume (%v)", err)
	}
}

// Every program that Sysmon names is on the volume, and the log has what Sysmon would
// read from it. What a program lacks is a dash, never empty.
func TestSysmonLogsTheProgramsOfTheVolume(t *testing.T) {
	s := origintest.SQLServer()
	ev, err := s.Evidence()
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	vol, _, err := ev.Resolve(s.Subject)
	if err != nil {
		t.Fatal(err)
	}
	log, err := fs.ReadFile(vol.FS, "Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx")
	if err != nil {
		t.Fatal(err)
	}
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	dash := func(s string) string { return cmp.Or(s, "-") }
	runs := 0
	for record, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		whole, err := record.Event()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range whole.Fields {
			if f.Value.String() == "" {
				t.Errorf("record %d: %s of event %d is empty", record.ID, f.Name, whole.EventID)
			}
		}
		e, ok := evtx.TypedOf(whole).(*evtx.Sysmon1)
		if !ok {
			continue
		}
		runs++
		data, err := fs.ReadFile(vol.FS, strings.ReplaceAll(strings.TrimPrefix(e.Image, `C:\`), `\`, "/"))
		if err != nil {
			t.Errorf("record %d: %v", record.ID, err)
			continue
		}
		image, err := pe.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.EqualFold(e.Hash("SHA256"), image.SHA256) {
			t.Errorf("%s has the hashes %s, want %s", e.Image, e.Hashes, image.SHA256)
		}
		v := image.Version
		got := []string{e.FileVersion, e.Description, e.Product, e.Company, e.OriginalFileName}
		want := []string{dash(v.FileVersion), dash(v.FileDescription), dash(v.ProductName), dash(v.CompanyName), dash(v.OriginalFilename)}
		if !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", e.Image, got, want)
		}
	}
	if runs < 20 {
		t.Errorf("%d runs", runs)
	}
}

// Every event has a struct, and in System what Windows writes for its kind.
func TestEventsAreWhatWindowsWrites(t *testing.T) {
	for _, s := range origintest.Variants() {
		artifacts, err := s.Artifacts()
		if err != nil {
			t.Fatal(err)
		}
		for name, log := range artifacts {
			if path.Ext(name) != ".evtx" {
				continue
			}
			r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
			if err != nil {
				t.Fatal(err)
			}
			for record, err := range r.Records() {
				if err != nil {
					t.Fatal(err)
				}
				e, err := record.Typed()
				if err != nil {
					t.Fatal(err)
				}
				kind, ok := evtx.KindOf(e)
				if !ok {
					t.Errorf("%s: event %d of %s has no struct", s.Name, e.Sys().EventID, e.Sys().Provider)
					continue
				}
				got, want := e.Sys(), kind.New().Sys()
				own := *got
				own.TimeCreated, own.RecordID, own.Computer, own.ProcessID, own.ThreadID, own.UserSID = want.TimeCreated, 0, "", 0, 0, ""
				own.Version = want.Version // 4624 has that of Windows Server 2022
				if own != *want || got.TimeCreated.IsZero() || got.Computer != "WEB01" {
					t.Errorf("%s: System of %s is\n%+v, want\n%+v", s.Name, kind.Name, got, want)
				}
			}
		}
	}
}

// A machine with its disk, logs, hives and programs, in memory.
func BenchmarkImage(b *testing.B) {
	for b.Loop() {
		if _, err := origintest.SQLServer().Image(); err != nil {
			b.Fatal(err)
		}
	}
}
