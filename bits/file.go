package bits

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// A file, in bytes.
//
//	0   8  FILETIME of the local file, only in uploads
//	-   -  texts: local path, URL, temporary path
//	-   8  bytes that were transferred
//	-   8  bytes in all, or all ones
//	-   1  0
//	-   -  texts: drive, volume
//	-   4  type of the drive
//	-   4  serial number of the volume
//	-   8  bytes in all
//	-   4  attributes
//	-   4  number of bytes that follow
//	-   -  unknown
//	-   1  unknown
//	-   4  number of ranges, of 16 bytes each: offset and length
//	-   8  FILETIME of the remote file, only in downloads
//
// In qmgr0.dat and qmgr1.dat, 36 unknown bytes follow.
const unknownTail = 36

// maxRanges limits how many ranges of a file are kept.
const maxRanges = 1 << 12

// decodeFile reads a file. The first error is that of a file that cannot be read, the second
// that of one whose texts and sizes were read, and the rest was not.
func decodeFile(c *bin.Cursor, upload bool) (f *File, err, rest error) {
	f = &File{Offset: c.Offset()}
	if upload {
		f.Modified = filetime.Time(c.U64("time of the local file"))
	}
	at := c.Offset()
	f.Path, f.URL, f.Temp = text(c, "local path"), text(c, "URL"), text(c, "temporary path")
	f.Transferred, f.Total = c.U64("bytes transferred"), c.U64("bytes in all")
	if err := c.Err(); err != nil {
		return nil, err, nil
	}
	if !isLocal(f.Path) || !isRemote(f.URL) {
		return nil, damage.New("names of the file", at, f.Path+", "+f.URL, "a local path and a URL"), nil
	}
	c.Skip("unknown", 1)
	f.Drive, f.Volume = text(c, "drive"), text(c, "volume")
	f.DriveType, f.Serial = c.U32("type of the drive"), c.U32("serial number of the volume")
	if c.Err() != nil || upload {
		return f, nil, c.Err()
	}
	c.Skip("size and attributes", 8+4)
	n := c.U32("number of unknown bytes")
	if uint64(n) > uint64(c.Len()) {
		c.Skip("unknown bytes", c.Len()+1)
	} else {
		c.Skip("unknown bytes", int(n))
	}
	c.Skip("unknown", 1)
	for range min(c.U32("number of ranges"), uint32(c.Len()/16)+1) {
		r := Range{c.U64("offset of a range"), c.U64("length of a range")}
		if c.Err() == nil && len(f.Ranges) < maxRanges {
			f.Ranges = append(f.Ranges, r)
		}
	}
	f.Modified = filetime.Time(c.U64("time of the remote file"))
	if c.Err() == nil && !f.Modified.IsZero() && (f.Modified.Year() < 1970 || f.Modified.Year() > 2200) {
		f.Modified = filetime.Time(0)
	}
	return f, nil, c.Err()
}

// isLocal reports whether a text is the path of a local file as BITS keeps it: with a drive,
// or of a share.
func isLocal(p string) bool {
	return len(p) > 3 && p[1] == ':' && p[2] == '\\' || strings.HasPrefix(p, `\\`)
}

// isRemote reports whether a text is a URL or a path of a share.
func isRemote(u string) bool { return strings.Contains(u, "://") || strings.HasPrefix(u, `\\`) }
