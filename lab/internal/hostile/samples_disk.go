package hostile

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

func sampleFiles() []mfttest.File {
	files := []mfttest.File{
		{Path: "Users/a/Downloads/setup.exe", Data: bytes.Repeat([]byte("MZ"), 5000), Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\n")}}},
		{Path: "sparse", Data: append(make([]byte, 40000), "end"...), Sparse: true},
		{Path: "compressed", Data: bytes.Repeat([]byte("compress me, "), 20000), Compressed: true},
		{Path: "long name of a file", ShortName: "LONGNA~1", Data: []byte("small"), Links: []string{"Users/a/link"}},
		{Path: "deleted", Data: []byte("gone"), Deleted: true},
		{Path: "owned", Owner: "S-1-5-21-1-2-3-1001", OwnSecurity: true, NonResident: true, Data: []byte("x")},
	}
	for i := range 120 { // a directory with index blocks
		files = append(files, mfttest.File{Path: fmt.Sprintf("many/file with a number %03d", i), Data: []byte{byte(i)}})
	}
	// More names than a record holds: extension records and an $ATTRIBUTE_LIST,
	// in the record and in clusters.
	for _, n := range []int{8, 40} {
		many := mfttest.File{Path: fmt.Sprintf("linked %d times", n), Data: []byte("often")}
		for i := range n {
			many.Links = append(many.Links, fmt.Sprintf("many/%s %d %02d", strings.Repeat("link", 10), n, i))
		}
		files = append(files, many)
	}
	return files
}

func sampleVolumes() (map[string][]byte, error) {
	small, err := mfttest.Volume{Label: "small", Files: sampleFiles()}.Bytes()
	if err != nil {
		return nil, err
	}
	// A volume with clusters and records of other sizes.
	large, err := mfttest.Volume{SectorSize: 4096, ClusterSize: 4096, Label: "4K", Files: sampleFiles()[:6]}.Bytes()
	return map[string][]byte{"small.ntfs": small, "4k.ntfs": large}, err
}

func sampleMFTs() (map[string][]byte, error) {
	volumes, err := sampleVolumes()
	if err != nil {
		return nil, err
	}
	list := map[string][]byte{}
	for name, data := range volumes {
		v, err := mft.NewVolume(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return nil, err
		}
		if list[strings.TrimSuffix(name, "ntfs")+"mft"], err = v.ReadFile("$MFT"); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func sampleImages() (map[string][]byte, error) {
	disk, err := origintest.SQLServer().Image()
	if err != nil {
		return nil, err
	}
	volume, err := mfttest.Volume{Files: sampleFiles()[:6]}.Bytes()
	if err != nil {
		return nil, err
	}
	gpt, err := mfttest.GPTDisk(mfttest.Partition{Data: volume, Label: "Windows"})
	if err != nil {
		return nil, err
	}
	mbr, err := mfttest.Disk(mfttest.Partition{Data: volume}, mfttest.Partition{Type: 0x0f, Data: extended(volume)})
	if err != nil {
		return nil, err
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(mbr)
	if err := w.Close(); err != nil {
		return nil, err
	}
	return map[string][]byte{"sqlserver.raw": disk, "gpt.raw": gpt, "extended.raw": mbr, "extended.raw.gz": packed.Bytes(), "bare.ntfs": volume}, nil
}

// extended returns an extended partition with two logical partitions. It is a chain
// of two boot records, each with its own partition and a reference to the next record.
func extended(volume []byte) []byte {
	const gap = 2048 // sectors between a boot record and its partition
	sectors := uint32(len(volume) / sector)
	part := make([]byte, 2*(gap*sector+len(volume)))
	for i := range 2 {
		at := i * (gap*sector + len(volume))
		ebr := part[at:]
		ebr[446+4] = 7
		le.PutUint32(ebr[446+8:], gap)
		le.PutUint32(ebr[446+12:], sectors)
		if i == 0 {
			ebr[462+4] = 5
			le.PutUint32(ebr[462+8:], gap+sectors)
			le.PutUint32(ebr[462+12:], gap+sectors)
		}
		le.PutUint16(ebr[510:], 0xaa55)
		copy(ebr[gap*sector:], volume)
	}
	return part
}

// sampleSnapshots returns a volume with three shadow copies, which have whole blocks,
// overlays and a forwarder.
func sampleSnapshots(catalog vsstest.Catalog) (map[string][]byte, error) {
	const block = vsstest.BlockSize
	state := make([]byte, 12*block)
	for i := range state {
		state[i] = byte(i>>9) ^ byte(i*7)
	}
	v := vsstest.Volume{Current: state, Catalog: catalog}
	for i := range 3 {
		old := slices.Clone(state)
		for _, at := range []int{0x1000, 2*block + i*512, 3 * block, (4 + i) * block} {
			copy(old[at:], "before "+strings.Repeat("x", 700+i))
		}
		s := vsstest.Snapshot{State: old, Created: sampleTime.Add(time.Duration(i) * time.Hour), Machine: "WEB01", Sectors: i == 1, Unused: []int64{9, 10}}
		if i == 2 {
			s.Before = []int64{9}
			s.Extra = []vsstest.Descriptor{{Original: 7 * block, Relative: 8 * block, Flags: vsstest.Forwarder}}
		}
		v.Snapshots = append(v.Snapshots, s)
	}
	b, err := v.Bytes()
	return map[string][]byte{"snapshots.raw": b}, err
}
