package weblog_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/weblog"
)

// The three ways to open a log give the same, and errors name the log as it was
// named.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	sound, noise, bad := filepath.Join(dir, "u_ex260302.log"), filepath.Join(dir, "noise"), filepath.Join(dir, "bad.log")
	for name, content := range map[string]string{sound: header + short + upload, noise: "noise", bad: short + "x\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fsys := os.DirFS(dir)
	file := func(name string, opts ...weblog.Option) (*weblog.Reader, error) { return weblog.Open(name, opts...) }
	inFS := func(name string, opts ...weblog.Option) (*weblog.Reader, error) {
		return weblog.OpenFS(fsys, filepath.Base(name), opts...)
	}
	bytes := func(name string, opts ...weblog.Option) (*weblog.Reader, error) {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return weblog.NewReader(strings.NewReader(string(content)), int64(len(content)), opts...)
	}
	const notALog = `: log at 0x0: got "noise", want #Fields with cs-uri-stem, or lines in the NCSA or the IIS format: not a web log`
	for _, tt := range []struct {
		name string
		open func(string, ...weblog.Option) (*weblog.Reader, error)
		opts []weblog.Option
		call string // what errors call the log, with the directory as DIR
	}{
		{"Open", file, nil, "DIR/"},
		{"OpenFS", inFS, nil, ""},
		{"NewReader", bytes, nil, "weblog"},
		{"with a name", file, []weblog.Option{weblog.WithName("the log")}, "the log"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			called := func(name string) string {
				if strings.HasPrefix(tt.call, "DIR") {
					return name
				} else if tt.call == "" {
					return filepath.Base(name)
				}
				return tt.call
			}
			r, err := tt.open(sound, tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			for req, err := range r.Requests() {
				if err != nil || summary(&req) != uploaded {
					t.Errorf("%s, %v", summary(&req), err)
				}
			}
			if got, want := r.Software(), "Microsoft Internet Information Services 10.0"; got != want {
				t.Errorf("software %q, want %q", got, want)
			}
			for range 2 {
				if err := r.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}
			_, err = tt.open(noise, tt.opts...)
			if !errors.Is(err, weblog.ErrNotWebLog) || err.Error() != called(noise)+notALog {
				t.Errorf("got %v, want %s", err, called(noise)+notALog)
			}
			if r, err = tt.open(bad, tt.opts...); err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			for _, err := range r.Requests() {
				if want := called(bad) + ": line 2: fields at 0x60: got 1, want 9"; err.Error() != want {
					t.Errorf("got %v, want %s", err, want)
				}
			}
		})
	}
	if _, err := weblog.Open(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %v", err, fs.ErrNotExist)
	}
	if _, err := weblog.OpenFS(fstest.MapFS{"d/x": {}}, "d"); err == nil {
		t.Error("a directory was opened")
	}
}

// What is a log, and what only looks like one.
func TestRecognition(t *testing.T) {
	const fields = "#Fields: date time cs-uri-stem\n"
	for _, tt := range []struct {
		name, log string
		got       string // the format; in quotation marks what is in the error
	}{
		{"the fields at the beginning", fields, "W3C"},
		{"the fields after other directives", header + fields, "W3C"},
		{"zeros before the fields", strings.Repeat("\x00", 4096) + fields, "W3C"},
		{"a log whose beginning is noise", "noise\n" + fields, "W3C"},
		{"the second fields", "#Fields: date time x-event\n" + fields, "W3C"},
		{"the fields behind 64 KiB", strings.Repeat("#\n", 32<<10) + fields, `"#\n#\n#\n#\n#\n#\n#\n#\n#\n#\n#\n#\n#\n#\n#\n#\n"…`},
		{"an empty file", "", "an empty file"},
		{"zeros", strings.Repeat("\x00", 8), `"\x00\x00\x00\x00\x00\x00\x00\x00"`},
		{"UTF-16", utf16Text(fields), "W3C"},
		{"UTF-16 without a mark", utf16Text(fields)[2:], "W3C"},
		{"UTF-16 that is not a log", "\xff\xfe#\x00F\x00", `"\xff\xfe#\x00F\x00"`},
		{"the log of HTTP.SYS", "#Software: Microsoft HTTP API 2.0\r\n#Fields: date time c-ip c-port s-ip s-port cs-version cs-method cs-uri sc-status s-siteid s-reason s-queuename\r\n", "HTTPERR"},
		{"the log of Windows' firewall", "#Version: 1.5\r\n#Software: Microsoft Windows Firewall\r\n#Time Format: Local\r\n#Fields: date time action protocol src-ip\r\n",
			`"#Version: 1.5\r\n#Software: Micros"…`},
		{"the log of Apache", `192.0.2.1 - - [02/Mar/2026:13:42:11 +0000] "GET / HTTP/1.1" 200 5`, "NCSA"},
		{"the log of Apache after noise", strings.Repeat("noise\n", 15) + `192.0.2.1 - - [02/Mar/2026:13:42:11 +0000] "GET / HTTP/1.1" 200 5`, "NCSA"},
		{"the error log of Apache", `[Mon Mar 02 13:42:11.123456 2026] [core:error] [pid 1] [client 192.0.2.1:1] AH00126: Invalid URI`, `"[Mon Mar 02 13:42:11.123456 2026"…`},
		{"the format IIS", iisUpload, "IIS"},
		{"another table with commas", "a, b, c, d, e, f, g, h, i, j, k, l, m, n, o,", `"a, b, c, d, e, f, g, h, i, j, k,"…`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := weblog.NewReader(strings.NewReader(tt.log), int64(len(tt.log)))
			if f := r.Format(); err == nil || f != "" {
				if string(f) != tt.got || err != nil || weblog.FormatOf([]byte(tt.log)) != f {
					t.Errorf("format %q, %v; want %s", f, err, tt.got)
				}
				return
			}
			want := "weblog: log at 0x0: got " + tt.got + ", want #Fields with cs-uri-stem, or lines in the NCSA or the IIS format: " + weblog.ErrNotWebLog.Error()
			if !errors.Is(err, weblog.ErrNotWebLog) || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
	if _, err := weblog.NewReader(failing{strings.NewReader(fields), 0}, int64(len(fields))); err != errBroken {
		t.Errorf("got %v, want %v", err, errBroken)
	}
}

// Code that looks at no error does not panic.
func TestCarelessCode(t *testing.T) {
	none, _ := weblog.Open(filepath.Join(t.TempDir(), "none"))
	for name, r := range map[string]*weblog.Reader{"a log that is not there": none, "a zero Reader": {}} {
		n := 0
		for req, err := range r.Requests() {
			if !errors.Is(err, os.ErrInvalid) || req.URL() != "" || req.Field("date") != "" {
				t.Errorf("%s: %+v, %v", name, req, err)
			}
			n++
		}
		if _, err := r.Cursor().Request(weblog.Place{}); n != 1 || !errors.Is(err, os.ErrInvalid) {
			t.Errorf("%s: %d requests, %v", name, n, err)
		}
		if r.Software() != "" || r.Format() != "" || problems(r) != nil || r.Close() != nil {
			t.Errorf("%s has something", name)
		}
	}
	var zero weblog.Cursor
	if _, err := zero.Request(weblog.Place{}); !errors.Is(err, os.ErrInvalid) {
		t.Errorf("a zero Cursor: %v", err)
	}
}
