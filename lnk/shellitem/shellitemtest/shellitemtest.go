// Package shellitemtest writes lists of shell items for tests, as Windows 10 writes them:
// read by package shellitem, the items are those that were written.
package shellitemtest

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/winid"
)

var le = binary.LittleEndian

// MyComputer is the class identifier of the folder that drives are in.
var MyComputer = winid.GUID{0xe0, 0x4f, 0xd0, 0x20, 0xea, 0x3a, 0x69, 0x10, 0xa2, 0xd8, 0x08, 0x00, 0x2b, 0x30, 0x30, 0x9d}

// File returns the items of a file on a drive, all but the last of them folders. Change, if
// it is not nil, changes the last one.
func File(path string, change func(*shellitem.Item)) []shellitem.Item {
	parts := strings.Split(path, `\`)
	list := []shellitem.Item{{Kind: shellitem.Root, GUID: MyComputer}, {Kind: shellitem.Volume, Name: parts[0] + `\`}}
	for _, name := range parts[1:] {
		list = append(list, shellitem.Item{Kind: shellitem.FileEntry, Name: name, ShortName: Short(name), IsDir: true, Attributes: 0x10})
	}
	last := &list[len(list)-1]
	last.IsDir, last.Attributes = false, 0x20
	if change != nil {
		change(last)
	}
	return list
}

// Short returns a name as a short name has it: ASCII, of at most eight characters and three.
func Short(name string) string {
	base, ext, _ := strings.Cut(name, ".")
	clean := func(s string, n int) string {
		s = strings.Map(func(r rune) rune {
			if r > 0x7f || r == ' ' {
				return '_'
			}
			return r
		}, strings.ToUpper(s))
		return s[:min(n, len(s))]
	}
	if ext == "" {
		return clean(base, 8)
	}
	return clean(base, 8) + "." + clean(ext, 3)
}

// List returns a list of items with the two bytes that end it. Items of a kind that this
// package does not write are written as their Raw.
func List(items ...shellitem.Item) ([]byte, error) {
	var b []byte
	for n := range items {
		raw, err := item(&items[n])
		if err != nil {
			return nil, err
		}
		if len(raw) > 0xffff {
			return nil, fmt.Errorf("shellitemtest: an item of %d bytes", len(raw))
		}
		if items[n].Kind != shellitem.Other {
			le.PutUint16(raw, uint16(len(raw)))
		}
		b = append(b, raw...)
	}
	return append(b, 0, 0), nil
}

func item(i *shellitem.Item) ([]byte, error) {
	b := []byte{0, 0}
	switch i.Kind {
	case shellitem.Root:
		return append(append(b, 0x1f, 0x50), i.GUID[:]...), nil
	case shellitem.Volume:
		if i.Name == "" {
			return append(append(b, 0x2e, 0x80), i.GUID[:]...), nil
		}
		name := make([]byte, 22)
		copy(name, i.Name)
		return append(append(b, 0x2f), name...), nil
	case shellitem.FileEntry:
		return extension(i, file(i, b)), nil
	case shellitem.Delegate:
		b = append(b, 0x74, 0, 0, 0)
		b = append(b, "CFSF\x00\x00"...)
		inner := len(b)
		b = file(i, b)
		le.PutUint16(b[10:], uint16(len(b)-inner))
		le.PutUint16(b[4:], uint16(len(b)-6))
		return extension(i, append(b, make([]byte, 32)...)), nil
	case shellitem.Network:
		b = append(b, 0xc3, 1, 0x80)
		b = append(append(b, i.Name...), 0)
		return append(append(b, i.Comment...), 0), nil
	case shellitem.URI:
		b = append(b, 0x61, 0x80, 0, 0)
		return append(append(b, wtf8.Encode(i.Name)...), 0, 0), nil
	case shellitem.ControlPanel:
		b = append(append(b, 0x71, 0x80), make([]byte, 10)...)
		return append(b, i.GUID[:]...), nil
	case shellitem.Properties:
		store, err := Store(i.Properties...)
		b = append(b, 0, 0, 0, 0, 0xee, 0xbb, 0xfe, 0x23)
		b = append(le.AppendUint16(b, uint16(len(store))), 0, 0)
		b = append(b, store...)
		le.PutUint16(b[4:], uint16(len(b)-6))
		return append(b, 0, 0), err
	case shellitem.Storage:
		b = append(b, 0, 0, 0, 0, 0x05, 0x20, 0x31, 0x10, 3, 0, 0, 0)
		return counted(append(b, make([]byte, 24)...), 4, i.Name, i.Identifier, i.Comment), nil
	case shellitem.DeviceFile:
		b = append(b, 0, 0, 0, 0, 0x06, 0x20, 0x19, 0x07, 0xfb, 0, 0, 0)
		b = append(b, make([]byte, 12)...)
		b = le.AppendUint64(le.AppendUint64(b, filetime.Ticks(i.Modified)), filetime.Ticks(i.Created))
		b = append(append(b, i.GUID[:]...), 0, 0, 0, 0)
		name := i.Name
		if i.Comment != "" {
			name = i.Comment
		}
		return counted(b, 0, i.Name, name, i.Identifier), nil
	}
	return i.Raw, nil
}

// counted appends the numbers of characters of texts, some bytes, and the texts, each with a
// NUL.
func counted(b []byte, between int, texts ...string) []byte {
	var all []byte
	for _, t := range texts {
		text := append(wtf8.Encode(t), 0, 0)
		b = le.AppendUint32(b, uint32(len(text)/2))
		all = append(all, text...)
	}
	b = append(append(b, make([]byte, between)...), all...)
	le.PutUint16(b[4:], uint16(len(b)-6))
	return append(b, 0, 0)
}

// file appends the class of a file and what follows it, up to the extension block.
func file(i *shellitem.Item, b []byte) []byte {
	class := byte(0x32)
	if i.IsDir {
		class = 0x31
	}
	b = append(b, class, 0)
	b = le.AppendUint32(b, i.Size)
	b = le.AppendUint32(b, dosTime(i.Modified))
	b = le.AppendUint16(b, i.Attributes)
	b = append(append(b, i.ShortName...), 0)
	if len(b)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// extension appends the extension block of a file, version 9, and its offset.
func extension(i *shellitem.Item, b []byte) []byte {
	at := len(b)
	e := []byte{0, 0, 9, 0, 4, 0, 0xef, 0xbe}
	e = le.AppendUint32(le.AppendUint32(e, dosTime(i.Created)), dosTime(i.Accessed))
	e = append(e, 0x2e, 0, 0, 0)
	e = le.AppendUint64(le.AppendUint64(e, uint64(i.Ref)), 0)
	localized := wtf8.Encode(i.Comment)
	e = le.AppendUint16(e, uint16(len(localized)))
	e = append(append(e, make([]byte, 8)...), wtf8.Encode(i.Name)...)
	e = append(e, 0, 0)
	if len(localized) > 0 {
		e = append(append(e, localized...), 0, 0)
	}
	e = le.AppendUint16(e, uint16(at))
	le.PutUint16(e, uint16(len(e)))
	return append(b, e...)
}

// dosTime returns a time as FAT has it.
func dosTime(t time.Time) uint32 {
	if t.IsZero() {
		return 0
	}
	date := uint32(t.Year()-1980)<<9 | uint32(t.Month())<<5 | uint32(t.Day())
	return date | (uint32(t.Hour())<<11|uint32(t.Minute())<<5|uint32(t.Second()/2))<<16
}

// Store returns a serialized property store with the size of 0 that ends it.
func Store(list ...shellitem.Property) ([]byte, error) {
	var b []byte
	for n := range list {
		p := &list[n]
		value := le.AppendUint32(nil, p.ID)
		if p.Name != "" {
			name := append(wtf8.Encode(p.Name), 0, 0)
			value = le.AppendUint32(nil, uint32(len(name)))
			value = append(append(value, 0), name...)
		} else {
			value = append(value, 0)
		}
		value = append(le.AppendUint16(value, p.Type), 0, 0)
		content, err := content(p)
		if err != nil {
			return nil, err
		}
		value = append(value, content...)
		storage := append(le.AppendUint32(nil, 0x53505331), p.Set[:]...)
		storage = le.AppendUint32(storage, uint32(4+len(value)))
		storage = le.AppendUint32(append(storage, value...), 0)
		b = append(le.AppendUint32(b, uint32(4+len(storage))), storage...)
	}
	return le.AppendUint32(b, 0), nil
}

// content returns a value as its type has it.
func content(p *shellitem.Property) ([]byte, error) {
	switch p.Type {
	case 31:
		text := append(wtf8.Encode(p.Value), 0, 0)
		return append(le.AppendUint32(nil, uint32(len(text)/2)), text...), nil
	case 72:
		g, err := winid.ParseGUID(p.Value)
		return g[:], err
	case 64:
		t, err := time.Parse(time.RFC3339Nano, p.Value)
		return le.AppendUint64(nil, filetime.Ticks(t)), err
	case 11:
		if p.Value == "true" {
			return []byte{0xff, 0xff}, nil
		}
		return []byte{0, 0}, nil
	case 19, 21:
		n, err := strconv.ParseUint(p.Value, 10, 64)
		if p.Type == 19 {
			return le.AppendUint32(nil, uint32(n)), err
		}
		return le.AppendUint64(nil, n), err
	}
	return nil, fmt.Errorf("shellitemtest: a property of the type %d", p.Type)
}
