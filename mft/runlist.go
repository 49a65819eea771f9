package mft

// The clusters that are no place on the volume.
const (
	LCNSparse  int64 = -1 // a hole: nothing is allocated, it reads as zeros
	LCNMissing int64 = -2 // the attribute that says where it lies is lost
)

// Run is an extent of a stream.
type Run struct {
	LCN    int64  // first cluster on the volume, or LCNSparse or LCNMissing
	Length uint64 // in clusters
}
