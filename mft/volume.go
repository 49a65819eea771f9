package mft

import (
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Volume is an NTFS volume. As an [io/fs.FS] it shows the files that exist; the
// deleted ones are among the records of [Volume.MFT]. Its methods may be called
// concurrently.
type Volume struct {
	clusters
	boot       boot
	mft        *Reader
	mftExtents *extents
	upcase     *upcase
	info       VolumeInfo
	problems   []Problem
	dirs       dirCache
	lists      budget // for attribute lists
	indexes    budget // for index blocks
}

// VolumeInfo is what a volume says about itself.
type VolumeInfo struct {
	Label        string
	Serial       uint64
	SectorSize   int   // in bytes, as the three that follow
	ClusterSize  int   //
	RecordSize   int   //
	IndexSize    int   // of an index block
	Size         int64 // as the boot sector says, in bytes
	MajorVersion uint8 // of NTFS: 3.1 since Windows XP; 0 where unknown
	MinorVersion uint8
	Dirty        bool // not unmounted cleanly, or chkdsk is wanted
}

// VolumeCloser is a Volume that owns its file.
type VolumeCloser struct {
	*Volume
	f *os.File
}

// Close closes the file.
func (v *VolumeCloser) Close() error { return v.f.Close() }

// OpenVolume opens the image of an NTFS volume. An image of a whole disk is a
// matter for package evidence.
func OpenVolume(name string) (*VolumeCloser, error) {
	f, size, err := openFile(name)
	if err != nil {
		return nil, err
	}
	v, err := NewVolume(f, size)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &VolumeCloser{Volume: v, f: f}, nil
}

// NewVolume returns the NTFS volume in the first size bytes of r. It fails only
// where neither boot sector leads to a $MFT; all other damage is left to
// [Volume.Problems].
func NewVolume(r io.ReaderAt, size int64, opts ...Option) (*Volume, error) {
	v := &Volume{
		clusters: clusters{r: r, size: size},
		lists:    budget{what: "$ATTRIBUTE_LIST", limit: size},
		indexes:  budget{what: "$INDEX_ALLOCATION", limit: size},
	}
	if err := v.readBoot(); err != nil {
		return nil, err
	}
	v.unit = v.boot.clusterSize
	if err := v.openMFT(); err != nil {
		return nil, err
	}
	cfg := newConfig(opts)
	v.mft.secure = &secure{sds: cfg.sds, size: cfg.sdsSize, volume: v}
	v.info = VolumeInfo{
		Serial:      v.boot.serial,
		SectorSize:  int(v.boot.sectorSize),
		ClusterSize: int(v.boot.clusterSize),
		RecordSize:  int(v.boot.recordSize),
		IndexSize:   int(v.boot.indexSize),
		Size:        int64(min(v.boot.sectors, maxClusters)) * v.boot.sectorSize,
	}
	if v.info.Size > size {
		v.problem(damage.Truncation, damage.Truncated("volume", 0, v.info.Size, size))
	}
	v.readVolumeInformation()
	v.upcase = v.readUpCase()
	return v, nil
}

// readBoot takes the boot sector or, where that is damaged, its copy.
func (v *Volume) readBoot() error {
	b, err := bin.ReadAt(v.r, v.size, 0, bootLen, "boot sector")
	if err == nil {
		v.boot, err = parseBoot(b, 0)
	}
	if err == nil || !damage.Is(err) {
		return err
	}
	first := locate(err, artifactVolume, "")
	for _, sector := range []int64{512, 4096} {
		b, err := bin.ReadAt(v.r, v.size, v.size-sector, bootLen, "backup boot sector")
		if err != nil {
			continue
		}
		if v.boot, err = parseBoot(b, v.size-sector); err == nil {
			v.problem(damage.Malformed, first)
			return nil
		}
	}
	return first
}

// openMFT finds the $MFT by its own record or, where that is damaged, by the copy
// in $MFTMirr.
func (v *Volume) openMFT() error {
	var first error
	for _, cluster := range []uint64{v.boot.mft, v.boot.mirr} {
		err := v.openMFTAt(cluster)
		if err == nil {
			if first != nil {
				v.problem(damage.Malformed, locate(first, artifactVolume, "$MFT"))
			}
			return nil
		}
		if !damage.Is(err) {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return locate(first, artifactVolume, "$MFT")
}

func (v *Volume) openMFTAt(cluster uint64) error {
	if cluster > uint64(v.size/v.unit) {
		return damage.New("first cluster of the $MFT", -1, cluster, fmt.Sprintf("≤ %d", v.size/v.unit))
	}
	at := int64(cluster) * v.unit
	b, err := bin.ReadAt(v.r, v.size, at, v.boot.recordSize, "record of the $MFT")
	if err != nil {
		return err
	}
	if _, ok := headerOf(b); !ok {
		return damage.New("record of the $MFT", at, fmt.Sprintf("%q", b[:4]), signatureFile)
	}
	rec, err := decodeRecord(b, place{entry: EntryMFT, volume: at})
	if err != nil {
		return err
	}
	data, ok := rec.stream(AttrData, "")
	if !ok {
		return damage.New("$DATA of the $MFT", at, "none", "one")
	}
	if err := v.mapMFT(&data); err != nil {
		return err
	}
	// More runs may be in extension records, which lie in what is mapped so far.
	list, err := v.mft.attributeList(rec)
	if err != nil {
		if !damage.Is(err) {
			return err
		}
		v.problem(damage.Malformed, locate(err, artifactVolume, "$MFT "+AttrAttributeList.String()))
	}
	for _, e := range list {
		if e.typ != AttrData || e.named || e.startVCN == 0 {
			continue
		}
		ext, err := v.mft.single(e.record.Entry)
		if err != nil {
			if !damage.Is(err) && !isNotExist(err) {
				return err
			}
			v.problem(damage.Malformed, locate(err, artifactVolume, "$MFT"))
			continue
		}
		if !ext.header().extends(e.record.Seq, rec) {
			continue
		}
		rec.absorb(ext)
		if data, ok = rec.stream(AttrData, ""); ok {
			if err := v.mapMFT(&data); err != nil {
				return err
			}
		}
	}
	if have := v.mftExtents.mapped(); have < int64(min(data.Size, maxClusters)) {
		v.problem(damage.Truncation, locate(damage.Truncated("runs of the $MFT", at, int64(data.Size), have), artifactVolume, "$MFT"))
	}
	return nil
}

// mapMFT makes the Reader of the $MFT, which ends where its runs or the volume
// ends, whatever size it states.
func (v *Volume) mapMFT(data *Stream) error {
	x, err := newExtents(&v.clusters, data)
	if err != nil {
		return err
	}
	size := min(x.size, x.mapped(), v.size)
	if size < v.boot.recordSize {
		return damage.New("size of the $MFT", data.Offset, x.size, fmt.Sprintf("≥ %d", v.boot.recordSize))
	}
	v.mftExtents = x
	v.mft = &Reader{src: x, size: size, recordSize: int(v.boot.recordSize), volume: v}
	return nil
}

// $VOLUME_INFORMATION, in bytes from the beginning of its value:
//
//	0x08  1  major version
//	0x09  1  minor version
//	0x0a  2  flags; 1 is dirty
const volumeInformationLen = 0x0c

func (v *Volume) readVolumeInformation() {
	rec, err := v.mft.Record(EntryVolume)
	if err != nil {
		v.problem(damage.Malformed, locate(err, artifactMFT, "$Volume"))
		return
	}
	for i := range rec.Attributes {
		switch a := &rec.Attributes[i]; {
		case a.Type == AttrVolumeName:
			v.info.Label = wtf8.String(a.Value)
		case a.Type == AttrVolumeInformation && len(a.Value) >= volumeInformationLen:
			v.info.MajorVersion, v.info.MinorVersion = a.Value[0x08], a.Value[0x09]
			v.info.Dirty = binary.LittleEndian.Uint16(a.Value[0x0a:])&1 != 0
			if v.info.Dirty {
				v.problem(damage.Unclean, damage.New("dirty flag", a.Offset, 1, 0))
			}
		}
	}
}

// MFT returns the $MFT of the volume.
func (v *Volume) MFT() *Reader { return v.mft }

// Info returns what the volume says about itself.
func (v *Volume) Info() VolumeInfo { return v.info }

// OpenStream opens a stream of a file by its name, ignoring case; "" is the
// content of the file. A file without that stream gives an error that satisfies
// errors.Is(err, fs.ErrNotExist), an encrypted stream ErrEncrypted.
//
// Of a deleted file it reads the clusters that were the file's. They may belong
// to another file by now.
func (v *Volume) OpenStream(rec *Record, stream string) (StreamReader, error) {
	s := rec.Stream(stream)
	if s == nil {
		return nil, fmt.Errorf("mft: entry %d has no stream %q: %w", rec.Entry, stream, fs.ErrNotExist)
	}
	return v.open(rec, s)
}

// open opens a stream of rec.
func (v *Volume) open(rec *Record, s *Stream) (StreamReader, error) {
	r, err := v.reader(s)
	if damage.Is(err) {
		return nil, locate(err, artifactMFT, fmt.Sprintf("entry %d %s", rec.Entry, AttrData))
	}
	return r, err
}

func (v *Volume) reader(s *Stream) (StreamReader, error) {
	switch {
	case s.Resident:
		return io.NewSectionReader(sliceReader(s.Value), 0, int64(len(s.Value))), nil
	case s.Encrypted:
		return nil, ErrEncrypted
	}
	x, err := newExtents(&v.clusters, s)
	if err != nil {
		return nil, err
	}
	if s.Compressed {
		return newCompressed(x, s)
	}
	return x, nil
}

// sliceReader reads bytes that are at hand.
type sliceReader []byte

// ReadAt implements io.ReaderAt.
func (b sliceReader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= int64(len(b)) {
		return 0, io.EOF
	}
	n := copy(p, b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// StructureProblems iterates over what is damaged of the boot sector, the $MFT as
// a whole and $UpCase. It takes no time, where Problems reads the whole $MFT.
func (v *Volume) StructureProblems() iter.Seq[Problem] { return slices.Values(v.problems) }

// IndexProblems iterates over what is damaged in the indexes of the directories.
func (v *Volume) IndexProblems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for rec, err := range v.mft.Scan() {
			if err != nil || !rec.InUse() || !rec.IsDir() {
				continue
			}
			for _, p := range v.directory(rec).problems {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// Problems iterates over what is damaged: the structure of the volume, then the
// records of its $MFT, then the indexes of its directories.
func (v *Volume) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for _, problems := range [...]iter.Seq[Problem]{v.StructureProblems(), v.mft.Problems(), v.IndexProblems()} {
			for p := range problems {
				if !yield(p) {
					return
				}
			}
		}
	}
}

func (v *Volume) problem(kind damage.Kind, err *damage.Error) {
	v.problems = append(v.problems, Problem{Kind: kind, Err: locate(err, artifactVolume, "")})
}

// dirCache keeps directories that were read, as one after the other is asked for
// the next part of a path.
type dirCache struct {
	mu   sync.Mutex
	dirs map[Ref]*directory
	size int
}

// maxCached bounds the memory of all directories that are kept, in bytes.
const maxCached = 32 << 20

// get returns the directory at ref, which make reads if need be.
func (c *dirCache) get(ref Ref, make func() *directory) *directory {
	c.mu.Lock()
	d, ok := c.dirs[ref]
	c.mu.Unlock()
	if ok {
		return d
	}
	d = make()
	c.mu.Lock()
	defer c.mu.Unlock()
	size := d.size()
	if c.size += size; c.dirs == nil || c.size > maxCached {
		c.dirs, c.size = map[Ref]*directory{}, size
	}
	c.dirs[ref] = d
	return d
}
