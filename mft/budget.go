package mft

import (
	"fmt"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

// budget bounds what is read for the attribute lists, or for the indexes, of all
// files of a volume together. Each has clusters of its own, so that their sum is
// no larger than the volume; where runs of many files lead to the same clusters,
// reading them all would take many times as long as the volume is large.
type budget struct {
	what  string
	limit int64 // in bytes

	mu    sync.Mutex
	spent int64
	known map[uint64]int64 // by entry: what is spent on it
}

// spend grants n bytes for the file at entry. What was granted once is granted
// again.
func (b *budget) spend(entry uint64, n, offset int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	more := n - b.known[entry]
	if more <= 0 {
		return nil
	}
	if more > b.limit-b.spent {
		return damage.New(b.what+" of all files together", offset, fmt.Sprintf("more than %d bytes", b.limit), "no more than the volume has")
	}
	if b.known == nil {
		b.known = map[uint64]int64{}
	}
	b.spent += more
	b.known[entry] = n
	return nil
}
