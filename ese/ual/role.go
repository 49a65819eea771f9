package ual

import "github.com/birthmark-dfir/birthmark/winid"

// Role is a role of a server.
type Role struct {
	ID      winid.GUID
	Name    string // such as "File Server"; "" if it is not known
	Product string // as ROLE_IDS has it: a product or a GUID; may be empty
}

// roles are the roles of Windows Server. A database adds those of its own ROLE_IDS.
var roles = map[string]string{
	"C50FCC83-BC8D-4DF5-8A3D-89D7F80F074B": "Active Directory Certificate Services",
	"AD495FC3-0EAA-413D-BA7D-8B13FA7EC598": "Active Directory Domain Services",
	"B4CDD739-089C-417E-878D-855F90081BE7": "Active Directory Rights Management Service",
	"910CBAF9-B612-4782-A21F-F7C75105434A": "BranchCache",
	"48EED6B2-9CDC-4358-B5A5-8DEA3B2F3F6A": "DHCP Server",
	"7CC4B071-292C-4732-97A1-CF9A7301195D": "FAX Server",
	"10A9226F-50EE-49D8-A393-9A501D47CE04": "File Server",
	"C23F1C6A-30A8-41B6-BBF7-F266563DFCD6": "FTP Server",
	"BBD85B29-9DCC-4FD9-865D-3846DCBA75C7": "Network Policy and Access Services",
	"7FB09BD3-7FE6-435E-8348-7D8AEFB6CEA3": "Print and Document Services",
	"952285D9-EDB7-4B6B-9D85-0C09E3DA0BBD": "Remote Access",
	"D6256CF7-98FB-4EB4-AA18-303F1DA1F770": "Web Server",
	"4116A14D-3840-4F42-A67F-F2F9FF46EB4C": "Windows Deployment Services",
	"D8DC1C8E-EA13-49CE-9A68-C9DCA8DB8B33": "Windows Server Update Services",
}

// RoleName returns the name of a role of Windows Server, or "".
func RoleName(id winid.GUID) string { return roles[trimBraces(id.String())] }

func trimBraces(s string) string {
	if len(s) > 2 && s[0] == '{' {
		return s[1 : len(s)-1]
	}
	return s
}
