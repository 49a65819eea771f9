// Package recyclebintest writes information files of the recycle bin for tests: read by
// package recyclebin, the content is the [recyclebin.Info] that was written.
package recyclebintest

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/recyclebin"
)

// Bytes returns the file.
func Bytes(i recyclebin.Info) ([]byte, error) {
	text := append(wtf8.Encode(i.Path), 0, 0)
	b := binary.LittleEndian.AppendUint64(nil, i.Version)
	b = binary.LittleEndian.AppendUint64(b, i.Size)
	b = binary.LittleEndian.AppendUint64(b, filetime.Ticks(i.Deleted))
	switch {
	case i.Version == 1 && len(text) <= 520:
		return append(append(b, text...), make([]byte, 520-len(text))...), nil
	case i.Version == 2:
		return append(binary.LittleEndian.AppendUint32(b, uint32(len(text)/2)), text...), nil
	}
	return nil, fmt.Errorf("recyclebintest: version %d, and a path of %d bytes", i.Version, len(text))
}
