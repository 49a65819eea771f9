package cryptnet

import (
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	want := Entry{"http://198.51.100.23/ü.exe", time.Date(2026, 3, 2, 13, 42, 9, 213_456_700, time.UTC), 52_224}
	data := want.Bytes()
	if got, err := Parse(data); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := Parse(append(data, `"etag"`...)); err != nil || got != want { // behind the address
		t.Errorf("with an ETag: %+v, %v", got, err)
	}
	for name, tt := range map[string]struct {
		data []byte
		want string
	}{
		"empty":                   {nil, "size of the file at 0x0: got 0"},
		"cut off":                 {data[:len(data)-1], "size of the address at 0xc"},
		"without an address":      {make([]byte, headSize), "size of the address at 0xc: got 0"},
		"an address of 4 billion": {append(make([]byte, 12), append([]byte{255, 255, 255, 255}, make([]byte, 200)...)...), "size of the address at 0xc"},
	} {
		if _, err := Parse(tt.data); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", name, err, tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Entry{"http://h/x", time.Unix(0, 0), 1}.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if e, err := Parse(data); err == nil && len(e.URL) > 2*len(data) {
			t.Errorf("an address of %d bytes", len(e.URL))
		}
	})
}
