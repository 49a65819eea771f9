package mfttest

import "github.com/birthmark-dfir/birthmark/mft"

// folderIndex returns the index of a folder, with the names that it had left in its slack:
// behind the entries of its blocks, in blocks that are not in use or, if the index is small,
// behind the attributes of the record.
func (w *writer) folderIndex(entries, slack []indexEntry, room int) index {
	x := w.index(mft.AttrFileName, collateFileName, entries, room)
	var left []byte
	for _, e := range slack {
		left = append(left, remains(e)...)
	}
	if len(x.blocks) == 0 && len(x.root)-0x10+len(left) <= room {
		x.left = left
		return x
	}
	next := 0
	for _, e := range slack {
		raw := remains(e)
		for next < len(x.blocks) && slackOf(x.blocks[next])+len(raw) > indexBlockSize {
			next++
		}
		if next == len(x.blocks) {
			x.blocks = append(x.blocks, w.encodeBlock(next, nil, -1))
		}
		b := x.blocks[next]
		copy(b[slackOf(b):], raw)
	}
	return x
}

// slackOf returns where the bytes of a block begin that nothing was written to yet.
func slackOf(b []byte) int {
	n := len(b)
	for n > 0 && b[n-1] == 0 {
		n--
	}
	return max(align(n, 8), blockNode+int(le.Uint32(b[blockNode+4:])))
}

// remains returns what is left of an entry that was removed. Its front is overwritten as
// Windows does it: by the entry without a key that ends a node.
func remains(e indexEntry) []byte {
	b := encodeEntry(e)
	switch e.left {
	case mft.EntryNoFile:
		clear(b[:0x10])
		b[0x08], b[0x0c] = 0x10, 2
	case mft.EntryNoFolder:
		clear(b[:0x18])
		b[0x08], b[0x0c] = 0x18, 3
	}
	return b
}

// formerNames returns the attributes of names that a file had.
func (w *writer) formerNames(n *node, allocated, size uint64) (b []byte) {
	t := times(n.Times, AllAt(w.Created))
	if n.FileNameTimes != nil {
		t = times(*n.FileNameTimes, AllAt(w.Created))
	}
	if n.FormerTimes != nil {
		t = times(*n.FormerTimes, AllAt(w.Created))
	}
	for i, nm := range n.former {
		a := attribute{typ: mft.AttrFileName, value: n.fileName(nm, t, allocated, size), indexed: true}
		b = a.encode(b, uint16(0x10+i))
	}
	return b
}
