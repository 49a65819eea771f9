package lnktest

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
)

// block returns a block of ExtraData.
func block(signature uint32, content []byte) []byte {
	b := le.AppendUint32(le.AppendUint32(nil, uint32(8+len(content))), signature)
	return append(b, content...)
}

// extra returns the blocks of ExtraData that the link has something for.
func (f File) extra() ([]byte, error) {
	l := &f.Link
	var b []byte
	for _, twice := range [...]struct {
		signature uint32
		text      string
	}{{0xa0000001, l.Environment}, {0xa0000006, l.Darwin}, {0xa0000007, l.IconEnvironment}} {
		if twice.text == "" {
			continue
		}
		wide := wtf8.Encode(twice.text)
		if len(wide) > 518 {
			return nil, fmt.Errorf("lnktest: a block with %d bytes of text", len(wide))
		}
		b = append(b, block(twice.signature, append(fixed(narrow(twice.text), 260), fixed(wide, 520)...))...)
	}
	if c := l.Console; c != nil {
		d := make([]byte, 196) // from 8 on
		for at, v := range map[int]uint16{4: c.BufferX, 6: c.BufferY, 8: c.WindowX, 10: c.WindowY} {
			le.PutUint16(d[at:], v)
		}
		copy(d[36:100], wtf8.Encode(c.FaceName))
		for at, v := range map[int]uint32{24: c.FontSize, 104: flag(c.FullScreen), 108: flag(c.QuickEdit), 112: flag(c.Insert), 120: c.HistoryBufferSize, 124: c.HistoryBuffers} {
			le.PutUint32(d[at:], v)
		}
		b = append(b, block(0xa0000002, d)...)
	}
	if l.CodePage != 0 {
		b = append(b, block(0xa0000004, le.AppendUint32(nil, l.CodePage))...)
	}
	if l.SpecialFolder != 0 {
		b = append(b, block(0xa0000005, le.AppendUint32(le.AppendUint32(nil, l.SpecialFolder), 0))...)
	}
	if l.ShimLayer != "" {
		b = append(b, block(0xa0000008, append(wtf8.Encode(l.ShimLayer), 0, 0))...)
	}
	if len(l.Properties) > 0 {
		store, err := shellitemtest.Store(l.Properties...)
		if err != nil {
			return nil, err
		}
		b = append(b, block(0xa0000009, store)...)
	}
	if !l.KnownFolder.IsZero() {
		b = append(b, block(0xa000000b, append(l.KnownFolder[:], 0, 0, 0, 0))...)
	}
	if len(l.AlternateItems) > 0 {
		list, err := shellitemtest.List(l.AlternateItems...)
		if err != nil {
			return nil, err
		}
		b = append(b, block(0xa000000c, list)...)
	}
	if l.MachineID != "" || !l.Droid.IsZero() {
		d := le.AppendUint32(le.AppendUint32(nil, 0x58), 0)
		d = append(d, fixed(narrow(l.MachineID), 16)...)
		for _, id := range [...][16]byte{l.Droid.Volume, l.Droid.File, l.DroidBirth.Volume, l.DroidBirth.File} {
			d = append(d, id[:]...)
		}
		b = append(b, block(0xa0000003, d)...)
	}
	for _, o := range l.Blocks {
		b = append(b, block(o.Signature, o.Raw)...)
	}
	return b, nil
}

func flag(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
