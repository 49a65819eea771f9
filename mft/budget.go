package mft

import (
	"fmt"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

// budget bounds what is read for the attribute lists, or for the indexes, of all
// files of a volume together. Normally no two of them share clusters, so that
// their sum is at most the size of the volume. If the runs of many files lead to
// the same clusters, reading them all would take many times as long as reading
// the volume.
type budget struct {
	what  string
	limit int64 // in bytes

	mu    sync.Mutex
	spent int64
	known map[uint64]int64 // bytes granted so far, by entry
}

// spend grants n bytes to the file at entry. Bytes that were granted once are
// granted again at no cost.
func (b *budget) spend(entry uint64, n, offset int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	more := n - b.known[entry]
	if more <= 0 {
		return nil
	}
	if more > b.limit-b.spent {
		return damage.New(b.what+" of all files together", offset, fmt.Sprintf("more than %d bytes", b.limit), "at most the size of the volume")
	}
	if b.known == nil {
		b.known = map[uint64]int64{}
	}
	b.spent += more
	b.known[entry] = n
	return nil
}
