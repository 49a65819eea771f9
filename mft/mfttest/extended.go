package mfttest

import (
	"errors"
	"fmt"

	"github.com/birthmark-dfir/birthmark/mft"
)

// EA is an extended attribute of a File, as programs of WSL and installers write them.
type EA struct {
	Name     string // ASCII, at most 255 bytes; NTFS stores it in upper case
	Value    []byte // at most 65535 bytes
	Critical bool   // who does not understand it must not open the file
}

// extended returns $EA_INFORMATION and $EA. An entry of $EA, in bytes from its beginning:
//
//	0x00  4  offset of the next entry
//	0x04  1  flags: 0x80 critical
//	0x05  1  length of the name
//	0x06  2  length of the value
//	0x08  …  name, NUL, value
//
// $EA_INFORMATION has the size that the attributes have for OS/2, the number of critical
// ones, and the size of $EA.
func (w *writer) extended(list []EA) ([]*attribute, error) {
	var b []byte
	packed, critical := 0, 0
	for _, ea := range list {
		if ea.Name == "" || len(ea.Name) > 255 || len(ea.Value) > 0xffff {
			return nil, fmt.Errorf("extended attribute %q with %d bytes: want a name of 1 to 255 bytes and at most 65535", ea.Name, len(ea.Value))
		}
		e := make([]byte, align(0x08+len(ea.Name)+1+len(ea.Value), 4))
		le.PutUint32(e, uint32(len(e)))
		if ea.Critical {
			e[4] = 0x80
			critical++
		}
		e[5] = byte(len(ea.Name))
		le.PutUint16(e[6:], uint16(len(ea.Value)))
		copy(e[8:], ea.Name)
		copy(e[8+len(ea.Name)+1:], ea.Value)
		b = append(b, e...)
		packed += 5 + len(ea.Name) + len(ea.Value)
	}
	if len(b) > 0xffff {
		return nil, errors.New("the extended attributes take more than 65535 bytes")
	}
	info := make([]byte, 8)
	le.PutUint16(info, uint16(packed))
	le.PutUint16(info[2:], uint16(critical))
	le.PutUint32(info[4:], uint32(len(b)))
	value := &attribute{typ: mft.AttrEA, value: b}
	if len(b) > w.room()/4 {
		value = w.stored(mft.AttrEA, "", b)
	}
	return []*attribute{{typ: mft.AttrEAInformation, value: info}, value}, nil
}
