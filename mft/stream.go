package mft

// Stream is the content of one $DATA attribute, whose parts may lie in several
// records.
type Stream struct {
	Name            string // "" for the content of the file
	Size            uint64 // in bytes
	AllocatedSize   uint64 // in bytes on the disk; of a resident stream, its size rounded up to 8
	InitializedSize uint64 // what follows it, up to Size, reads as zeros
	Resident        bool   // the content lies in the record
	Compressed      bool   // by LZNT1
	Encrypted       bool   // by EFS
	Sparse          bool
	CompressionUnit uint   // in clusters, 0 where not compressed
	Value           []byte // the content of a resident stream
	Runs            []Run  // where a stream that is not resident lies
	Offset          int64  // of the attribute, in bytes from the beginning of the $MFT
}
