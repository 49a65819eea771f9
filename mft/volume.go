package mft

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Volume is an NTFS volume. As an [io/fs.FS] it shows the files that exist; deleted
// files are among the records of [Volume.MFT]. Its methods may be called
// concurrently.
type Volume struct {
	clusters
	name       string    // what errors call the volume
	mftName    string    // what errors call its $MFT
	file       io.Closer // nil if Close has nothing to close
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

// VolumeInfo is what a volume records about itself.
type VolumeInfo struct {
	Label        string
	Serial       uint64
	SectorSize   int   // in bytes
	ClusterSize  int   // in bytes
	RecordSize   int   // in bytes
	IndexSize    int   // of an index block, in bytes
	Size         int64 // in bytes, according to the boot sector
	MajorVersion uint8 // of NTFS: 3.1 since Windows XP; 0 if unknown
	MinorVersion uint8
	Dirty        bool // not unmounted cleanly, or chkdsk is requested
}

// OpenVolume opens the image of an NTFS volume. The caller should Close the Volume.
// For an image of a whole disk, use package evidence.
func OpenVolume(name string, opts ...Option) (*Volume, error) {
	f, err := fsfile.OpenOS(name)
	if err != nil {
		return nil, err
	}
	return openVolume(f, name, opts)
}

// OpenVolumeFS opens a file of fsys that holds the image of an NTFS volume. The
// caller should Close the Volume.
func OpenVolumeFS(fsys fs.FS, name string, opts ...Option) (*Volume, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return nil, err
	}
	return openVolume(f, name, opts)
}

func openVolume(f *fsfile.File, name string, opts []Option) (*Volume, error) {
	v, err := NewVolume(f, f.Size, append([]Option{WithName(name)}, opts...)...)
	if err != nil {
		f.Close()
		return nil, err
	}
	v.file = f
	return v, nil
}

// NewVolume returns the NTFS volume in the first size bytes of r. It fails only if
// neither the boot sector nor its copy leads to a $MFT. If neither is an NTFS boot
// sector, the *FormatError has the cause ErrNotNTFS. All other damage is reported
// by [Volume.Problems].
func NewVolume(r io.ReaderAt, size int64, opts ...Option) (*Volume, error) {
	cfg := newConfig(opts)
	v := &Volume{
		clusters: clusters{r: r, size: size},
		name:     cmp.Or(cfg.name, nameVolume),
		mftName:  nameMFT,
		lists:    budget{what: "$ATTRIBUTE_LIST", limit: size},
		indexes:  budget{what: "$INDEX_ALLOCATION", limit: size},
	}
	if cfg.name != "" {
		v.mftName = cfg.name + "/" + nameMFT
	}
	if err := v.readBoot(); err != nil {
		return nil, err
	}
	v.unit = v.boot.clusterSize
	if err := v.openMFT(); err != nil {
		return nil, err
	}
	v.mft.secure = &secure{name: v.name, sds: cfg.sds, size: cfg.sdsSize, volume: v}
	v.info = VolumeInfo{
		Serial:      v.boot.serial,
		SectorSize:  int(v.boot.sectorSize),
		ClusterSize: int(v.boot.clusterSize),
		RecordSize:  int(v.boot.recordSize),
		IndexSize:   int(v.boot.indexSize),
		Size:        int64(min(v.boot.sectors, maxClusters)) * v.boot.sectorSize,
	}
	if v.info.Size > size {
		v.note(damage.Truncation, damage.Truncated("volume", 0, v.info.Size, size), "")
	}
	v.readVolumeInformation()
	v.upcase = v.readUpCase()
	return v, nil
}

// readBoot reads the boot sector or, if that is damaged, its copy.
func (v *Volume) readBoot() error {
	if v.size < bootLen {
		first := damage.Truncated("boot sector", 0, bootLen, v.size)
		first.Err = ErrNotNTFS
		return v.in(first, "")
	}
	b, err := bin.ReadAt(v.r, v.size, 0, bootLen, "boot sector")
	if err == nil {
		v.boot, err = parseBoot(b, 0)
	}
	if err == nil || !damage.Is(err) {
		return err
	}
	first := v.in(err, "")
	for _, sector := range []int64{512, 4096} {
		b, err := bin.ReadAt(v.r, v.size, v.size-sector, bootLen, "backup boot sector")
		if err != nil {
			continue
		}
		if v.boot, err = parseBoot(b, v.size-sector); err == nil {
			v.note(damage.Malformed, first, "")
			return nil
		}
	}
	return first
}

// openMFT finds the $MFT by its own record or, if that is damaged, by the copy in
// $MFTMirr.
func (v *Volume) openMFT() error {
	var first error
	for _, cluster := range []uint64{v.boot.mft, v.boot.mirr} {
		err := v.openMFTAt(cluster)
		if err == nil {
			if first != nil {
				v.note(damage.Malformed, first, nameMFT)
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
	return v.in(first, nameMFT)
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
	rec, err := decodeRecord(b, place{artifact: v.mftName, entry: EntryMFT, volume: at})
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
	list, err := v.mft.attributeList(rec)
	if err != nil {
		if !damage.Is(err) {
			return err
		}
		v.note(damage.Malformed, err, nameMFT+" "+AttrAttributeList.String())
	}
	if data, err = v.mapRest(rec, data, list); err != nil {
		return err
	}
	if have := v.mftExtents.mapped(); have < int64(min(data.Size, maxClusters)) {
		v.note(damage.Truncation, damage.Truncated("runs of the $MFT", at, int64(data.Size), have), nameMFT)
	}
	return nil
}

// mapRest maps the parts of the $MFT that its $ATTRIBUTE_LIST names, and returns the stream
// with them. The record of a part may be in a part that the list names later, so the
// records that cannot be read are tried again as long as that maps more.
func (v *Volume) mapRest(rec *Record, data Stream, list []listEntry) (Stream, error) {
	list = slices.DeleteFunc(slices.Clone(list), func(e listEntry) bool { return e.typ != AttrData || e.named || e.startVCN == 0 })
	waiting := extensionRefs(list, rec.Entry)
	for more := true; more && len(waiting) > 0; {
		more = false
		var failed []error
		var again []Ref
		for _, ref := range waiting {
			ext, err := v.mft.single(ref.Entry)
			switch {
			case err == nil && !ext.header().extends(ref.Seq, rec):
				continue
			case err == nil:
			case damage.Is(err) || isNotExist(err):
				failed, again = append(failed, err), append(again, ref)
				continue
			default:
				return data, err
			}
			more = true
			rec.absorb(ext)
			if joined, ok := rec.stream(AttrData, ""); ok {
				data = joined
			}
			if err := v.mapMFT(&data); err != nil {
				return data, err
			}
		}
		if waiting = again; !more {
			for _, err := range failed {
				v.note(damage.Malformed, err, nameMFT)
			}
		}
	}
	return data, nil
}

// mapMFT makes the Reader of the $MFT. Its runs and the volume bound its length,
// whatever size it claims.
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
	v.mft = &Reader{name: v.mftName, src: x, size: size, recordSize: int(v.boot.recordSize), volume: v}
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
		v.note(damage.Malformed, err, "$Volume")
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
				v.note(damage.Unclean, damage.New("dirty flag", a.Offset, 1, 0), "")
			}
		}
	}
}

// Close closes the file that OpenVolume or OpenVolumeFS opened.
func (v *Volume) Close() error {
	if v == nil || v.file == nil {
		return nil
	}
	f := v.file
	v.file = nil
	return f.Close()
}

// MFT returns the $MFT of the volume.
func (v *Volume) MFT() *Reader {
	if v.mft == nil {
		return &Reader{} // of a zero Volume
	}
	return v.mft
}

// Info returns what the volume records about itself.
func (v *Volume) Info() VolumeInfo { return v.info }

// reader returns what the clusters of a stream hold.
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

// sliceReader reads bytes in memory.
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

// StructureProblems iterates over the damage to the boot sector, the $MFT as a
// whole and $UpCase. It takes no time, whereas Problems reads the whole $MFT.
func (v *Volume) StructureProblems() iter.Seq[Problem] { return slices.Values(v.problems) }

// IndexProblems iterates over the damage to the indexes of the directories.
func (v *Volume) IndexProblems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for rec, err := range v.MFT().Scan() {
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

// Problems iterates over all damage: to the structure of the volume, then to the
// records of its $MFT, then to the indexes of its directories.
func (v *Volume) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for _, problems := range [...]iter.Seq[Problem]{v.StructureProblems(), v.MFT().Problems(), v.IndexProblems()} {
			for p := range problems {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// in adds the place to an error: the volume and a path in it.
func (v *Volume) in(err error, path string) error { return damage.In(err, v.name, path) }

// note adds a problem of the volume's structure, with its place.
func (v *Volume) note(kind damage.Kind, err error, path string) {
	v.problems = append(v.problems, damage.Note(kind, err, v.name, path))
}
