package registry

import (
	"io"
	"math"
)

// maxHive is the largest file a hive can be: cell offsets have 31 bits, because
// the highest bit marks volatile keys, which are never in a file.
const maxHive = min(baseBlockSize+1<<31, math.MaxInt/2)

// readHive reads what exists of a hive that should have size bytes. If the file
// is shorter, the hive is truncated, which is checked later.
func readHive(r io.ReaderAt, size int64) ([]byte, error) {
	const step = 64 << 20 // memory grows with what was read, not with size
	size = max(0, min(size, maxHive))
	var data []byte
	for int64(len(data)) < size {
		have := len(data)
		grown := allocate(min(size, int64(max(step, 2*have))))
		copy(grown, data)
		n, err := r.ReadAt(grown[have:], int64(have))
		data = grown[:have+n]
		if n == len(grown)-have {
			continue
		}
		if err != io.EOF && err != io.ErrUnexpectedEOF && err != nil {
			return nil, err
		}
		break
	}
	return data, nil
}
