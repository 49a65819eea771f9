package hostile

import "bytes"

// The layout of a hive, as far as the damage needs it: a base block of 4 KiB,
// then bins; cells lie in bins, and offsets count from the first bin.
const hiveBins = 4096

var (
	baseBlockFields = []field{
		{4, 4, "primary sequence number"}, {8, 4, "secondary sequence number"}, {20, 4, "major version"},
		{24, 4, "minor version"}, {28, 4, "type"}, {36, 4, "root cell"}, {40, 4, "length of the bins"}, {44, 4, "clustering factor"},
	}
	binFields = []field{{4, 4, "bin offset"}, {8, 4, "bin size"}}
	nkFields  = []field{
		{6, 2, "key flags"}, {20, 4, "parent"}, {24, 4, "subkeys"}, {28, 4, "volatile subkeys"}, {32, 4, "subkey list"},
		{36, 4, "volatile list"}, {40, 4, "values"}, {44, 4, "value list"}, {48, 4, "security"}, {52, 4, "class"},
		{76, 2, "name length"}, {78, 2, "class length"},
	}
	vkFields = []field{{6, 2, "name length"}, {8, 4, "data size"}, {12, 4, "data"}, {16, 4, "data type"}, {20, 2, "value flags"}}
	skFields = []field{{8, 4, "next security"}, {12, 4, "previous security"}, {16, 4, "references"}, {20, 4, "descriptor size"}}
	dbFields = []field{{6, 2, "segments"}, {8, 4, "segment list"}}
)

func damageHive(m *mutator) bool {
	if len(m.Data) < hiveBins+32 || !bytes.HasPrefix(m.Data, []byte("regf")) {
		return false
	}
	defer sealBaseBlock(m.Data)
	switch m.rand.IntN(24) {
	case 0:
		return m.oneOf(0, baseBlockFields)
	case 1:
		bins := allIndexes(m.Data, []byte("hbin"), 4096)
		return len(bins) > 0 && m.oneOf(bins[m.rand.IntN(len(bins))], binFields)
	}
	cell, ok := m.pickCell()
	if !ok {
		return false
	}
	if m.rand.IntN(8) == 0 {
		return m.number(cell, 4, "cell size")
	}
	switch string(m.Data[cell+4 : cell+6]) {
	case "nk":
		return m.oneOf(cell, nkFields)
	case "vk":
		return m.oneOf(cell, vkFields)
	case "sk":
		return m.oneOf(cell, skFields)
	case "db":
		return m.oneOf(cell, dbFields)
	}
	return m.damageList(cell)
}

// damageList changes the count of a list, or points one element at the list
// itself, at its owner's neighbourhood, or anywhere.
func (m *mutator) damageList(cell int) bool {
	if m.rand.IntN(3) == 0 {
		return m.number(cell+6, 2, "elements of a list")
	}
	count := int(le.Uint16(m.Data[cell+6:]))
	step := 4
	if kind := string(m.Data[cell+4 : cell+6]); kind == "lf" || kind == "lh" {
		step = 8
	}
	at := cell + 8 + step*m.rand.IntN(max(1, count))
	if at+4 > len(m.Data) {
		return false
	}
	target := cell - hiveBins // itself
	if m.rand.IntN(2) == 0 {
		if other, ok := m.pickCell(); ok {
			target = other - hiveBins
		}
	}
	le.PutUint32(m.Data[at:], uint32(target))
	m.note(at, at+4, "a list element points at %#x", target)
	return true
}

// pickCell returns a cell that holds a structure with a signature.
func (m *mutator) pickCell() (int, bool) {
	for range 64 {
		at := hiveBins + 32 + m.rand.IntN(max(1, len(m.Data)-hiveBins-64))&^7
		// Cells lie on multiples of 8; walk on to the next that looks like one.
		for ; at+24 <= len(m.Data); at += 8 {
			switch string(m.Data[at+4 : at+6]) {
			case "nk", "vk", "sk", "lf", "lh", "li", "ri", "db":
				return at, true
			}
		}
	}
	return 0, false
}

func allIndexes(data, signature []byte, align int) []int {
	var found []int
	for at := 0; at+len(signature) <= len(data); at += align {
		if bytes.HasPrefix(data[at:], signature) {
			found = append(found, at)
		}
	}
	return found
}

// sealBaseBlock sets the checksum right: the exclusive or of its first 508
// bytes as numbers of 4 bytes, where 0 and −1 stand for 1 and −2.
func sealBaseBlock(hive []byte) {
	sum := uint32(0)
	for at := 0; at < 508; at += 4 {
		sum ^= le.Uint32(hive[at:])
	}
	switch sum {
	case 0:
		sum = 1
	case 1<<32 - 1:
		sum = 1<<32 - 2
	}
	le.PutUint32(hive[508:], sum)
}
