// Package mfttest writes NTFS volumes, and disks with partitions, for tests.
//
// A [Volume] is a Go value that says which files there are, with all their times,
// owners, streams, links and short names, also which were deleted. Its bytes are
// what ntfs-3g, The Sleuth Kit and package mft take for an NTFS 3.1 volume. They
// depend on the value alone, so tests can compare them. [Disk] and [GPTDisk] put
// volumes into partitions.
//
// Everything is kept as small and as plain as the format allows: files are stored
// in one run, the $LogFile is empty, volumes end where their last file does.
package mfttest
