package mft

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The boot sector of a volume, in bytes from its beginning. There is a copy in
// the last sector of the partition.
//
//	0x03  8  "NTFS" and four spaces
//	0x0b  2  bytes per sector
//	0x0d  1  sectors per cluster n; above 0x80 it means 2²⁵⁶⁻ⁿ
//	0x28  8  sectors of the volume, without the last one of the partition
//	0x30  8  first cluster of the $MFT
//	0x38  8  first cluster of the $MFTMirr
//	0x40  1  clusters per record; negative n means 2⁻ⁿ bytes
//	0x44  1  clusters per index block; negative n means 2⁻ⁿ bytes
//	0x48  8  serial number
//	0x1fe 2  0x55 0xaa
const (
	bootLen        = 512
	bootOEM        = "NTFS    "
	bootOEMOff     = 0x03
	maxClusterSize = 2 << 20
)

// boot holds the fields of a boot sector.
type boot struct {
	sectorSize  int64
	clusterSize int64
	recordSize  int64
	indexSize   int64
	sectors     uint64
	mft, mirr   uint64 // clusters
	serial      uint64
}

// parseBoot decodes the boot sector b at offset base of the volume.
func parseBoot(b []byte, base int64) (boot, error) {
	le := binary.LittleEndian
	if oem := string(b[bootOEMOff : bootOEMOff+len(bootOEM)]); oem != bootOEM {
		return boot{}, &damage.Error{What: "boot sector signature", Offset: base + bootOEMOff,
			Got: fmt.Sprintf("%q", oem), Want: fmt.Sprintf("%q", bootOEM), Err: ErrNotNTFS}
	}
	v := boot{
		sectorSize: int64(le.Uint16(b[0x0b:])),
		sectors:    le.Uint64(b[0x28:]),
		mft:        le.Uint64(b[0x30:]),
		mirr:       le.Uint64(b[0x38:]),
		serial:     le.Uint64(b[0x48:]),
	}
	if v.sectorSize < 256 || v.sectorSize > 32<<10 || v.sectorSize&(v.sectorSize-1) != 0 {
		return boot{}, damage.New("bytes per sector", base+0x0b, v.sectorSize, "a power of two from 256 to 32768")
	}
	perCluster := int64(b[0x0d])
	if perCluster > 0x80 {
		perCluster = 1 << min(256-perCluster, 32)
	}
	v.clusterSize = perCluster * v.sectorSize
	if perCluster == 0 || perCluster&(perCluster-1) != 0 || v.clusterSize > maxClusterSize {
		return boot{}, damage.New("sectors per cluster", base+0x0d, fmt.Sprintf("%#02x", b[0x0d]), "a power of two and clusters of at most 2 MiB")
	}
	v.recordSize = blockSize(int8(b[0x40]), v.clusterSize)
	if !isRecordSize(int(v.recordSize)) {
		return boot{}, damage.New("clusters per record", base+0x40, int8(b[0x40]),
			fmt.Sprintf("records of %d to %d bytes", minRecordSize, maxRecordSize))
	}
	v.indexSize = blockSize(int8(b[0x44]), v.clusterSize)
	if v.indexSize < fixupStride || v.indexSize > maxClusterSize || v.indexSize&(v.indexSize-1) != 0 {
		return boot{}, damage.New("clusters per index block", base+0x44, int8(b[0x44]), "index blocks of 512 bytes to 2 MiB")
	}
	if v.mft > maxClusters || v.mirr > maxClusters {
		return boot{}, damage.New("first clusters of $MFT and $MFTMirr", base+0x30,
			fmt.Sprintf("%#x and %#x", v.mft, v.mirr), "clusters of the volume")
	}
	return v, nil
}

// blockSize returns the size in bytes that a count of clusters, or its negative
// form, means, or 0 if that is out of range.
func blockSize(n int8, clusterSize int64) int64 {
	switch {
	case n > 0:
		return int64(n) * clusterSize
	case n < 0 && n >= -31:
		return 1 << -n
	}
	return 0
}
