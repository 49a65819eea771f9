// Package srum reads the database of the System Resource Usage Monitor,
// Windows/System32/sru/SRUDB.dat: which program of which account used the processor, the
// disk and the network, in which hour. Windows keeps 30 to 60 days of it; it is on by
// default since Windows 8, and on servers since Server 2019 in part.
//
// # Terminology
//
// Each provider writes a table, which is named by a GUID: a [Kind]. Its rows name programs
// and accounts by numbers that the table SruDbIdMapTable resolves: an [Identity]. A program
// is a path with the device of its volume, the name of a service, the full name of a package,
// or a text such as "!!svchost.exe!2037/07/18:06:45:20!15eca![netsvcs] [BITS]", which has
// the name of the image, the link time and checksum of its PE header, and the services in it.
//
// # Times
//
// A row is about the time before [Record.Time], in UTC: Windows writes it each hour and at
// shutdown, with times of whole minutes. When in that hour the program ran is not recorded,
// nor how often. What a program used in the last hour before a crash may be missing.
//
// # Damage and security
//
// See package ese, whose errors and problems these are. The names of programs are texts that
// an attacker may have written: whoever shows them must escape them.
package srum
