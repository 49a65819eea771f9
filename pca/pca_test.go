package pca_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/pca"
	"github.com/birthmark-dfir/birthmark/pca/pcatest"
)

var when = time.Date(2026, 3, 2, 12, 0, 0, 123_000_000, time.UTC)

var (
	launched = []pca.Entry{{Time: when, Path: `C:\Data\Ü 日本.exe`}, {Time: when.Add(time.Hour), Path: `C:\a|b.exe`}}
	general  = []pca.Entry{{Time: when, General: true, Status: "2", Path: `%programfiles%\x\up.exe`, Name: "Up", Publisher: "Contoso", Version: "1.0", ProgramID: "0006x",
		Message: "Abnormal process exit with code 0x1"}}
)

func open(t testing.TB, raw []byte) *pca.Reader {
	t.Helper()
	r, err := pca.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What pcatest writes is read back as it was.
func TestWriterAndReaderAgree(t *testing.T) {
	for _, want := range [][]pca.Entry{launched, general, nil} {
		var got []pca.Entry
		for e, err := range open(t, pcatest.Bytes(want...)).Entries() {
			if err != nil {
				t.Error(err)
			}
			if e.Line != len(got)+1 || e.Line > 1 && e.Offset == 0 {
				t.Errorf("line %d at %d", e.Line, e.Offset)
			}
			e.Line, e.Offset = 0, 0
			got = append(got, e)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

// Lines that are not entries are damage, and the next is read.
func TestDamaged(t *testing.T) {
	raw := append([]byte("C:\\a.exe|yesterday\r\n\r\n"), pcatest.Bytes(launched[0])...)
	r := open(t, raw)
	var errs []string
	n := 0
	for e, err := range r.Entries() {
		if err != nil {
			errs = append(errs, err.Error())
			continue
		}
		if n++; e.Path != launched[0].Path || e.Line != 3 || e.Offset != 22 {
			t.Errorf("%+v", e)
		}
	}
	if n != 1 || len(errs) != 1 || errs[0] != `pca: line 1: line at 0x0: got "C:\\a.exe|yesterday", want a path and a time` {
		t.Errorf("%d entries, %q", n, errs)
	}
	problems := 0
	for p := range r.Problems() {
		if problems++; p.Kind != damage.Malformed {
			t.Error(p)
		}
	}
	if problems != 1 {
		t.Errorf("%d problems", problems)
	}
	for _, text := range []string{"no entry\n", strings.Repeat("x|", 20)} {
		if _, err := pca.NewReader(strings.NewReader(text), int64(len(text))); !errors.Is(err, pca.ErrNotPCA) || !damage.Is(err) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]bool{
		"Windows/appcompat/pca/PcaAppLaunchDic.txt": true, "pcageneraldb0.TXT": true, "PcaGeneralDb1.txt": true, "PcaGeneralDb2.txt": false, "x.txt": false,
	} {
		if got := pca.Named(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// Real files: as many entries as lines.
func TestSamples(t *testing.T) {
	for name, want := range map[string]int{"PcaAppLaunchDic.txt": 4, "PcaGeneralDb0.txt": 3} {
		raw, err := os.ReadFile(testenv.Sample(t, "traces/misc/"+name))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for e, err := range open(t, raw).Entries() {
			if n++; err != nil || e.Time.IsZero() || !strings.Contains(e.Path, `\`) {
				t.Errorf("%s: %+v, %v", name, e, err)
			}
		}
		if n != want {
			t.Errorf("%s: %d entries, want %d", name, n, want)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(pcatest.Bytes(launched...))
	f.Add(pcatest.Bytes(general...))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := pca.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		last := int64(-1)
		for e, err := range r.Entries() {
			if err == nil && e.Offset <= last {
				t.Fatalf("offset %d after %d", e.Offset, last)
			}
			if err == nil {
				last = e.Offset
			}
		}
	})
}

func ExampleNewReader() {
	raw := pcatest.Bytes(pca.Entry{Time: when, Path: `C:\ProgramData\up.exe`})
	r, err := pca.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for e, err := range r.Entries() {
		fmt.Println(e.Path, e.Time, err)
	}
	// Output: C:\ProgramData\up.exe 2026-03-02 12:00:00.123 +0000 UTC <nil>
}
