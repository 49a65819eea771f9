// Package mplog reads the protection log of Windows Defender, MPLog-*.log in
// ProgramData/Microsoft/Windows Defender/Support.
//
// The log is text for support, in UTF-16 or UTF-8, and its lines have changed over the
// years. The package reads those lines that record something about a file or a process,
// see [Kind], and counts the others. Defender keeps the log for months, also on servers
// that audit nothing, and logs files that it did not detect.
//
// Damage is a [FormatError]. The content of the log is untrusted: lines are limited to
// 64 KiB, and memory does not depend on the size of the log.
package mplog
