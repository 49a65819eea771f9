// Package archive presents the members of a zip or tar file as an fs.FS whose files can
// be read at any offset.
//
// The tree is built from the entries. Their names were chosen by others, maybe by an
// attacker, so a name never leads out of the archive: "\" separates as "/" does, a name
// with ".." is left out, and the root of an absolute name is dropped. Folders that
// differ in case only are one folder, as on Windows. Files of the same name are kept
// apart under different names, with a problem. Each member that is left out is a problem
// too.
//
// A member is checked as a whole when it is read first: its checksum, its size and, if
// it is encrypted, its authentication code. If that fails every read of it fails. So
// what is read is what the archiver packed.
//
// # Specifications
//
//   - zip: PKWARE's APPNOTE.TXT 6.3.10
//   - encryption in zip: WinZip, "AES Encryption Information" 1.04
//   - tar: POSIX.1-2017, pax; the GNU tar manual for long names and sparse files
//
// # Security
//
// Memory is in proportion to the archive: entries are counted against the bytes of the
// directory before memory is made, a member that claims to be larger than its method can
// make it is an error, members that share bytes are an error, and all members share one
// store of unpacked pages. [Limits] bounds the rest.
package archive
