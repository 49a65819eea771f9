package registry_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Deleted values are found up to the longest names that Windows allows, in one and in two
// bytes a character. What only looks like a long name is not.
func TestDeletedValuesWithLongNames(t *testing.T) {
	for _, tt := range []struct {
		name   string
		value  string
		change func(b []byte) // of the cell, from its signature on
		found  bool
	}{
		{"the longest of a key", strings.Repeat("n", 512), nil, true},
		{"1,024 characters", strings.Repeat("n", 1024), nil, true},
		{"1,025 characters", strings.Repeat("n", 1025), nil, true},
		{"513 characters of two bytes", strings.Repeat("日", 513), nil, true},
		{"the longest", strings.Repeat("n", 16383), nil, true},
		{"the longest of two bytes", strings.Repeat("日", 16383), nil, true},
		{"longer than the longest", strings.Repeat("n", 16384), nil, false},
		{"longer than the longest, of two bytes", strings.Repeat("日", 16384), nil, false},
		{"a control character in it", strings.Repeat("n", 2000), func(b []byte) { b[20+1500] = 1 }, false},
		{"a zero in it", strings.Repeat("日", 2000), func(b []byte) { copy(b[20+1500:], "\x00\x00") }, false},
		{"an unknown type", strings.Repeat("n", 2000), func(b []byte) { binary.LittleEndian.PutUint32(b[12:], 0xffff0012) }, false},
		{"unknown flags", strings.Repeat("n", 2000), func(b []byte) { b[17] = 0x80 }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var h registrytest.Hive
			deleted := registrytest.SZ(tt.value, "evil")
			deleted.Deleted = true
			h.Set("Run", when, registrytest.SZ("kept", "x"), deleted)
			data := write(t, h)
			if tt.change != nil {
				at := bytes.Index(data, []byte("vk\x00")) // the first is kept
				for _, mark := range []string{"vk\xd0\x07", "vk\xa0\x0f"} {
					if i := bytes.Index(data, []byte(mark)); i >= 0 {
						at = i
					}
				}
				tt.change(data[at:])
			}
			var names []string
			for v := range read(t, data).Deleted().Values() {
				names = append(names, v.Name)
				if text, err := v.Text(); len(v.Name) > 0 && v.Name == tt.value && (err != nil || text != "evil" || v.Confidence != registry.High) {
					t.Errorf("%q, %v, %s", text, err, v.Confidence)
				}
			}
			if slices.Contains(names, tt.value) != tt.found || len(names) > 1 {
				t.Errorf("%d values", len(names))
			}
		})
	}
}

// Free space full of what begins like values with long names takes no longer than other
// space of its size.
func TestManyBeginningsOfLongNames(t *testing.T) {
	header := make([]byte, 20)
	copy(header, "vk")
	binary.LittleEndian.PutUint16(header[2:], 16383)
	binary.LittleEndian.PutUint32(header[4:], 1<<31)
	binary.LittleEndian.PutUint32(header[12:], 1)
	header[16] = 1
	var h registrytest.Hive
	h.Set("x", when)
	data := write(t, h)
	space := bytes.Repeat(header, 8<<20/len(header))
	r, err := registry.NewReader(bytes.NewReader(append(data, space...)), int64(len(data)+len(space)))
	if err != nil {
		t.Fatal(err)
	}
	for v := range r.Deleted().Values() {
		t.Fatalf("%d characters", len(v.Name))
	}
}
