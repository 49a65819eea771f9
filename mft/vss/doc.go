// Package vss reads the shadow copies of a volume: the snapshots that the Volume Shadow
// Copy Service of Windows Vista and later keeps on an NTFS volume itself.
//
// A [Reader] is opened on the volume as it is now. It reads the catalog, which is cheap,
// and lists the snapshots, the oldest first. Every [Snapshot] is an [io.ReaderAt] of the
// whole volume as it was at Snapshot.Created, so mft.NewVolume makes a file system of it.
// The blocks that a snapshot keeps are looked up when it is first read.
//
// # What a snapshot holds
//
// The service copies a block of 16 KiB into the store of the newest snapshot before the
// block is changed for the first time. A block that a store does not have is as the next
// newer store has it, and if none of them has it, as it is on the volume now. So a
// snapshot needs the stores of all newer ones, and an older one is lost in part if a newer
// store is damaged.
//
// Blocks that no file used when the snapshot was made are not kept. The newest snapshot
// reads them as zeros; in older ones they have any later content. So the content of a
// deleted file in a snapshot proves nothing, unlike that of a file that exists there.
//
// # Deleted snapshots
//
// When snapshots are deleted, as by "vssadmin delete shadows", Windows empties their entries
// of the catalog and deletes the files of the stores. The blocks of the stores stay on the
// volume until something overwrites them. [Carve] looks at every block of the volume and puts
// the stores together again. A carved snapshot is never among those that are listed, and
// [Snapshot.Shows] says what of it the stores show: what changed after the deletion, no store
// keeps.
//
// # Damage
//
// Damage is a [FormatError]. What the stores do not allow to decide is an error when it is
// read, never zeros and never the content of today: if a part of a list of blocks is lost,
// this concerns all blocks that the rest of the list does not name. A damaged bitmap of
// unused blocks is only a problem, for it does not concern the blocks of files. The format
// has no checksums. Values that it records twice are compared, and a difference is a
// problem.
//
// # Terminology
//
// A shadow copy, or snapshot, is the state of a volume at a time. Its store, or diff area,
// is a file of System Volume Information with the blocks that have changed since. A
// descriptor says where a store keeps a block; an overlay keeps only some of the sectors of
// a block; a forwarder says that the content of a block was that of another block.
//
// # Specification
//
// J. Metz, "Volume Shadow Snapshot (VSS) format", part of libvshadow.
//
// # Security
//
// A volume is written by the attacker. Chains of blocks are cut at loops, and memory is in
// proportion to the lists of blocks that the volume has.
package vss

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
)

// FormatError is damage in the shadow copies of a volume. Its fields are those of
// [damage.Error]:
//
//	Artifact string // the volume, by its name, else "vss"
//	Path     string // the snapshot: "shadow copy 2"
//	Offset   int64  // in bytes from the beginning of the volume; -1 if unknown
//	What     string // the damaged structure or field
//	Want     string // what the format requires there; may be empty
//	Got      string // what was found instead; may be empty
//	Err      error  // the cause; may be nil
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read. Its fields are
// those of [damage.Problem]:
//
//	Kind damage.Kind  // such as damage.Malformed
//	Err  *FormatError // what is wrong, and where; never nil
type Problem = damage.Problem

var (
	// ErrNone is the cause of the error for a volume that has no shadow copies and never
	// had any.
	ErrNone = errors.New("no shadow copies")
	// ErrElsewhere is the cause of the error for a snapshot that is in the catalog and
	// whose store is not on this volume.
	ErrElsewhere = errors.New("the store is not on this volume")
)
