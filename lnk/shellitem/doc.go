// Package shellitem reads lists of shell items, with which the shell of Windows names what
// a user can open: in shell links and jump lists, and in the values of the registry that
// list what was opened last (OpenSavePidlMRU, RecentDocs, BagMRU).
//
// # Terminology
//
// A list of items is a path: each [Item] is one level, from the desktop down. [Path] joins
// the levels as Windows would show them. An item of a file has its name twice: the short
// one, and in an extension block the long one with the times of the file and its entry of
// the $MFT, as they were when the item was made. These times are those of FAT: of two
// seconds, and of UTC on NTFS.
//
// # Specifications
//
//   - [MS-SHLLINK] Shell Link (.LNK) Binary File Format, 2.2: how items follow each other
//   - libyal, Windows Shell Item format: what is in them
//   - [MS-PROPSTORE] Property Store Binary File Format
//
// Microsoft does not document what is in an item. One that this package does not know is
// returned with its bytes.
//
// # Security
//
// Items are written by the attacker. No input makes this package panic or hang, and its
// memory is bounded by the input. Texts are returned as the item has them: whoever shows
// them must escape them.
package shellitem
