// Package mfttest writes NTFS volumes, and disks with partitions, for tests.
//
// A [Volume] is a Go value that describes its files, with all their times,
// owners, streams, links and short names, including deleted files. ntfs-3g, The
// Sleuth Kit and package mft accept its bytes as an NTFS 3.1 volume. The bytes
// depend on nothing but the value, so tests can compare them. [Disk] and
// [GPTDisk] put volumes into partitions.
//
// Everything is as small and as plain as the format allows: files are stored in
// one run, the $LogFile is empty unless Volume.Log is set, and a volume ends with its last file.
package mfttest
