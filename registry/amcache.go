package registry

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// An AmcacheFile is a program in the Amcache, in which Windows takes stock of the
// programs that are installed or were run. It shows that the file was there; by itself it
// does not show that it ran. A field is zero if the entry does not have it.
type AmcacheFile struct {
	Key       string    // path of the key
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key: when Windows took stock of the file, or did so again

	Path       string // in lower case since Windows 10
	SHA1       string // in lower case, of the first [AmcacheHashed] bytes of the file
	Size       uint64
	Linked     time.Time // time stamp of the PE header
	Created    time.Time // creation of the file; not since Windows 10
	Modified   time.Time // content modification of the file; not since Windows 10
	Publisher  string    // this and the next two are of the version information
	Product    string
	Version    string
	ProgramID  string // of the installed program that it belongs to
	Executable bool   // a PE file; only since Windows 10
	System     bool   // a component of Windows; only since Windows 10
	Service    string // of a driver: the name of its service
}

// AmcacheHashed is how much of a file the SHA-1 in the Amcache is of, in bytes.
const AmcacheHashed = 31_457_280

// The keys with a key for each file: since Windows 10 and, before it, with a key for each
// volume between.
const (
	amcacheFiles = `Root\InventoryApplicationFile`
	amcacheOld   = `Root\File`

	amcacheDrivers = `Root\InventoryDriverBinary`
)

// amcacheValues are the names of values of both forms, and where they belong.
var amcacheValues = map[string]func(f *AmcacheFile, v *Value){
	"lowercaselongpath": func(f *AmcacheFile, v *Value) { f.Path = amcacheText(v) },
	"fileid":            func(f *AmcacheFile, v *Value) { f.SHA1 = amcacheSHA1(v) },
	"size":              func(f *AmcacheFile, v *Value) { f.Size = amcacheNumber(v) },
	"linkdate":          func(f *AmcacheFile, v *Value) { f.Linked = amcacheDate(v) },
	"publisher":         func(f *AmcacheFile, v *Value) { f.Publisher = amcacheText(v) },
	"productname":       func(f *AmcacheFile, v *Value) { f.Product = amcacheText(v) },
	"version":           func(f *AmcacheFile, v *Value) { f.Version = amcacheText(v) },
	"programid":         func(f *AmcacheFile, v *Value) { f.ProgramID = amcacheText(v) },
	"ispefile":          func(f *AmcacheFile, v *Value) { f.Executable = amcacheNumber(v) != 0 },
	"isoscomponent":     func(f *AmcacheFile, v *Value) { f.System = amcacheNumber(v) != 0 },

	"drivername":          func(f *AmcacheFile, v *Value) { f.Path = amcacheText(v) },
	"driverid":            func(f *AmcacheFile, v *Value) { f.SHA1 = amcacheSHA1(v) },
	"drivertimestamp":     func(f *AmcacheFile, v *Value) { f.Linked = amcacheUnix(v) },
	"driverlastwritetime": func(f *AmcacheFile, v *Value) { f.Modified = amcacheDate(v) },
	"drivercompany":       func(f *AmcacheFile, v *Value) { f.Publisher = amcacheText(v) },
	"product":             func(f *AmcacheFile, v *Value) { f.Product = amcacheText(v) },
	"driverversion":       func(f *AmcacheFile, v *Value) { f.Version = amcacheText(v) },
	"service":             func(f *AmcacheFile, v *Value) { f.Service = amcacheText(v) },

	"0":   func(f *AmcacheFile, v *Value) { f.Product = amcacheText(v) },
	"1":   func(f *AmcacheFile, v *Value) { f.Publisher = amcacheText(v) },
	"5":   func(f *AmcacheFile, v *Value) { f.Version = amcacheText(v) },
	"6":   func(f *AmcacheFile, v *Value) { f.Size = amcacheNumber(v) },
	"f":   func(f *AmcacheFile, v *Value) { f.Linked = amcacheUnix(v) },
	"11":  func(f *AmcacheFile, v *Value) { f.Modified = amcacheTime(v) },
	"12":  func(f *AmcacheFile, v *Value) { f.Created = amcacheTime(v) },
	"15":  func(f *AmcacheFile, v *Value) { f.Path = amcacheText(v) },
	"17":  func(f *AmcacheFile, v *Value) { f.Modified = amcacheTime(v) }, // the same since 8.1, more precise
	"100": func(f *AmcacheFile, v *Value) { f.ProgramID = amcacheText(v) },
	"101": func(f *AmcacheFile, v *Value) { f.SHA1 = amcacheSHA1(v) },
}

// AmcacheFiles yields the files of a hive Amcache.hve. Like all iterators of the package it
// goes on after damage.
func AmcacheFiles(r *Reader) iter.Seq2[AmcacheFile, error] {
	return func(yield func(AmcacheFile, error) bool) {
		_ = amcacheAt(r, amcacheFiles, 1, yield) && amcacheAt(r, amcacheOld, 2, yield)
	}
}

// AmcacheDrivers yields the drivers that a hive Amcache.hve of Windows 10 or later lists
// apart from the other files. Its early versions have the name of a driver without its folder.
func AmcacheDrivers(r *Reader) iter.Seq2[AmcacheFile, error] {
	return func(yield func(AmcacheFile, error) bool) {
		amcacheAt(r, amcacheDrivers, 1, func(f AmcacheFile, err error) bool {
			name := winpath.Base(f.Key)
			switch at := strings.IndexByte(f.Key, '/'); {
			case at >= 0: // the name of the key is the path
				f.Path = strings.ReplaceAll(f.Key[strings.LastIndexByte(f.Key[:at], '\\')+1:], "/", `\`)
			case f.SHA1 == "":
				f.SHA1 = amcacheSum(name)
			}
			return yield(f, err)
		})
	}
}

// amcacheAt yields the files of the keys so many levels below one, and reports whether to go
// on.
func amcacheAt(r *Reader, key string, deep int, yield func(AmcacheFile, error) bool) bool {
	k, err := r.OpenKey(key)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return true
	case err != nil:
		return yield(AmcacheFile{}, err)
	}
	return amcacheBelow(k, deep, yield)
}

// amcacheBelow yields the files of the keys so many levels below k.
func amcacheBelow(k *Key, deep int, yield func(AmcacheFile, error) bool) bool {
	for sub, err := range k.Subkeys() {
		switch {
		case err != nil:
			if !yield(AmcacheFile{}, err) {
				return false
			}
		case deep > 1:
			if !amcacheBelow(sub, deep-1, yield) {
				return false
			}
		case !yield(amcacheFile(sub)):
			return false
		}
	}
	return true
}

// amcacheFile reads the file of a key. The error is of the first damaged value; the others
// are read.
func amcacheFile(k *Key) (AmcacheFile, error) {
	f := AmcacheFile{Key: k.Path(), Offset: k.Offset, LastWrite: k.LastWrite}
	var damaged error
	for v, err := range k.Values() {
		if err != nil {
			damaged = errors.Join(damaged, err)
			continue
		}
		if set := amcacheValues[strings.ToLower(v.Name)]; set != nil {
			if _, err := v.Data(); err != nil {
				damaged = errors.Join(damaged, err)
				continue
			}
			set(&f, v)
		}
	}
	return f, damaged
}

func amcacheText(v *Value) string {
	s, err := v.Text()
	if err != nil {
		return ""
	}
	return s
}

func amcacheSHA1(v *Value) string { return amcacheSum(amcacheText(v)) }

// amcacheSum returns a hash, which has four zeros before it.
func amcacheSum(s string) string {
	s = strings.ToLower(s)
	if sum, ok := strings.CutPrefix(s, "0000"); ok && len(sum) == 40 && strings.Trim(sum, "0123456789abcdef") == "" {
		return sum
	}
	return ""
}

func amcacheNumber(v *Value) uint64 {
	b, err := v.Data()
	switch {
	case err != nil:
	case len(b) == 4:
		return uint64(binary.LittleEndian.Uint32(b))
	case len(b) == 8:
		return binary.LittleEndian.Uint64(b)
	default:
		n, err := strconv.ParseUint(strings.TrimPrefix(amcacheText(v), "0x"), 16, 64) // as text in the first versions of Windows 10
		if err == nil && v.Type == SZ {
			return n
		}
	}
	return 0
}

func amcacheTime(v *Value) time.Time { return filetime.Time(amcacheNumber(v)) }

func amcacheUnix(v *Value) time.Time {
	n := amcacheNumber(v)
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(int64(n), 0).UTC()
}

// amcacheDate reads 02/21/2019 16:00:00, in UTC.
func amcacheDate(v *Value) time.Time {
	t, err := time.ParseInLocation("01/02/2006 15:04:05", amcacheText(v), time.UTC)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Name returns the name of the file.
func (f *AmcacheFile) Name() string { return winpath.Base(f.Path) }
