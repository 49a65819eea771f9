// Package recyclebin reads what Windows keeps of files that were deleted into the recycle
// bin: where they were, how large they were, and when they were deleted.
//
// Since Windows Vista, a file that is deleted by way of the shell becomes $Rxxxxxx with its
// own extension in $Recycle.Bin/SID, the folder of the account that deleted it, and the file
// $Ixxxxxx beside it has the rest. The content of $R is that of the file. If only $I is
// there, the file was restored, or the bin was emptied in part.
//
// # Specifications
//
//   - libyal, Windows Recycle.Bin file formats ($I, versions 1 and 2)
//
// # Damage
//
// A file whose path is cut off opens with the rest, and [Reader.Problems] says so.
//
// # Security
//
// The files can be written by the account, also by the attacker. No input makes this
// package panic or hang. Texts are returned as the file has them: whoever shows them must
// escape them.
package recyclebin
