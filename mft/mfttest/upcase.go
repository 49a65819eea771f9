package mfttest

import (
	"encoding/binary"
	"sync"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// upcase is the content of $UpCase: the upper case of every UTF-16 unit.
var upcase = sync.OnceValue(func() []byte {
	b := make([]byte, 0, 2<<16)
	for u := range rune(1 << 16) {
		b = binary.LittleEndian.AppendUint16(b, uint16(winpath.Upper(u)))
	}
	return b
})

// upperUnits returns s in upper case as UTF-16LE.
func upperUnits(s string) []byte {
	table := upcase()
	b := wtf8.Encode(s)
	for i := 0; i < len(b); i += 2 {
		copy(b[i:i+2], table[2*int(binary.LittleEndian.Uint16(b[i:])):])
	}
	return b
}

func upper(s string) string { return wtf8.String(upperUnits(s)) }
