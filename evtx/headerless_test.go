package evtx_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
)

// A log without its file header opens, as long as its chunks are where a log has them.
func TestHeaderless(t *testing.T) {
	sound := several()
	edited := func(edit func(log []byte) []byte) []byte { return edit(bytes.Clone(sound)) }
	for _, tt := range []struct {
		name    string
		log     []byte
		records string
		problem string // the first one
	}{
		{"zeros in place of the header's page", edited(func(log []byte) []byte { clear(log[:4096]); return log }), "1 2 3 4 5 6",
			`malformed: evtx: file signature at 0x0: want "ElfFile\x00"`},
		{"an encrypted page", edited(func(log []byte) []byte {
			for i := range 4096 {
				log[i] = byte(i*i>>3) ^ 0xa5
			}
			return log
		}), "1 2 3 4 5 6", `malformed: evtx: file signature at 0x0: want "ElfFile\x00"`},
		{"the first chunk is lost too", edited(func(log []byte) []byte { clear(log[:4096+65536]); return log }), "3 4 5 6",
			`malformed: evtx: file signature at 0x0: want "ElfFile\x00"`},
		{"only the chunks", sound[4096:], "1 2 3 4 5 6", `malformed: evtx: file signature at 0x0: want "ElfFile\x00"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := open(t, tt.log)
			var got []string
			for rec, err := range r.Records() {
				if err != nil {
					t.Error(err)
				}
				got = append(got, fmt.Sprint(rec.ID))
			}
			if s := strings.Join(got, " "); s != tt.records {
				t.Errorf("records %s, want %s", s, tt.records)
			}
			for p := range r.Problems() {
				if p.Kind != damage.Malformed || p.String() != tt.problem {
					t.Errorf("got %v, want %s", p, tt.problem)
				}
				return
			}
			t.Error("no problem")
		})
	}
}

// The error for a file that is not read says what it looks like.
func TestNotEventLogs(t *testing.T) {
	shifted := append(make([]byte, 1000), several()[4096:]...)
	for _, tt := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "evtx: file header at 0x0: got 0 bytes, want 128 bytes: not a Windows XML event log"},
		{"text", []byte(strings.Repeat("no log\n", 100)), `evtx: file signature at 0x0: got "no log\nn", want "ElfFile\x00": not a Windows XML event log`},
		{"chunks in no place of a log", shifted,
			`evtx: file signature at 0x0: got "\x00\x00\x00\x00\x00\x00\x00\x00", and a chunk at 0x3e8, want "ElfFile\x00", or a chunk at 0x1000: not a Windows XML event log`},
		{"of Windows XP", append([]byte("\x30\x00\x00\x00LfLe\x01\x00\x00\x00\x01\x00\x00\x00"), make([]byte, 200)...),
			`evtx: file signature at 0x0: got "LfLe", an event log of Windows XP or older (.evt), want "ElfFile\x00": not a Windows XML event log`},
	} {
		_, err := evtx.NewReader(bytes.NewReader(tt.file), int64(len(tt.file)))
		if !errors.Is(err, evtx.ErrNotEventLog) || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}
