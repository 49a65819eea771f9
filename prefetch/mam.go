package prefetch

import (
	"fmt"
	"hash/crc32"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/xpress"
)

// The container of a compressed file: offsets from the beginning of the file, and sizes,
// in bytes.
//
//	0  3  "MAM"
//	3  1  low 4 bits: the algorithm, 4 is XPRESS with Huffman codes; high bit: a checksum follows
//	4  4  size of the content once decompressed
//	8  4  CRC-32 of the file with this field as 0; only if there is a checksum
const (
	mamMagic    = "MAM"
	mamHeader   = 8
	mamAlgo     = 0x0f
	mamChecksum = 0x80
	algoHuffman = 4
)

// decompress returns the content of the container that the file is.
func (d *decoder) decompress() ([]byte, error) {
	raw := d.raw
	if len(raw) < mamHeader {
		return nil, damage.Truncated("header of the compressed file", 0, mamHeader, int64(len(raw)))
	}
	if algo := raw[3] & mamAlgo; algo != algoHuffman {
		return nil, damage.New("compression algorithm", 3, algo, algoHuffman)
	}
	packed := raw[mamHeader:]
	if raw[3]&mamChecksum != 0 {
		if len(packed) < 4 {
			return nil, damage.Truncated("checksum of the compressed file", mamHeader, 4, int64(len(packed)))
		}
		want := le.Uint32(packed)
		packed = packed[4:]
		got := crc32.Update(0, crc32.IEEETable, raw[:mamHeader])
		got = crc32.Update(got, crc32.IEEETable, make([]byte, 4))
		if got = crc32.Update(got, crc32.IEEETable, packed); got != want {
			d.note(damage.Checksum, damage.New("checksum of the compressed file", mamHeader, fmt.Sprintf("%#x", got), fmt.Sprintf("%#x", want)), "")
		}
	}
	size := le.Uint32(raw[4:])
	if limit := min(maxPlain, xpress.MaxSize(int64(len(packed)))); int64(size) > limit {
		return nil, damage.New("size once decompressed", 4, size, fmt.Sprintf("≤ %d", limit))
	}
	plain := make([]byte, size)
	if err := xpress.Decompress(plain, packed); err != nil {
		return nil, damage.In(err, "", "compressed content")
	}
	return plain, nil
}
