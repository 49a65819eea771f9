// Package lnktest writes shell links for tests, as Windows writes them: read by
// package lnk, the link of a [File] is the one that was written.
package lnktest

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk"
)

// File is the file of a link. Those of its flags that announce parts follow from the
// parts that it has.
type File struct {
	Link   lnk.Link
	IDList []byte // list of item identifiers, without its size; nil for none
	ANSI   bool   // texts with one byte for each character
}

var le = binary.LittleEndian

// parts are the flags that announce parts.
const parts = lnk.HasIDList | lnk.HasLinkInfo | lnk.HasName | lnk.HasRelativePath | lnk.HasWorkingDir | lnk.HasArguments |
	lnk.HasIconLocation | lnk.IsUnicode | lnk.ForceNoLinkInfo | lnk.HasEnvironment

// Flags returns the flags with which a link is written.
func (f File) Flags() lnk.Flags {
	l := &f.Link
	flags := l.Flags &^ parts
	for _, p := range [...]struct {
		flag lnk.Flags
		has  bool
	}{
		{lnk.HasIDList, f.IDList != nil}, {lnk.HasLinkInfo, l.LocalPath != "" || l.NetworkPath != ""}, {lnk.IsUnicode, !f.ANSI},
		{lnk.HasName, l.Name != ""}, {lnk.HasRelativePath, l.RelativePath != ""}, {lnk.HasWorkingDir, l.WorkingDir != ""},
		{lnk.HasArguments, l.Arguments != ""}, {lnk.HasIconLocation, l.IconLocation != ""}, {lnk.HasEnvironment, l.Environment != ""},
	} {
		if p.has {
			flags |= p.flag
		}
	}
	return flags
}

// Bytes returns the file.
func (f File) Bytes() ([]byte, error) {
	l := &f.Link
	b := []byte("\x4c\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46")
	b = le.AppendUint32(b, uint32(f.Flags()))
	b = le.AppendUint32(b, l.FileAttributes)
	b = le.AppendUint64(b, filetime.Ticks(l.CreationTime))
	b = le.AppendUint64(b, filetime.Ticks(l.AccessTime))
	b = le.AppendUint64(b, filetime.Ticks(l.WriteTime))
	b = le.AppendUint32(b, l.FileSize)
	b = le.AppendUint32(b, 0) // IconIndex
	b = le.AppendUint32(b, l.ShowCommand)
	b = append(b, make([]byte, 12)...) // HotKey, Reserved
	if f.IDList != nil {
		if len(f.IDList) > 0xffff {
			return nil, fmt.Errorf("lnktest: an IDList of %d bytes", len(f.IDList))
		}
		b = append(le.AppendUint16(b, uint16(len(f.IDList))), f.IDList...)
	}
	if f.Flags()&lnk.HasLinkInfo != 0 {
		b = append(b, f.linkInfo()...)
	}
	for _, s := range [...]string{l.Name, l.RelativePath, l.WorkingDir, l.Arguments, l.IconLocation} {
		if s == "" {
			continue
		}
		text, n := f.text(s)
		if n > 0xffff {
			return nil, fmt.Errorf("lnktest: a string of %d characters", n)
		}
		b = append(le.AppendUint16(b, uint16(n)), text...)
	}
	if l.Environment != "" {
		wide := wtf8.Encode(l.Environment)
		if len(wide) > 518 {
			return nil, fmt.Errorf("lnktest: an environment block of %d bytes", len(wide))
		}
		b = le.AppendUint32(le.AppendUint32(b, 0x314), 0xa0000001)
		b = append(b, fixed(narrow(l.Environment), 260)...)
		b = append(b, fixed(wide, 520)...)
	}
	if l.MachineID != "" {
		b = le.AppendUint32(le.AppendUint32(b, 0x60), 0xa0000003)
		b = le.AppendUint32(le.AppendUint32(b, 0x58), 0)
		b = append(b, fixed(narrow(l.MachineID), 16)...)
		b = append(b, make([]byte, 64)...) // Droid, DroidBirth
	}
	return le.AppendUint32(b, 0), nil // TerminalBlock
}

// fixed returns text in n bytes.
func fixed(text []byte, n int) []byte {
	b := make([]byte, n)
	copy(b, text)
	return b
}

// narrow returns text with one byte for each character.
func narrow(s string) []byte {
	var b []byte
	for _, r := range s {
		if r > 0xff {
			r = '?'
		}
		b = append(b, byte(r))
	}
	return b
}

// text returns text as the strings of the link have it, and its number of characters.
func (f File) text(s string) ([]byte, int) {
	if f.ANSI {
		b := narrow(s)
		return b, len(b)
	}
	b := wtf8.Encode(s)
	return b, len(b) / 2
}

// linkInfo returns LinkInfo with offsets of Unicode strings, unless the link is ANSI.
func (f File) linkInfo() []byte {
	l := &f.Link
	header := 0x24
	if f.ANSI {
		header = 0x1c
	}
	b := make([]byte, header)
	le.PutUint32(b[4:], uint32(header))
	put := func(at int) { le.PutUint32(b[at:], uint32(len(b))) }
	ending := func(s string) (narrowed, wide []byte) {
		return append(narrow(s), 0), append(wtf8.Encode(s), 0, 0)
	}
	flags := uint32(0)
	if l.LocalPath != "" {
		flags |= 1
		label, _ := ending(l.VolumeLabel)
		put(12)
		b = le.AppendUint32(b, uint32(16+len(label)))
		b = le.AppendUint32(b, l.DriveType)
		b = le.AppendUint32(b, l.DriveSerial)
		b = append(le.AppendUint32(b, 16), label...)
	}
	base, suffix := l.LocalPath, ""
	share := l.NetworkPath
	if share != "" {
		// The name of a share is \\server\share; the rest is common to both paths.
		parts := strings.SplitN(strings.TrimPrefix(share, `\\`), `\`, 3)
		if len(parts) == 3 {
			share, suffix = `\\`+parts[0]+`\`+parts[1], parts[2]
		}
		base = strings.TrimSuffix(base, suffix)
		flags |= 2
		put(20)
		name, wideName := ending(share)
		device, wideDevice := ending(l.DeviceName)
		head := 0x14
		if !f.ANSI {
			head = 0x1c
		}
		n := make([]byte, head)
		if l.DeviceName != "" {
			n[4] = 1
		}
		at := func(field int, text []byte) {
			le.PutUint32(n[field:], uint32(len(n)))
			n = append(n, text...)
		}
		at(8, name)
		at(12, device)
		if !f.ANSI {
			at(20, wideName)
			at(24, wideDevice)
		}
		le.PutUint32(n, uint32(len(n)))
		b = append(b, n...)
	}
	le.PutUint32(b[8:], flags)
	for _, s := range [...]struct {
		text     string
		at, wide int
	}{{base, 16, 28}, {suffix, 24, 32}} {
		if s.at == 16 && flags&1 == 0 {
			continue
		}
		narrowed, wide := ending(s.text)
		put(s.at)
		b = append(b, narrowed...)
		if !f.ANSI {
			put(s.wide)
			b = append(b, wide...)
		}
	}
	le.PutUint32(b, uint32(len(b)))
	return b
}
