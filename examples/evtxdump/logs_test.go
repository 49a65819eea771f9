package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// logs writes six events in a log.
func sixEvents(t *testing.T) []byte {
	t.Helper()
	var events []any
	for range 6 {
		events = append(events, &evtx.Security4688{System: evtx.System{TimeCreated: time.Unix(1, 0)}, NewProcessName: "a.exe"})
	}
	log, err := evtxtest.Bytes(events...)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// A log whose header is lost is read, alone and in a folder. What looks like a log and
// is none that can be read is reported, also beside a log that is sound.
func TestLogsWithoutTheirHeader(t *testing.T) {
	sound := sixEvents(t)
	zeroed, encrypted := bytes.Clone(sound), bytes.Clone(sound)
	clear(zeroed[:4096])
	for i := range 4096 {
		encrypted[i] = byte(i*i>>3) ^ 0xa5
	}
	const lost = `file signature at 0x0: want "ElfFile\x00"`
	for _, tt := range []struct {
		name, file string
		content    []byte
		records    int
		problem    string
		alone      string // the problem if the file is the argument, unless it is the same
	}{
		{"the header's page is zeros", "Security.evtx", zeroed, 6, "malformed: Security.evtx: " + lost, ""},
		{"the header's page is encrypted", "Security.evtx", encrypted, 6, "malformed: Security.evtx: " + lost, ""},
		{"under another name", "carved.bin", zeroed, 6, "malformed: carved.bin: " + lost, ""},
		{"the header's page is missing", "carved.bin", sound[4096:], 6, "malformed: carved.bin: " + lost, ""},
		{"chunks off the grid", "carved.bin", append(make([]byte, 1000), sound[4096:]...), 0,
			`carved.bin: file signature at 0x0: got "\x00\x00\x00\x00\x00\x00\x00\x00", and a chunk at 0x3e8, want "ElfFile\x00", or a chunk at 0x1000: not a Windows XML event log`, ""},
		{"zeros", "Security.evtx", make([]byte, 69632), 0, `Security.evtx: file signature at 0x0: got "\x00\x00\x00\x00\x00\x00\x00\x00", want "ElfFile\x00": not a Windows XML event log`,
			"Security.evtx: content: got zeros, want "},
		{"empty", "Security.evtx", nil, 0, "Security.evtx: file header at 0x0: got 0 bytes, want 128 bytes: not a Windows XML event log",
			"Security.evtx: content: got an empty file, want "},
		{"of Windows XP", "SecEvent.Evt", append([]byte("\x30\x00\x00\x00LfLe"), make([]byte, 248)...), 0,
			`SecEvent.Evt: file signature at 0x0: got "LfLe", an event log of Windows XP or older (.evt), want "ElfFile\x00": not a Windows XML event log`,
			"SecEvent.Evt: event log of Windows XP or older (.evt): not supported yet"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write := func(name string, b []byte) {
				if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(tt.file, tt.content)
			out, problems, code := evtxdump(t, dir, tt.file)
			if tt.alone == "" {
				tt.alone = tt.problem
			}
			if n := strings.Count(out, "\n"); n != tt.records || (code == 0) != (tt.records > 0) || !strings.HasPrefix(problems, "evtxdump: "+tt.alone) {
				t.Errorf("alone: %d records, want %d; code %d, stderr\n%swant\n%s", n, tt.records, code, problems, tt.alone)
			}
			write("zz sound.evtx", sound)
			out, problems, code = evtxdump(t, dir, ".")
			if n := strings.Count(out, "\n"); n != tt.records+6 || code != 0 || problems != "evtxdump: "+tt.problem+"\n" {
				t.Errorf("in a folder: %d records, want %d; code %d, stderr\n%swant\n%s", n, tt.records+6, code, problems, tt.problem)
			}
		})
	}
}

// "-" is a log on standard input: a file or a pipe, but no terminal and no device.
func TestStandardInput(t *testing.T) {
	log := sixEvents(t)
	name := filepath.Join(t.TempDir(), "a.evtx")
	text := filepath.Join(filepath.Dir(name), "notes.txt")
	if err := errors.Join(os.WriteFile(name, log, 0o600), os.WriteFile(text, []byte("buy milk"), 0o600)); err != nil {
		t.Fatal(err)
	}
	want, _, _ := evtxdump(t, filepath.Dir(name), "-format", "xml", name)
	for _, tt := range []struct {
		name string
		open func() (*os.File, error)
		out  string
		err  string
	}{
		{"a file", func() (*os.File, error) { return os.Open(name) }, want, ""},
		{"a pipe", func() (*os.File, error) {
			r, w, err := os.Pipe()
			go func() {
				io.Copy(w, bytes.NewReader(log))
				w.Close()
			}()
			return r, err
		}, want, ""},
		{"a device", func() (*os.File, error) { return os.Open(os.DevNull) }, "",
			"evtxdump: standard input is a terminal or a device: want a file or a pipe\n"},
		{"not a log", func() (*os.File, error) { return os.Open(text) }, "", "evtxdump: stdin: content: got "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			in, err := tt.open()
			if err != nil {
				t.Fatal(err)
			}
			before := os.Stdin
			os.Stdin = in
			defer func() { os.Stdin = before; in.Close() }()
			var out, problems bytes.Buffer
			code := run([]string{"-format", "xml", "-"}, &out, &problems)
			if out.String() != tt.out || !strings.HasPrefix(problems.String(), tt.err) || (code == 0) != (tt.err == "") {
				t.Errorf("code %d, %d bytes, want %d; stderr %s, want %s", code, out.Len(), len(tt.out), &problems, tt.err)
			}
		})
	}
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stdin
	os.Stdin = in
	defer func() { os.Stdin = before; in.Close() }()
	if code := run([]string{"-o", name, "-"}, io.Discard, io.Discard); code != 2 {
		t.Errorf("-o over the file on standard input: code %d, want 2", code)
	}
}
