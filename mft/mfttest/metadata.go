package mfttest

import (
	"bytes"
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

// metadata returns a file of NTFS itself.
func (w *writer) metadata(entry uint64, file string) *node {
	seq := uint16(entry)
	if entry == mft.EntryMFT {
		seq = 1
	}
	n := &node{
		File: File{Path: file, Attributes: uint32(mft.FileHidden | mft.FileSystem)},
		ref:  mft.Ref{Entry: entry, Seq: seq},
	}
	if file != "" {
		n.names = []name{{w.tree.root, file, mft.NamespaceWin32DOS}}
	}
	return n
}

// putMetadata writes the record of a file of NTFS itself.
func (w *writer) putMetadata(entry uint64, file string, flags mft.RecordFlags, attrs ...*attribute) error {
	n := w.metadata(entry, file)
	own, err := w.described(n)
	if err != nil {
		return err
	}
	var allocated, size uint64
	for _, a := range attrs {
		if a.typ == mft.AttrData && a.name == "" {
			allocated, size = a.sizes()
		}
	}
	own = append(own, w.nameAttributes(n, allocated, size)...)
	w.write(&record{ref: n.ref, flags: mft.RecordInUse | flags, links: uint16(len(n.names)), attrs: append(own, attrs...)})
	return nil
}

// metadataNames are the names in the root. Their index entries have no sizes.
var metadataNames = [...]string{
	mft.EntryMFT: "$MFT", mft.EntryMFTMirr: "$MFTMirr", mft.EntryLogFile: "$LogFile", mft.EntryVolume: "$Volume",
	mft.EntryAttrDef: "$AttrDef", mft.EntryRoot: ".", mft.EntryBitmap: "$Bitmap", mft.EntryBoot: "$Boot",
	mft.EntryBadClus: "$BadClus", mft.EntrySecure: "$Secure", mft.EntryUpCase: "$UpCase", mft.EntryExtend: "$Extend",
}

// logFileSize is little more than ntfs-3g requires.
const logFileSize = 256 << 10

// finish writes the directories and the metadata files and returns the image.
func (w *writer) finish() ([]byte, error) {
	for _, n := range w.tree.nodes {
		if n.Dir && !n.Overwritten {
			w.directory(n)
		}
	}
	log := w.Log
	if log == nil {
		log = bytes.Repeat([]byte{0xff}, logFileSize)
	}
	logFile := w.stored(mft.AttrData, "", log)
	attrDef := w.stored(mft.AttrData, "", attributeDefinitions())
	upCase := w.stored(mft.AttrData, "", upcase())
	if err := w.root(); err != nil {
		return nil, err
	}
	if err := w.objectIDFile(); err != nil {
		return nil, err
	}
	extend := w.metadata(mft.EntryExtend, "$Extend")
	extend.Dir, extend.index = true, w.tree.extend.index
	if err := w.describe(extend); err != nil {
		return nil, err
	}
	w.directory(extend)
	for i := uint64(12); i < 16; i++ {
		if err := w.putMetadata(i, "", 0, &attribute{typ: mft.AttrData}); err != nil {
			return nil, err
		}
	}
	volumeInformation := make([]byte, 12)
	volumeInformation[8], volumeInformation[9] = 3, 1
	ofVolume := []*attribute{
		{typ: mft.AttrVolumeName, value: wtf8.Encode(w.Label)},
		{typ: mft.AttrVolumeInformation, value: volumeInformation},
		{typ: mft.AttrData},
	}
	if !w.ObjectID.IsZero() {
		ofVolume = append(ofVolume, &attribute{typ: mft.AttrObjectID, value: w.ObjectID[:]})
	}
	for _, m := range []struct {
		entry uint64
		attrs []*attribute
	}{
		{mft.EntryLogFile, []*attribute{logFile}},
		{mft.EntryVolume, ofVolume},
		{mft.EntryAttrDef, []*attribute{attrDef}},
		{mft.EntryBoot, []*attribute{{
			typ: mft.AttrData, nonResident: true, size: bootSize, initialized: bootSize,
			runs: []mft.Run{{LCN: 0, Length: uint64(w.clusters(bootSize))}}, clusters: uint64(w.clusters(bootSize)),
			allocated: uint64(w.clusters(bootSize)) * uint64(w.ClusterSize),
		}}},
		{mft.EntryUpCase, []*attribute{upCase}},
	} {
		if err := w.putMetadata(m.entry, metadataNames[m.entry], 0, m.attrs...); err != nil {
			return nil, err
		}
	}
	if err := w.putMetadata(mft.EntrySecure, "$Secure", mft.RecordViewIndex, w.secure.attributes(w)...); err != nil {
		return nil, err
	}
	return w.image()
}

// root writes the root directory.
func (w *writer) root() error {
	root := w.tree.root
	for entry, file := range metadataNames {
		n := w.metadata(uint64(entry), file)
		n.Dir = entry == mft.EntryRoot || entry == mft.EntryExtend
		w.link(n, 0, 0)
	}
	root.names = []name{{root, ".", mft.NamespaceWin32DOS}}
	if err := w.describe(root); err != nil {
		return err
	}
	w.directory(root)
	return nil
}

// image writes the files that depend on the size of everything else: $MFT,
// $MFTMirr, $Bitmap and $BadClus.
func (w *writer) image() ([]byte, error) {
	entries := firstEntry
	for entry := range w.records {
		entries = max(entries, int(entry)+1)
	}
	mirrored := max(4, w.ClusterSize/w.RecordSize)
	entries = max(entries, mirrored)
	entries = align(entries*w.RecordSize, w.ClusterSize) / w.RecordSize

	table := make([]byte, entries*w.RecordSize)
	mirror := make([]byte, mirrored*w.RecordSize)
	inUse := make([]byte, align((entries+7)/8, 8))
	store := w.stored
	if w.FragmentMFT {
		store = w.scattered
	}
	tableData := store(mft.AttrData, "", table)
	mirrorData := w.stored(mft.AttrData, "", mirror)
	inUseData := w.stored(mft.AttrBitmap, "", inUse)

	// The $ATTRIBUTE_LIST of the $MFT may need clusters too, before their number is known.
	for entry, attrs := range [][]*attribute{mft.EntryMFT: {tableData, inUseData}, mft.EntryMFTMirr: {mirrorData}} {
		if err := w.putMetadata(uint64(entry), metadataNames[entry], 0, attrs...); err != nil {
			return nil, err
		}
	}
	clusters, size, err := w.volumeSize()
	if err != nil {
		return nil, err
	}
	bitmap := make([]byte, align(int(clusters+7)/8, 8))
	bitmapData := w.stored(mft.AttrData, "", bitmap)
	for _, m := range []struct {
		entry uint64
		attrs []*attribute
	}{
		{mft.EntryBitmap, []*attribute{bitmapData}},
		{mft.EntryBadClus, []*attribute{{typ: mft.AttrData}, {
			typ: mft.AttrData, name: "$Bad", nonResident: true,
			runs: []mft.Run{{LCN: mft.LCNSparse, Length: uint64(clusters)}}, clusters: uint64(clusters),
			size: uint64(clusters) * uint64(w.ClusterSize), allocated: uint64(clusters) * uint64(w.ClusterSize),
		}}},
	} {
		if err := w.putMetadata(m.entry, metadataNames[m.entry], 0, m.attrs...); err != nil {
			return nil, err
		}
	}
	for entry := range mirrored {
		if w.records[uint64(entry)] == nil { // ntfs-3g expects records in all entries that are mirrored
			w.put(mft.Ref{Entry: uint64(entry), Seq: 1}, mft.Ref{}, 0, 0, nil, nil)
		}
	}
	for entry, b := range w.records {
		copy(table[int(entry)*w.RecordSize:], b)
	}
	copy(mirror, table)
	for entry := range w.inUse {
		inUse[entry/8] |= 1 << (entry % 8)
	}
	w.markClusters(bitmap, clusters)

	image := make([]byte, size)
	for lcn, data := range w.pieces {
		copy(image[lcn*int64(w.ClusterSize):], data)
	}
	boot := w.bootSector(size, tableData.runs[0].LCN, mirrorData.runs[0].LCN)
	copy(image, boot)
	copy(image[size-int64(w.SectorSize):], boot)
	return image, nil
}

// volumeSize returns the number of clusters of the volume, and its size in bytes
// including the sector after the clusters that holds the copy of the boot sector.
func (w *writer) volumeSize() (clusters, size int64, err error) {
	cluster, sector := int64(w.ClusterSize), int64(w.SectorSize)
	clusters = w.next
	for clusters < w.next+w.clusters(align(int(clusters+7)/8, 8)) {
		clusters++ // for the bitmap, which grows with them
	}
	size = clusters*cluster + sector
	if w.Size != 0 {
		if w.Size < size || w.Size%sector != 0 {
			return 0, 0, fmt.Errorf("size %d: want a multiple of %d and at least %d", w.Size, sector, size)
		}
		size = w.Size
		clusters = (size - sector) / cluster
		if need := w.next + w.clusters(align(int(clusters+7)/8, 8)); clusters < need {
			return 0, 0, fmt.Errorf("size %d: want at least %d", w.Size, need*cluster+sector)
		}
	}
	return clusters, size, nil
}

// markClusters sets the bits of the clusters in use, and the bits beyond the last
// cluster.
func (w *writer) markClusters(bitmap []byte, clusters int64) {
	for i := range w.next {
		bitmap[i/8] |= 1 << (i % 8)
	}
	for _, run := range w.free {
		for i := range int64(run.Length) {
			bitmap[(run.LCN+i)/8] &^= 1 << ((run.LCN + i) % 8)
		}
	}
	for i := clusters; i < int64(len(bitmap))*8; i++ {
		bitmap[i/8] |= 1 << (i % 8)
	}
}

// bootSector returns the boot sector without code.
func (w *writer) bootSector(size, table, mirror int64) []byte {
	b := make([]byte, 512)
	copy(b, "\xeb\x52\x90NTFS    ")
	le.PutUint16(b[0x0b:], uint16(w.SectorSize))
	b[0x0d] = sectorsPerCluster(w.ClusterSize / w.SectorSize)
	b[0x15] = 0xf8              // fixed disk
	le.PutUint16(b[0x18:], 63)  // sectors per track
	le.PutUint16(b[0x1a:], 255) // heads
	le.PutUint32(b[0x24:], 0x800080)
	le.PutUint64(b[0x28:], uint64(size/int64(w.SectorSize)-1))
	le.PutUint64(b[0x30:], uint64(table))
	le.PutUint64(b[0x38:], uint64(mirror))
	b[0x40] = perBlock(w.RecordSize, w.ClusterSize)
	b[0x44] = perBlock(indexBlockSize, w.ClusterSize)
	le.PutUint64(b[0x48:], w.Serial)
	le.PutUint16(b[0x1fe:], 0xaa55)
	return b
}

// sectorsPerCluster encodes a count: above 128 as the negative of its logarithm.
func sectorsPerCluster(n int) byte {
	if n <= 128 {
		return byte(n)
	}
	return byte(-log2(n))
}

// perBlock encodes a block size: in clusters or, if a cluster is larger, as the
// negative of its logarithm.
func perBlock(block, cluster int) byte {
	if block >= cluster {
		return byte(block / cluster)
	}
	return byte(-log2(block))
}

func log2(n int) int {
	l := 0
	for ; n > 1; n >>= 1 {
		l++
	}
	return l
}
