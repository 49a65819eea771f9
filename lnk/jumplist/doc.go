// Package jumplist reads jump lists, in which the shell keeps for each program and user
// which files were opened with it last, often or by pinning: *.automaticDestinations-ms,
// which the shell writes, and *.customDestinations-ms, which the program writes by the
// shell's functions.
//
// # Terminology
//
// The name of the file is the AppID, a CRC of what identifies the program: its path, with
// known folders by their identifiers, or the AppUserModelID that it has set. [AppIDs]
// computes those that a path has, and [Application] names well-known ones.
//
// A list of the shell is an OLE compound file. Its stream DestList has an [Entry] for each
// file, with the time at which it was last opened, how often, whether it is pinned, and by
// which name the machine was known that it was on. The stream that the number of the entry
// names, in hexadecimal, is a shell link to the file. A stream that no entry names is what
// is left of a removed one; it is an entry that is not Listed.
//
// # Specifications
//
//   - libyal, Jump lists format: DestList versions 1 to 6, and custom destinations
//   - [MS-CFB] Compound File Binary File Format
//   - [MS-SHLLINK] Shell Link (.LNK) Binary File Format
//
// # Damage
//
// A damaged list opens with the entries that can be read, and [Reader.Problems] says what
// is missing. A link in it that cannot be read costs the entry its Link.
//
// # Security
//
// Jump lists can be written by the account, also by the attacker. No input makes this
// package panic or hang, and its memory is bounded by the size of the file. Texts are
// returned as the file has them: whoever shows them must escape them.
package jumplist
