// Package cim reads the repository of Windows Management Instrumentation (WMI), the CIM
// repository of Windows Vista and later: OBJECTS.DATA, INDEX.BTR and MAPPING1.MAP to
// MAPPING3.MAP in Windows\System32\wbem\Repository.
//
// [Reader.Instances] yields the instances of a class in all namespaces, and
// [Reader.Consumers] the permanent consumers of events, which make Windows run a command
// or a script whenever their filter matches.
//
// # Terminology
//
// A repository has classes, which may have a super class, and instances of classes. Both
// are in namespaces, such as root\subscription. A consumer says what to do, a filter for
// which events, and a binding ties the two together: a consumer without a binding does
// nothing.
//
// The index is a tree of keys, which are paths of hashes of names: the namespace, the
// class, and the instance. A key ends with the page, the number and the size of a record
// in OBJECTS.DATA. Pages have 8192 bytes. Both files name their pages by logical numbers,
// which a mapping file maps to places. Windows writes the mapping files in turn: the one
// with the highest sequence number is current, and what it does not map is old.
//
// # Specifications
//
//   - J. Metz, "WMI repository file formats", dtformats
//   - W. Ballenthin, M. Graeber, C. Teodorescu, "Windows Management Instrumentation (WMI)
//     Offense, Defense, and Forensics"
//
// # Damage
//
// A key or a record that cannot be read is reported, and the rest is read.
// [Reader.Problems] has the damage of the index. The repository of Windows XP and Server
// 2003 is not read: [ErrVersion].
//
// # Security
//
// Repositories are written by the attacker. No input makes this package panic or hang. It
// follows each page of the index once, and keeps of a record at most 1 MiB. Strings are
// returned as the repository has them: whoever shows them must escape them.
package cim
