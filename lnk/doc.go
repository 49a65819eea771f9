// Package lnk reads shell links, the files with the extension .lnk: what a shortcut
// opens, with which arguments, and on which machine and volume its target was.
//
// # Terminology
//
// A link names its target up to five times, and nothing makes these agree. The items are
// what the shell follows first; package shellitem reads them, with the entry of the $MFT
// that a file had. LinkInfo has the path on a local volume, whose serial number it also
// has, or on a share. The relative path is from the folder of the link. The environment
// block has a path with variables. [Link.Target] chooses, and [Link.Targets] returns all
// that are there.
//
// The times and the size of the header are those of the target when the link was made or
// last updated. The [Droid] identifies the target to the service that tracks links: its
// file part is what $OBJECT_ID of the target has, and was made from the time and the
// address of a network card of the machine that made it.
//
// # Specifications
//
//   - [MS-SHLLINK] Shell Link (.LNK) Binary File Format
//
// # Damage
//
// A damaged link opens as long as its header has the size and the class identifier of
// one; [Reader.Problems] says what could not be read.
//
// # Security
//
// Links are written by the attacker. No input makes this package panic or hang. It
// reads up to 1 MiB of a file, and its memory is bounded by that. Strings are returned
// as the link has them: whoever shows them must escape them.
package lnk
