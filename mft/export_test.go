package mft

// The functions that the fuzz targets in package mft_test, which may use
// mfttest, call by themselves.
var (
	ParseRuns          = parseRuns
	DecompressLZNT1    = decompressLZNT1
	ParseAttributeList = parseAttributeList
	ReparseTarget      = reparseTarget
	DescriptorOwner    = descriptorOwner
)

// NodeEntries returns the keys in an index node.
func NodeEntries(b []byte) (keys [][]byte, err error) {
	if len(b) < indexNodeLen {
		return nil, nil
	}
	_, err = nodeEntries(b, 0, func(e indexEntry) {
		e.data()
		keys = append(keys, e.key)
	})
	return keys, err
}

// DecodeRecord decodes a single record.
func DecodeRecord(b []byte) (*Record, error) {
	rec, err := decodeRecord(b, place{volume: -1})
	if err == nil {
		rec.interpret()
	}
	return rec, err
}

// OperationRows returns the operations in the order of their table.
func OperationRows() (list []Operation) {
	for _, o := range operations {
		list = append(list, o.name)
	}
	return list
}
