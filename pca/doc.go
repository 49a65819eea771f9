// Package pca reads the text files of the Program Compatibility Assistant, in which Windows
// 11 keeps which programs were started, since version 22H2: PcaAppLaunchDic.txt,
// PcaGeneralDb0.txt and PcaGeneralDb1.txt in Windows/appcompat/pca.
//
// PcaAppLaunchDic.txt has a line for each program that was started by way of the shell, with
// the time of its last start. PcaGeneralDb has a line for each problem that a program had,
// such as an exit with an error code.
//
// # Damage
//
// A line that is not an entry is damage, and the next one is read.
//
// # Security
//
// The files are text, which any editor of an administrator changes. No input makes this
// package panic or hang; up to 16 MiB of a file are read. Texts are returned as the file has
// them: whoever shows them must escape them.
package pca
