package prefetch

import (
	"strings"
	"time"
)

// File is the content of a prefetch file.
type File struct {
	Version    uint32      // 17, 23, 26, 30 or 31
	Compressed bool        // in a container with the signature MAM
	Executable string      // name of the program in upper case; up to [MaxName] characters of it
	Hash       uint32      // of the path, and of the command line of programs that host others
	HashString string      // what Hash is of, if the file has it: not before Windows 10
	RunCount   uint32      // how many times the program was started
	LastRuns   []time.Time // when it was started, the last time first; up to 8 since Windows 8, before it one
	Files      []Opened    // what it opened, in the order in which it did
	Volumes    []Volume
}

// MaxName is how many characters of the program's name a file has.
const MaxName = 29

// Opened is a file that the program opened in its first ten seconds, also to run it.
type Opened struct {
	Path string // in upper case, with the volume's device: \DEVICE\HARDDISKVOLUME2\… or \VOLUME{…}\…
	Ref  Ref    // 0 before Windows Vista, and if Windows did not know it
}

// Ref is the reference of a file on NTFS: the entry of the $MFT in the low 48 bits, and
// its sequence number above.
type Ref uint64

// Entry returns the number of the $MFT entry.
func (r Ref) Entry() uint64 { return uint64(r) & (1<<48 - 1) }

// Sequence returns the sequence number.
func (r Ref) Sequence() uint16 { return uint16(r >> 48) }

// Volume is a volume that the program opened files on.
type Volume struct {
	Device  string    // \DEVICE\HARDDISKVOLUME2 or \VOLUME{…}
	Created time.Time // when it was formatted
	Serial  uint32    // as vol shows it
	Folders []string  // those of the files, in full
	Refs    []Ref     // of the files and folders; some are 0
}

// Path returns the path of the program as Files has it, or "" if no file there has its
// name. Confirmed means that the hash is of this path: of several files with the name,
// only one is the program.
func (f *File) Path() (path string, confirmed bool) {
	for i := range f.Files {
		p := f.Files[i].Path
		if !f.named(p) {
			continue
		}
		if f.hashes(p) {
			return p, true
		}
		if path == "" {
			path = p
		}
	}
	return path, false
}

// RefOf returns the reference of an opened file, or 0.
func (f *File) RefOf(path string) Ref {
	for _, o := range f.Files {
		if o.Path == path {
			return o.Ref
		}
	}
	return 0
}

// named reports whether the program can be the file of a path.
func (f *File) named(path string) bool {
	base := path[strings.LastIndexByte(path, '\\')+1:]
	if strings.EqualFold(base, f.Executable) {
		return true
	}
	units := 0
	for i, r := range base {
		if units >= MaxName {
			return units == MaxName && strings.EqualFold(base[:i], f.Executable)
		}
		if units++; r > 0xffff {
			units++
		}
	}
	return false
}

// VolumeOf returns the volume that a path of Files is on, or nil.
func (f *File) VolumeOf(path string) *Volume {
	for i := range f.Volumes {
		v := &f.Volumes[i]
		if len(path) > len(v.Device) && path[len(v.Device)] == '\\' && strings.EqualFold(path[:len(v.Device)], v.Device) {
			return v
		}
	}
	return nil
}
