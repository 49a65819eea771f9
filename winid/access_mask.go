package winid

// AccessMask are the access rights of an object of any type: AccessMask of Security
// 4656, 4661, 4662 and 4663. Which right a bit of the low half is depends on the type
// of the object, see [AccessMask.Of]; String names those of all types ([MS-DTYP]
// 2.4.3).
//
// [MS-DTYP]: https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp
type AccessMask uint32

// Names returns the rights that all types of objects have, and the other bits in
// hexadecimal.
func (m AccessMask) Names() []string { return flagNames(uint32(m), standardRights) }

// String returns the number and the rights that all types of objects have, as in
// "0x20019 (read permissions, 0x19)".
func (m AccessMask) String() string { return flagged(uint32(m), m.Names()) }

// Of returns the number and the rights on an object of a type as the field ObjectType
// of the same event names it, such as File, Key, Process or SAM_USER. For a type that
// is not in the table it is what String returns.
func (m AccessMask) Of(objectType string) string {
	return rightsOf(objectType).text(uint32(m))
}

// FileAccess are the access rights of a file, a folder, a pipe or a share: AccessMask
// of Security 5140 and 5145. A bit that means one thing on a file and another on a
// folder has both names. The rights are those of [File Access Rights Constants].
//
// [File Access Rights Constants]: https://learn.microsoft.com/windows/win32/fileio/file-access-rights-constants
type FileAccess uint32

// Names returns the names of the rights, and the other bits in hexadecimal.
func (a FileAccess) Names() []string { return fileRights.names(uint32(a)) }

// String returns the number and the names of the rights, as in "0x100081 (read data
// or list folder, read attributes, synchronize)".
func (a FileAccess) String() string { return fileRights.text(uint32(a)) }

// ProcessAccess are the access rights of a process: GrantedAccess of Sysmon 10. The
// rights are those of [Process Security].
//
// [Process Security]: https://learn.microsoft.com/windows/win32/procthread/process-security-and-access-rights
type ProcessAccess uint32

// Names returns the names of the rights, and the other bits in hexadecimal.
func (a ProcessAccess) Names() []string { return processRights.names(uint32(a)) }

// String returns the number and the names of the rights, as in "0x1410 (read memory,
// query information, query limited information)".
func (a ProcessAccess) String() string { return processRights.text(uint32(a)) }
