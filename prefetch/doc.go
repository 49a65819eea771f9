// Package prefetch reads prefetch files, the .pf files of Windows/Prefetch: that a program
// ran, when it ran last, how many times, from which volumes, and which files it opened in
// its first ten seconds.
//
// Windows servers do not write prefetch files unless they were told to.
//
// # Terminology
//
// The name of the file and its header have the name of the program, which is cut after 29
// characters, and a hash of its path. The path itself is among the files that it opened:
// [File.Path] finds it, and says whether the hash confirms it. Programs that host others
// (svchost.exe, rundll32.exe, dllhost.exe and such) are hashed with their command line,
// which the file does not have, so each command line has a prefetch file of its own.
//
// Windows writes the file about ten seconds after the start. The times are those at which
// the program was started: one before Windows 8, and up to eight from then on.
//
// # Versions
//
//	17  Windows XP and Server 2003
//	23  Windows Vista, 7, Server 2008 and 2008 R2
//	26  Windows 8, 8.1, Server 2012 and 2012 R2
//	30  Windows 10, Server 2016 to 2022
//	31  Windows 11, Server 2025
//
// Since Windows 10 the files are compressed, with XPRESS in a container with the signature
// MAM.
//
// # Specifications
//
//   - libyal, Windows Prefetch File (PF) format
//   - [MS-XCA] Xpress Compression Algorithm
//
// # Damage
//
// A file with a damaged part opens without that part, and [Reader.Problems] says what is
// wrong. The format has no checksum for what the files and volumes are called.
//
// # Security
//
// Prefetch files can be written by the attacker. No input makes this package panic or
// hang. It reads up to 16 MiB of a file, and its memory is in proportion to what the file
// can decompress to. Texts are returned as the file has them: whoever shows them must
// escape them.
package prefetch
