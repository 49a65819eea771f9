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
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
)

// File is the file of a link. Those of its flags that announce parts follow from the
// parts that it has.
type File struct {
	Link   lnk.Link
	IDList []byte // in place of the items of the link: the list without its size
	ANSI   bool   // texts with one byte for each character
}

var le = binary.LittleEndian

// parts are the flags that announce parts.
const parts = lnk.HasIDList | lnk.HasLinkInfo | lnk.HasName | lnk.HasRelativePath | lnk.HasWorkingDir | lnk.HasArguments |
	lnk.HasIconLocation | lnk.IsUnicode | lnk.ForceNoLinkInfo | lnk.HasEnvironment | lnk.HasDarwin | lnk.HasIconEnviron | lnk.HasShimLayer

// Flags returns the flags with which a link is written.
func (f File) Flags() lnk.Flags {
	l := &f.Link
	flags := l.Flags &^ parts
	for _, p := range [...]struct {
		flag lnk.Flags
		has  bool
	}{
		{lnk.HasIDList, f.IDList != nil || l.Items != nil}, {lnk.HasLinkInfo, l.LocalPath != "" || l.NetworkPath != ""}, {lnk.IsUnicode, !f.ANSI},
		{lnk.HasName, l.Name != ""}, {lnk.HasRelativePath, l.RelativePath != ""}, {lnk.HasWorkingDir, l.WorkingDir != ""},
		{lnk.HasArguments, l.Arguments != ""}, {lnk.HasIconLocation, l.IconLocation != ""}, {lnk.HasEnvironment, l.Environment != ""},
		{lnk.HasDarwin, l.Darwin != ""}, {lnk.HasIconEnviron, l.IconEnvironment != ""}, {lnk.HasShimLayer, l.ShimLayer != ""},
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
	b = le.AppendUint32(b, uint32(l.IconIndex))
	b = le.AppendUint32(b, l.ShowCommand)
	b = le.AppendUint16(b, uint16(l.HotKey))
	b = append(b, make([]byte, 10)...) // Reserved
	if f.Flags()&lnk.HasIDList != 0 {
		list := f.IDList
		if list == nil {
			var err error
			if list, err = shellitemtest.List(l.Items...); err != nil {
				return nil, err
			}
		}
		if len(list) > 0xffff {
			return nil, fmt.Errorf("lnktest: an IDList of %d bytes", len(list))
		}
		b = append(le.AppendUint16(b, uint16(len(list))), list...)
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
	extra, err := f.extra()
	if err != nil {
		return nil, err
	}
	b = append(b, extra...)
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
		if l.NetworkProvider != 0 {
			n[4] |= 2
			le.PutUint32(n[16:], l.NetworkProvider)
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
