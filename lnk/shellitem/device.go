package shellitem

import (
	"encoding/binary"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The signatures of the items of portable devices (MTP), such as phones and cameras: of a
// storage, and of a file or folder on it.
const (
	deviceStorage = 0x10312005
	deviceFile    = 0x07192006
)

// deviceFolder is the content type of a folder (WPD_CONTENT_TYPE_FOLDER).
var deviceFolder = winid.GUID{0x92, 0xe3, 0xe2, 0x27, 0x11, 0xa1, 0xe0, 0x48, 0xab, 0x0c, 0xe1, 0x77, 0x05, 0xa0, 0x5f, 0x85}

// storage reads a storage of a portable device.
//
//	38  4  number of characters of the name
//	42  4  of the identifier
//	46  4  of the description of its file system
//	50  4  number of GUIDs
//	54  -  the three texts, each with a NUL; then the GUIDs, and properties
func (i *Item) storage() {
	i.Kind = Storage
	texts := i.counted(38, 54, 3)
	i.Name, i.Identifier, i.Comment = texts[0], texts[1], texts[2]
}

// onDevice reads a file or a folder on a portable device.
//
//	26   8  FILETIME, it seems of modification
//	34   8  FILETIME, it seems of creation
//	42  16  content type
//	62   4  number of characters of the name
//	66   4  of the name again, that of a file with its ending
//	70   4  of the identifier
//	74   -  the three texts, each with a NUL; then properties
func (i *Item) onDevice() {
	i.Kind = DeviceFile
	i.Modified, i.Created = i.fileTime(26), i.fileTime(34)
	i.guid(42)
	i.IsDir = i.GUID == deviceFolder
	texts := i.counted(62, 74, 3)
	i.Name, i.Identifier = texts[0], texts[2]
	switch {
	case i.Name == "" || strings.HasPrefix(texts[1], i.Name):
		i.Name = texts[1]
	case texts[1] != "":
		i.Comment = texts[1]
	}
}

// counted returns n texts that begin at an offset, whose numbers of characters, with the NUL,
// are at another. Those behind the first that does not fit are empty.
func (i *Item) counted(numbers, at, n int) []string {
	texts := make([]string, n)
	for t := range texts {
		size := uint64(i.u32(numbers+4*t)) * 2
		if at > len(i.Raw) || size > uint64(len(i.Raw)-at) {
			break
		}
		texts[t] = wtf8.String(wtf8.Trim(i.Raw[at : at+int(size)]))
		at += int(size)
	}
	return texts
}

// fileTime returns the FILETIME at an offset.
func (i *Item) fileTime(at int) time.Time {
	if at+8 > len(i.Raw) {
		return time.Time{}
	}
	return filetime.Time(binary.LittleEndian.Uint64(i.Raw[at:]))
}
