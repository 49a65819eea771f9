package registry

import (
	"errors"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A Setting is a value of a hive as text, with its place. A value that the hive does not
// have is the zero Setting.
type Setting struct {
	Text      string    // as [Value.String] returns it
	Key       string    // path of the key
	Value     string    // name of the value
	Offset    int64     // of the value's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key
}

// settings are the values of a key, by their folded names. What cannot be read is in
// damaged; the others are read.
type settings struct {
	key     *Key
	values  map[string]*Value
	damaged error
}

// settingsOf reads the values of a key. The first of several with one name counts, as for
// Windows.
func settingsOf(k *Key) *settings {
	s := &settings{key: k, values: map[string]*Value{}}
	for v, err := range k.Values() {
		if err != nil {
			s.damaged = errors.Join(s.damaged, err)
			continue
		}
		if name := winpath.FoldName(v.Name); s.values[name] == nil {
			s.values[name] = v
		}
	}
	return s
}

// settingsAt reads the values of the key at a path. A key that does not exist has none.
func (r *Reader) settingsAt(path string) *settings {
	k, err := r.OpenKey(path)
	s := settingsOf(k)
	if damage.Is(err) {
		s.damaged = errors.Join(s.damaged, err)
	}
	return s
}

// value returns a value that can be read, or nil.
func (s *settings) value(name string) *Value {
	v := s.values[winpath.FoldName(name)]
	if v == nil {
		return nil
	}
	if _, err := v.Data(); err != nil {
		s.damaged = errors.Join(s.damaged, err)
		delete(s.values, winpath.FoldName(name))
		return nil
	}
	return v
}

// setting returns the first of the values that is not empty.
func (s *settings) setting(names ...string) Setting {
	for _, name := range names {
		if v := s.value(name); v != nil {
			if text := v.String(); text != "" {
				return Setting{Text: text, Key: s.key.Path(), Value: v.Name, Offset: v.Offset, LastWrite: s.key.LastWrite}
			}
		}
	}
	return Setting{}
}

func (s *settings) text(name string) string {
	if v := s.value(name); v != nil && (v.Type == SZ || v.Type == ExpandSZ) {
		return v.String()
	}
	return ""
}

// list returns a value that is a list, or text with commas or spaces between its parts.
// Empty parts are left out.
func (s *settings) list(name string) []string {
	v := s.value(name)
	if v == nil {
		return nil
	}
	var list, texts []string
	switch v.Type {
	case MultiSZ:
		texts, _ = v.Strings()
	case SZ, ExpandSZ:
		texts = strings.FieldsFunc(v.String(), func(c rune) bool { return c == ',' || c == ' ' })
	}
	for _, text := range texts {
		if text != "" {
			list = append(list, text)
		}
	}
	return list
}

// number returns a number, as REG_DWORD or REG_QWORD, or 0.
func (s *settings) number(name string) uint64 {
	if v := s.value(name); v != nil {
		if n, err := v.Uint64(); err == nil {
			return n
		}
	}
	return 0
}

// seconds returns the time of a number of seconds since 1970.
func (s *settings) seconds(name string) time.Time {
	if n := s.number(name); n > 0 {
		return time.Unix(int64(uint32(n)), 0).UTC()
	}
	return time.Time{}
}

// halves returns the FILETIME of which one value has the upper 32 bits, and another the
// lower ones.
func (s *settings) halves(high, low string) time.Time {
	return filetime.Time(s.number(high)<<32 | s.number(low)&0xffffffff)
}

func (s *settings) data(name string) []byte {
	if v := s.value(name); v != nil {
		b, _ := v.Data()
		return b
	}
	return nil
}
