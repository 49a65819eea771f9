// Package lnk reads shell links, the files with the extension .lnk: what a shortcut
// opens, with which arguments, and on which machine and volume its target was.
//
// # Terminology
//
// A link names its target up to four times, and nothing makes these agree. The list of
// item identifiers is what the shell follows first; this package skips it. LinkInfo has
// the path on a local volume or on a share. The relative path is from the folder of the
// link. The environment block has a path with variables. [Link.Target] chooses, and
// [Link.Targets] returns all that are there.
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
