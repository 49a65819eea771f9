package mft

import (
	"encoding/binary"
	"os"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// bootSector returns a boot sector with sectors of 512 bytes, clusters of 4096 and
// records of 1024.
func bootSector(change func([]byte)) []byte {
	b := make([]byte, bootLen)
	copy(b[bootOEMOff:], bootOEM)
	le := binary.LittleEndian
	le.PutUint16(b[0x0b:], 512)
	b[0x0d] = 8
	le.PutUint64(b[0x28:], 1<<20)
	le.PutUint64(b[0x30:], 4)
	le.PutUint64(b[0x38:], 2)
	b[0x40], b[0x44] = 0xf6, 1
	change(b)
	return b
}

func TestBootGeometry(t *testing.T) {
	for _, tt := range []struct {
		name                           string
		sector                         uint16
		perCluster                     byte
		record, index                  int8
		cluster, recordSize, indexSize int64
	}{
		{"the usual", 512, 8, -10, 1, 4096, 1024, 4096},
		{"a cluster of one sector", 512, 1, -10, 8, 512, 1024, 4096},
		{"records in clusters", 512, 1, 2, 8, 512, 1024, 4096},
		{"sectors of 4096 bytes", 4096, 1, 1, 1, 4096, 4096, 4096},
		{"sectors of 4096 bytes, records of 1024", 4096, 1, -10, -12, 4096, 1024, 4096},
		{"the largest cluster that a byte can count", 512, 0x80, -10, -12, 64 << 10, 1024, 4096},
		{"128 KiB, as a power", 512, 0xf8, -10, -12, 128 << 10, 1024, 4096},
		{"2 MiB, as a power", 512, 0xf4, -10, -12, 2 << 20, 1024, 4096},
		{"2 MiB of large sectors", 4096, 0xf7, -12, -12, 2 << 20, 4096, 4096},
		{"64 KiB, as a power", 512, 0xf9, -10, -12, 64 << 10, 1024, 4096},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseBoot(bootSector(func(b []byte) {
				binary.LittleEndian.PutUint16(b[0x0b:], tt.sector)
				b[0x0d], b[0x40], b[0x44] = tt.perCluster, byte(tt.record), byte(tt.index)
			}), 0)
			if err != nil {
				t.Fatal(err)
			}
			if got.sectorSize != int64(tt.sector) || got.clusterSize != tt.cluster || got.recordSize != tt.recordSize || got.indexSize != tt.indexSize {
				t.Errorf("got %+v, want clusters of %d, records of %d, index blocks of %d", got, tt.cluster, tt.recordSize, tt.indexSize)
			}
		})
	}
}

func TestBootDamaged(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func([]byte)
		want   string
	}{
		{"signature", func(b []byte) { b[3] = 'X' }, `boot sector signature at 0x3: got "XTFS    ", want "NTFS    "`},
		{"sectors of 0 bytes", func(b []byte) { b[0x0b], b[0x0c] = 0, 0 }, "bytes per sector at 0xb: got 0,"},
		{"sectors of 513 bytes", func(b []byte) { b[0x0b] = 1 }, "bytes per sector at 0xb: got 513,"},
		{"clusters of 0 sectors", func(b []byte) { b[0x0d] = 0 }, "sectors per cluster at 0xd: got 0x00,"},
		{"clusters of 3 sectors", func(b []byte) { b[0x0d] = 3 }, "sectors per cluster at 0xd: got 0x03,"},
		{"clusters of 4 MiB", func(b []byte) { b[0x0d] = 0xf3 }, "sectors per cluster at 0xd: got 0xf3,"},
		{"clusters of 2¹²⁷ sectors", func(b []byte) { b[0x0d] = 0x81 }, "sectors per cluster at 0xd: got 0x81,"},
		{"records of 2³¹ bytes", func(b []byte) { b[0x40] = 0xe1 }, "clusters per record at 0x40: got -31,"},
		{"records of 2¹²⁸ bytes", func(b []byte) { b[0x40] = 0x80 }, "clusters per record at 0x40: got -128,"},
		{"records of 0 clusters", func(b []byte) { b[0x40] = 0 }, "clusters per record at 0x40: got 0,"},
		{"index blocks of 8 bytes", func(b []byte) { b[0x44] = 0xfd }, "clusters per index block at 0x44: got -3,"},
		{"$MFT beyond every volume", func(b []byte) { b[0x37] = 0x7f }, "first clusters of $MFT and $MFTMirr at 0x30:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseBoot(bootSector(tt.change), 0)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// The boot sectors that Windows wrote are decoded.
func TestCorpusBootSectors(t *testing.T) {
	for file, want := range map[string]boot{
		"mft/dfir_ntfs_4k.boot":  {sectorSize: 512, clusterSize: 4096, recordSize: 1024, indexSize: 4096, sectors: 0x76ec7ff, mft: 0xc0000, mirr: 2, serial: 0x7efeeedbfeee8b2b},
		"mft/dfir_ntfs_64k.boot": {sectorSize: 512, clusterSize: 65536, recordSize: 1024, indexSize: 4096, sectors: 0x3ffe7ff, mft: 0xc000, mirr: 1, serial: 0xa8a66d90a66d6034},
	} {
		b, err := os.ReadFile(testenv.Corpus(t, file))
		if err != nil {
			t.Fatal(err)
		}
		got, err := parseBoot(b, 0)
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", file, got, err, want)
		}
	}
}
