package timeline

import "github.com/birthmark-dfir/birthmark/mft/usnjrnl"

// Journal is a change journal.
type Journal struct {
	Artifact string // slash-separated path in the volume
	*usnjrnl.Reader

	// Paths gives the records their paths, as far as the journal and the $MFT of the same
	// volume have the folders.
	Paths *usnjrnl.Paths
}
