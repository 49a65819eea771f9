package mft

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Records and index blocks are written in strides of 512 bytes, whatever the
// sector size of the disk. To detect a write that stopped half-way, the last two
// bytes of every stride are replaced by the update sequence number, and the
// update sequence array keeps the original bytes. Both kinds of block begin
// with, in bytes from the beginning of the block:
//
//	0x00  4  signature
//	0x04  2  offset of the array from the beginning of the block
//	0x06  2  length of the array in units of 2 bytes: the number, then one value per stride
const (
	fixupStride    = 512
	fixupOffsetOff = 0x04
	fixupCountOff  = 0x06
	fixupHeaderLen = 0x08
)

// applyFixups restores the bytes that the update sequence array of a block
// keeps. It leaves strides that do not end with the update sequence number as
// they are, and notes them. Base is the block's offset in its artifact.
func applyFixups(block []byte, base int64, note func(kind damage.Kind, err error, part string)) {
	off := int(binary.LittleEndian.Uint16(block[fixupOffsetOff:]))
	count := int(binary.LittleEndian.Uint16(block[fixupCountOff:]))
	strides := len(block) / fixupStride
	if count == 0 || off < fixupHeaderLen || off+2*count > len(block) {
		note(damage.Malformed, damage.New("update sequence array", base+fixupOffsetOff,
			fmt.Sprintf("%d values at %#x", count, off), fmt.Sprintf("%d values inside the block", strides+1)), "")
		return
	}
	if count != strides+1 {
		note(damage.Malformed, damage.New("update sequence array length", base+fixupCountOff, count, strides+1), "")
	}
	number := block[off : off+2]
	usn := binary.LittleEndian.Uint16(number)
	for i := range min(count-1, strides) {
		end := (i+1)*fixupStride - 2
		if got := binary.LittleEndian.Uint16(block[end:]); got != usn {
			note(damage.Torn, damage.New("update sequence number of a stride", base+int64(end),
				fmt.Sprintf("%#04x", got), fmt.Sprintf("%#04x", usn)), "")
			continue
		}
		copy(block[end:end+2], block[off+2+2*i:])
	}
}
