package prefetch

import (
	"fmt"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// The header: offsets from the beginning of the file, and sizes, in bytes.
//
//	0x00   4  version
//	0x04   4  "SCCA"
//	0x08   4  unknown
//	0x0c   4  size of the file
//	0x10  60  name of the program, ends with a NUL
//	0x4c   4  hash
//	0x50   4  unknown
//	0x54   4  offset of the metrics
//	0x58   4  number of them
//	0x5c   8  trace chains: offset, number
//	0x64   4  offset of the names of files
//	0x68   4  size of the names
//	0x6c   4  offset of the volumes
//	0x70   4  number of volumes
//	0x74   4  size of all about volumes
//
// What follows differs: see layouts.
const (
	magic      = "SCCA"
	headerSize = 0x78
	nameSize   = 60
)

// layout is a row of the table of versions: offsets from the beginning of the file, and
// sizes, in bytes.
type layout struct {
	version  uint32
	metrics  uint32 // offset of the metrics, if it tells two layouts apart; else 0
	lastRuns int    // offset of the times of the last runs
	runs     int    // how many there are
	runCount int    // offset of the number of runs
	hashed   int    // offset of the offset and size of the hashed text; 0: it has none
	metric   int    // size of a metric
	volume   int    // size of a volume
	refs     int    // offset of the references in the list of a volume's references
}

var layouts = [...]layout{
	{version: 17, lastRuns: 0x78, runs: 1, runCount: 0x90, metric: 20, volume: 40, refs: 8},
	{version: 23, lastRuns: 0x80, runs: 1, runCount: 0x98, metric: 32, volume: 104, refs: 16},
	{version: 26, lastRuns: 0x80, runs: 8, runCount: 0xd0, metric: 32, volume: 104, refs: 16},
	{version: 30, metrics: 0x130, lastRuns: 0x80, runs: 8, runCount: 0xd0, metric: 32, volume: 96, refs: 16},
	{version: 30, lastRuns: 0x80, runs: 8, runCount: 0xc8, hashed: 0xd4, metric: 32, volume: 96, refs: 16},
	{version: 31, lastRuns: 0x80, runs: 8, runCount: 0xc8, hashed: 0xd4, metric: 32, volume: 96, refs: 16},
}

// decoder reads one file.
type decoder struct {
	name     string // what errors call the file
	raw      []byte // decompressed
	file     File
	problems []Problem
}

func (d *decoder) note(kind damage.Kind, err error, path string) {
	d.problems = append(d.problems, damage.Note(kind, err, d.name, path))
}

// decode reads a file. The error is that of a file that is not a prefetch file, or has
// nothing that can be read.
func (d *decoder) decode() error {
	if len(d.raw) >= len(mamMagic) && string(d.raw[:len(mamMagic)]) == mamMagic {
		plain, err := d.decompress()
		if err != nil {
			return err
		}
		d.raw, d.file.Compressed = plain, true
	}
	if len(d.raw) < 8 || string(d.raw[4:8]) != magic {
		got := "an empty file"
		if len(d.raw) > 0 {
			got = strconv.QuoteToASCII(string(d.raw[:min(len(d.raw), 8)]))
		}
		return &FormatError{Offset: 0, What: "signature", Got: got, Want: magic + " or " + mamMagic, Err: ErrNotPrefetch}
	}
	c := bin.NewCursor(d.raw, 0)
	d.file.Version = c.U32("version")
	c.Seek("size of the file", 0x0c)
	size := c.U32("size of the file")
	d.file.Executable = wtf8.String(wtf8.Trim(c.Bytes("name of the program", nameSize)))
	d.file.Hash = c.U32("hash")
	c.Seek("offset of the metrics", 0x54)
	metrics, count := c.U32("offset of the metrics"), c.U32("number of metrics")
	c.Skip("trace chains", 8)
	names, namesSize := c.U32("offset of the names"), c.U32("size of the names")
	volumes, volumeCount, volumesSize := c.U32("offset of the volumes"), c.U32("number of volumes"), c.U32("size of the volumes")
	if err := c.Err(); err != nil {
		return err
	}
	if int64(size) != int64(len(d.raw)) {
		d.note(damage.Truncation, damage.New("size of the file", 0x0c, len(d.raw), size), "")
	}
	l, err := layoutOf(d.file.Version, metrics)
	if err != nil {
		return err
	}
	d.runs(l)
	d.files(l, metrics, count, names, namesSize)
	d.volumes(l, volumes, volumeCount, volumesSize)
	return nil
}

// layoutOf returns the layout of a version.
func layoutOf(version, metrics uint32) (*layout, error) {
	for i := range layouts {
		if l := &layouts[i]; l.version == version && (l.metrics == 0 || l.metrics == metrics) {
			return l, nil
		}
	}
	return nil, damage.New("version", 0, version, "17, 23, 26, 30 or 31")
}

// runs reads when the program ran, and how many times.
func (d *decoder) runs(l *layout) {
	c := bin.NewCursor(d.raw, 0)
	c.Seek("time of the last run", l.lastRuns)
	for range l.runs {
		if ticks := c.U64("time of the last run"); ticks != 0 {
			d.file.LastRuns = append(d.file.LastRuns, filetime.Time(ticks))
		}
	}
	c.Seek("number of runs", l.runCount)
	d.file.RunCount = c.U32("number of runs")
	if err := c.Err(); err != nil {
		d.note(damage.Truncation, err, "")
		return
	}
	if l.hashed == 0 {
		return
	}
	c.Seek("offset of the hashed text", l.hashed)
	at, n := c.U32("offset of the hashed text"), c.U32("size of the hashed text")
	if c.Err() != nil || n == 0 {
		return
	}
	b, err := bin.Slice(d.raw, 0, uint64(at), uint64(n), "hashed text")
	if err != nil {
		d.note(damage.Malformed, err, "")
		return
	}
	d.file.HashString = wtf8.String(wtf8.Trim(b))
}

// A metric, in bytes from its beginning. Version 17 has no average, so that what follows
// is 4 bytes earlier, and no reference.
//
//	0x00  4  when the file was opened, in ms after the start
//	0x04  4  for how long
//	0x08  4  the same on average
//	0x0c  4  offset of its path among the names
//	0x10  4  number of characters of the path
//	0x14  4  flags
//	0x18  8  reference of the file
func (d *decoder) files(l *layout, at, count, names, namesSize uint32) {
	text, err := bin.Slice(d.raw, 0, uint64(names), uint64(namesSize), "names of files")
	if err != nil {
		d.note(damage.Malformed, err, "files")
		return
	}
	metrics, err := bin.Slice(d.raw, 0, uint64(at), uint64(count)*uint64(l.metric), "metrics")
	if err != nil {
		d.note(damage.Malformed, err, "files")
		return
	}
	budget := len(text) // texts do not overlap in a file that Windows wrote
	for i := range int(count) {
		c := bin.NewCursor(metrics[i*l.metric:(i+1)*l.metric], int64(at)+int64(i*l.metric))
		c.Skip("times", 8)
		if l.metric > 20 {
			c.Skip("average", 4)
		}
		from, n := c.U32("offset of the name"), c.U32("length of the name")
		c.Skip("flags", 4)
		o := Opened{}
		if l.metric > 20 {
			o.Ref = Ref(c.U64("reference"))
		}
		b, err := bin.Slice(text, int64(names), uint64(from), 2*uint64(n), "name of the file")
		if budget -= len(b); err == nil && budget < 0 {
			err = damage.New("names of files", int64(names), "names that overlap", "each for itself")
		}
		if err != nil {
			d.note(damage.Malformed, err, fmt.Sprintf("file %d", i))
			if budget < 0 {
				return
			}
			continue
		}
		o.Path = wtf8.String(b)
		d.file.Files = append(d.file.Files, o)
	}
}

// A volume, in bytes from its beginning. Offsets in it are from where all about volumes
// begins.
//
//	0x00  4  offset of the device
//	0x04  4  number of characters of the device
//	0x08  8  when the volume was formatted
//	0x10  4  serial number
//	0x14  4  offset of the references
//	0x18  4  size of the references
//	0x1c  4  offset of the folders
//	0x20  4  number of folders
func (d *decoder) volumes(l *layout, at, count, size uint32) {
	all, err := bin.Slice(d.raw, 0, uint64(at), uint64(size), "volumes")
	if err == nil {
		_, err = bin.Slice(all, int64(at), 0, uint64(count)*uint64(l.volume), "volumes")
	}
	if err != nil {
		d.note(damage.Malformed, err, "volumes")
		return
	}
	budget := len(all)
	for i := range int(count) {
		c := bin.NewCursor(all[i*l.volume:(i+1)*l.volume], int64(at)+int64(i*l.volume))
		device, chars := c.U32("device"), c.U32("length of the device")
		v := Volume{Created: filetime.Time(c.U64("creation time"))}
		v.Serial = c.U32("serial number")
		refs, refsSize := c.U32("references"), c.U32("size of the references")
		folders, folderCount := c.U32("folders"), c.U32("number of folders")
		path := fmt.Sprintf("volume %d", i+1)
		b, err := bin.Slice(all, int64(at), uint64(device), 2*uint64(chars), "device of the volume")
		if budget -= len(b) + int(min(refsSize, uint32(len(all)))); err == nil && budget < 0 {
			err = damage.New("volumes", int64(at), "volumes that overlap", "each for itself")
		}
		if err != nil {
			d.note(damage.Malformed, err, path)
			if budget < 0 {
				return
			}
			continue
		}
		v.Device = wtf8.String(b)
		if v.Refs, err = references(all, int64(at), refs, refsSize, l.refs); err != nil {
			d.note(damage.Malformed, err, path)
		}
		if v.Folders, budget, err = texts(all, int64(at), folders, folderCount, budget); err != nil {
			d.note(damage.Malformed, err, path)
		}
		d.file.Volumes = append(d.file.Volumes, v)
	}
}

// references reads the references of a volume: a version in 4 bytes, their number in 4,
// since Windows Vista 8 unknown bytes, and 8 for each.
func references(all []byte, base int64, at, size uint32, header int) ([]Ref, error) {
	if size == 0 {
		return nil, nil
	}
	b, err := bin.Slice(all, base, uint64(at), uint64(size), "references")
	if err != nil {
		return nil, err
	}
	c := bin.NewCursor(b, base+int64(at))
	c.Skip("version of the references", 4)
	n := c.U32("number of references")
	c.Seek("references", header)
	if err := c.Err(); err != nil {
		return nil, err
	}
	if int64(n) > int64(c.Len())/8 {
		return nil, damage.New("number of references", base+int64(at)+4, n, fmt.Sprintf("≤ %d", c.Len()/8))
	}
	list := make([]Ref, n)
	for i := range list {
		list[i] = Ref(c.U64("reference"))
	}
	return list, c.Err()
}

// texts reads texts that each begin with their number of characters in 2 bytes, and end
// with a NUL.
func texts(all []byte, base int64, at, count uint32, budget int) ([]string, int, error) {
	if count == 0 {
		return nil, budget, nil
	}
	c := bin.NewCursor(all, base)
	c.Seek("folders", int(min(at, uint32(len(all)+1))))
	var list []string
	for range count {
		b := c.Bytes("folder", 2*int(c.U16("length of the folder")))
		c.Skip("end of the folder", 2)
		if err := c.Err(); err != nil {
			return list, budget, err
		}
		if budget -= len(b); budget < 0 {
			return list, budget, damage.New("folders", base+int64(at), "folders that overlap", "each for itself")
		}
		list = append(list, wtf8.String(b))
	}
	return list, budget, nil
}
