package recyclebin_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/recyclebin"
	"github.com/birthmark-dfir/birthmark/recyclebin/recyclebintest"
)

var when = time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)

func written(t testing.TB, i recyclebin.Info) []byte {
	t.Helper()
	raw, err := recyclebintest.Bytes(i)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func open(t testing.TB, raw []byte) *recyclebin.Reader {
	t.Helper()
	r, err := recyclebin.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What recyclebintest writes is read back as it was.
func TestWriterAndReaderAgree(t *testing.T) {
	for _, want := range []recyclebin.Info{
		{Version: 1, Size: 7168, Deleted: when, Path: `C:\Users\anna\Ünï 日本.exe`}, {Version: 2, Size: 1 << 40, Deleted: when, Path: `C:\` + strings.Repeat("x", 3000)},
		{Version: 1}, {Version: 2},
	} {
		r := open(t, written(t, want))
		if got := *r.Info(); got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		for p := range r.Problems() {
			t.Errorf("%+v: %v", want, p)
		}
	}
	for _, bad := range []recyclebin.Info{{Version: 3}, {Version: 1, Path: strings.Repeat("x", 260)}} {
		if _, err := recyclebintest.Bytes(bad); err == nil {
			t.Errorf("%+v was written", bad)
		}
	}
}

func TestDamaged(t *testing.T) {
	one, two := written(t, recyclebin.Info{Version: 1, Deleted: when, Path: `C:\x.exe`}), written(t, recyclebin.Info{Version: 2, Deleted: when, Path: `C:\x.exe`})
	long := slices.Clone(two)
	binary.LittleEndian.PutUint32(long[24:], 1<<31)
	for _, tt := range []struct {
		name, err, problem, path string
		raw                      []byte
	}{
		{"empty", "header at 0x0: got 0 bytes, want ≥ 24 bytes: not an information file", "", "", nil},
		{"another file", `version at 0x0: got 0x4142434445464748, want 1 or 2: not an`, "", "", []byte("HGFEDCBAHGFEDCBAHGFEDCBA")},
		{"version 1, cut", "", "truncation: recyclebin: path at 0x18: got 10 bytes, want 520 bytes", `C:\x.`, one[:34]},
		{"version 2, cut", "", "truncation: recyclebin: path at 0x1c: got 10 bytes, want 18 bytes", `C:\x.`, two[:38]},
		{"a length beyond the file", "", "truncation: recyclebin: path at 0x1c: got 18 bytes", `C:\x.exe`, long},
	} {
		r, err := recyclebin.NewReader(bytes.NewReader(tt.raw), int64(len(tt.raw)))
		if tt.err != "" {
			if err == nil || !strings.Contains(err.Error(), tt.err) || !errors.Is(err, recyclebin.ErrNotInfo) || !damage.Is(err) {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := slices.Collect(r.Problems())
		if len(got) != 1 || !strings.HasPrefix(got[0].String(), tt.problem) || r.Info().Path != tt.path || !r.Info().Deleted.Equal(when) {
			t.Errorf("%s: %v, %+v", tt.name, got, r.Info())
		}
	}
	big := bytes.NewReader(make([]byte, 1<<20+1))
	if _, err := recyclebin.NewReader(big, big.Size()); !errors.Is(err, recyclebin.ErrNotInfo) {
		t.Errorf("a large file: %v", err)
	}
}

func TestNamed(t *testing.T) {
	for name, content := range map[string]string{
		"$Recycle.Bin/S-1-5-21-1-2-3-1001/$I103S5F.jpg": "$Recycle.Bin/S-1-5-21-1-2-3-1001/$R103S5F.jpg",
		"$IABCDEF": "$RABCDEF", "$R103S5F.jpg": "", "$I103S5F_.jpg": "", "$I103S5": "", "$I30": "", "$I10_S5F.jpg": "",
	} {
		if got := recyclebin.ContentName(name); got != content || recyclebin.Named(name) != (content != "") {
			t.Errorf("%s: %q, want %q", name, got, content)
		}
	}
}

// Real files, with what is known of them.
func TestSamples(t *testing.T) {
	for name, want := range map[string]recyclebin.Info{
		"$I103S5F.jpg": {Version: 2, Size: 222255, Path: `C:\Users\random\Downloads\bunnies.jpg`},
		"$II3DF3L.zip": {Version: 1, Size: 724919, Path: `C:\Users\nfury\Documents\Alloy Research\StarFury.zip`},
	} {
		raw, err := os.ReadFile(testenv.Sample(t, "traces/misc/"+name))
		if err != nil {
			t.Fatal(err)
		}
		got := *open(t, raw).Info()
		t.Log(got)
		got.Deleted = time.Time{}
		if got != want {
			t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(written(f, recyclebin.Info{Version: 1, Path: "x"}))
	f.Add(written(f, recyclebin.Info{Version: 2, Path: "x"}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := recyclebin.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		if n := len(r.Info().Path); n > 2*len(raw) {
			t.Fatalf("a path of %d bytes from %d", n, len(raw))
		}
	})
}

func ExampleNewReader() {
	raw, err := recyclebintest.Bytes(recyclebin.Info{Version: 2, Size: 7168, Deleted: when.Truncate(time.Second), Path: `C:\ProgramData\up.exe`})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := recyclebin.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	fmt.Println(r.Info().Path, "was deleted on", r.Info().Deleted)
	// Output: C:\ProgramData\up.exe was deleted on 2026-03-02 12:00:00 +0000 UTC
}
