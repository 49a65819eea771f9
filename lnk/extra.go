package lnk

import (
	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/winid"
)

// blocks is the table of the blocks of ExtraData, by their signature. Read begins behind
// the signature, at 8.
var blocks = map[uint32]func(d *decoder, b *bin.Cursor){
	0xa0000001: func(d *decoder, b *bin.Cursor) { d.link.Environment = twice(b) },
	0xa0000002: (*decoder).console,
	0xa0000003: (*decoder).tracker,
	0xa0000004: func(d *decoder, b *bin.Cursor) { d.link.CodePage = b.U32("CodePage") },
	0xa0000005: func(d *decoder, b *bin.Cursor) { d.link.SpecialFolder = b.U32("SpecialFolderID"); b.Skip("Offset", 4) },
	0xa0000006: func(d *decoder, b *bin.Cursor) { d.link.Darwin = twice(b) },
	0xa0000007: func(d *decoder, b *bin.Cursor) { d.link.IconEnvironment = twice(b) },
	0xa0000008: func(d *decoder, b *bin.Cursor) {
		d.link.ShimLayer = wtf8.String(wtf8.Trim(b.Bytes("LayerName", b.Len())))
	},
	0xa0000009: (*decoder).properties,
	0xa000000b: func(d *decoder, b *bin.Cursor) { d.link.KnownFolder = guid(b, "KnownFolderID"); b.Skip("Offset", 4) },
	0xa000000c: func(d *decoder, b *bin.Cursor) {
		base := b.Offset()
		d.link.AlternateItems = d.items(b.Bytes("IDList", b.Len()), base, "ExtraData/VistaAndAboveIDList")
	},
}

// extraData reads the blocks at the end. A size below 4 ends the list. Older programs write
// no end.
//
//	0  4  BlockSize
//	4  4  BlockSignature
func (d *decoder) extraData(c *bin.Cursor) {
	for c.Len() >= 4 {
		base := c.Offset()
		size := int(c.U32("BlockSize"))
		if size < 4 {
			return
		}
		raw := c.Bytes("ExtraData", size-4)
		if err := c.Err(); err != nil {
			d.note(damage.Truncation, err, "ExtraData")
			return
		}
		b := bin.NewCursor(raw, base+4)
		signature := b.U32("BlockSignature")
		if read := blocks[signature]; read != nil && b.Err() == nil {
			read(d, &b)
		} else if b.Err() == nil {
			d.link.Blocks = append(d.link.Blocks, Block{signature, base, raw[4:]})
		}
		if err := b.Err(); err != nil {
			d.note(damage.Malformed, err, "ExtraData")
		}
	}
}

// twice reads a text that a block has twice: 260 bytes, then the same in Unicode in 520.
func twice(b *bin.Cursor) string {
	narrow, wide := b.Bytes("ANSI text", 260), b.Bytes("Unicode text", 520)
	if text := wtf8.String(wtf8.Trim(wide)); text != "" {
		return text
	}
	return ansi(cut(narrow))
}

func guid(b *bin.Cursor, what string) (g winid.GUID) {
	copy(g[:], b.Bytes(what, len(g)))
	return g
}

// tracker reads the TrackerDataBlock.
//
//	 8   4  Length, 0x58
//	12   4  Version
//	16  16  MachineID, ends with a NUL
//	32  32  Droid: volume, file
//	64  32  DroidBirth
func (d *decoder) tracker(b *bin.Cursor) {
	b.Skip("Length", 8)
	d.link.MachineID = ansi(cut(b.Bytes("MachineID", 16)))
	d.link.Droid = Droid{guid(b, "Droid"), guid(b, "Droid")}
	d.link.DroidBirth = Droid{guid(b, "DroidBirth"), guid(b, "DroidBirth")}
}

// properties reads the PropertyStoreDataBlock.
func (d *decoder) properties(b *bin.Cursor) {
	base := b.Offset()
	list, err := shellitem.ReadProperties(b.Bytes("PropertyStore", b.Len()), base)
	d.link.Properties = list
	if err != nil {
		d.note(damage.Malformed, err, "ExtraData/PropertyStore")
	}
}

// console reads the ConsoleDataBlock.
//
//	  8   2  FillAttributes
//	 10   2  PopupFillAttributes
//	 12   2  ScreenBufferSizeX, 14 2 ScreenBufferSizeY
//	 16   2  WindowSizeX, 18 2 WindowSizeY
//	 20   2  WindowOriginX, 22 2 WindowOriginY
//	 24   8  unused
//	 32   4  FontSize
//	 36   4  FontFamily
//	 40   4  FontWeight
//	 44  64  FaceName
//	108   4  CursorSize
//	112   4  FullScreen
//	116   4  QuickEdit
//	120   4  InsertMode
//	124   4  AutoPosition
//	128   4  HistoryBufferSize
//	132   4  NumberOfHistoryBuffers
//	136   4  HistoryNoDup
//	140  64  ColorTable
func (d *decoder) console(b *bin.Cursor) {
	var c Console
	b.Skip("FillAttributes", 4)
	c.BufferX, c.BufferY = b.U16("ScreenBufferSizeX"), b.U16("ScreenBufferSizeY")
	c.WindowX, c.WindowY = b.U16("WindowSizeX"), b.U16("WindowSizeY")
	b.Skip("WindowOrigin", 12)
	c.FontSize = b.U32("FontSize")
	b.Skip("FontFamily", 8)
	c.FaceName = wtf8.String(wtf8.Trim(b.Bytes("FaceName", 64)))
	b.Skip("CursorSize", 4)
	c.FullScreen, c.QuickEdit, c.Insert = b.U32("FullScreen") != 0, b.U32("QuickEdit") != 0, b.U32("InsertMode") != 0
	b.Skip("AutoPosition", 4)
	c.HistoryBufferSize, c.HistoryBuffers = b.U32("HistoryBufferSize"), b.U32("NumberOfHistoryBuffers")
	b.Skip("HistoryNoDup", 68)
	if b.Err() == nil {
		d.link.Console = &c
	}
}
