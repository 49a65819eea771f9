package winid

import (
	"iter"
	"sync"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// fixed are the SIDs that are the same on every machine, with the accounts and
// groups that they name ([MS-DTYP] 2.4.2.4), in English.
var fixed = [...]struct{ sid, account string }{
	{"S-1-0-0", "NULL SID"},
	{"S-1-1-0", "Everyone"},
	{"S-1-2-0", "LOCAL"},
	{"S-1-2-1", "CONSOLE LOGON"},
	{"S-1-3-0", "CREATOR OWNER"},
	{"S-1-3-1", "CREATOR GROUP"},
	{"S-1-3-2", "CREATOR OWNER SERVER"},
	{"S-1-3-3", "CREATOR GROUP SERVER"},
	{"S-1-3-4", "OWNER RIGHTS"},
	{"S-1-5-1", `NT AUTHORITY\DIALUP`},
	{"S-1-5-2", `NT AUTHORITY\NETWORK`},
	{"S-1-5-3", `NT AUTHORITY\BATCH`},
	{"S-1-5-4", `NT AUTHORITY\INTERACTIVE`},
	{"S-1-5-6", `NT AUTHORITY\SERVICE`},
	{"S-1-5-7", `NT AUTHORITY\ANONYMOUS LOGON`},
	{"S-1-5-8", `NT AUTHORITY\PROXY`},
	{"S-1-5-9", `NT AUTHORITY\ENTERPRISE DOMAIN CONTROLLERS`},
	{"S-1-5-10", `NT AUTHORITY\SELF`},
	{"S-1-5-11", `NT AUTHORITY\Authenticated Users`},
	{"S-1-5-12", `NT AUTHORITY\RESTRICTED`},
	{"S-1-5-13", `NT AUTHORITY\TERMINAL SERVER USER`},
	{"S-1-5-14", `NT AUTHORITY\REMOTE INTERACTIVE LOGON`},
	{"S-1-5-15", `NT AUTHORITY\This Organization`},
	{"S-1-5-17", `NT AUTHORITY\IUSR`},
	{"S-1-5-18", `NT AUTHORITY\SYSTEM`},
	{"S-1-5-19", `NT AUTHORITY\LOCAL SERVICE`},
	{"S-1-5-20", `NT AUTHORITY\NETWORK SERVICE`},
	{"S-1-5-32-544", `BUILTIN\Administrators`},
	{"S-1-5-32-545", `BUILTIN\Users`},
	{"S-1-5-32-546", `BUILTIN\Guests`},
	{"S-1-5-32-547", `BUILTIN\Power Users`},
	{"S-1-5-32-548", `BUILTIN\Account Operators`},
	{"S-1-5-32-549", `BUILTIN\Server Operators`},
	{"S-1-5-32-550", `BUILTIN\Print Operators`},
	{"S-1-5-32-551", `BUILTIN\Backup Operators`},
	{"S-1-5-32-552", `BUILTIN\Replicator`},
	{"S-1-5-32-554", `BUILTIN\Pre-Windows 2000 Compatible Access`},
	{"S-1-5-32-555", `BUILTIN\Remote Desktop Users`},
	{"S-1-5-32-556", `BUILTIN\Network Configuration Operators`},
	{"S-1-5-32-557", `BUILTIN\Incoming Forest Trust Builders`},
	{"S-1-5-32-558", `BUILTIN\Performance Monitor Users`},
	{"S-1-5-32-559", `BUILTIN\Performance Log Users`},
	{"S-1-5-32-560", `BUILTIN\Windows Authorization Access Group`},
	{"S-1-5-32-561", `BUILTIN\Terminal Server License Servers`},
	{"S-1-5-32-562", `BUILTIN\Distributed COM Users`},
	{"S-1-5-32-568", `BUILTIN\IIS_IUSRS`},
	{"S-1-5-32-569", `BUILTIN\Cryptographic Operators`},
	{"S-1-5-32-573", `BUILTIN\Event Log Readers`},
	{"S-1-5-32-574", `BUILTIN\Certificate Service DCOM Access`},
	{"S-1-5-32-575", `BUILTIN\RDS Remote Access Servers`},
	{"S-1-5-32-576", `BUILTIN\RDS Endpoint Servers`},
	{"S-1-5-32-577", `BUILTIN\RDS Management Servers`},
	{"S-1-5-32-578", `BUILTIN\Hyper-V Administrators`},
	{"S-1-5-32-579", `BUILTIN\Access Control Assistance Operators`},
	{"S-1-5-32-580", `BUILTIN\Remote Management Users`},
	{"S-1-5-33", `NT AUTHORITY\WRITE RESTRICTED`},
	{"S-1-5-64-10", `NT AUTHORITY\NTLM Authentication`},
	{"S-1-5-64-14", `NT AUTHORITY\SChannel Authentication`},
	{"S-1-5-64-21", `NT AUTHORITY\Digest Authentication`},
	{"S-1-5-80-0", `NT SERVICE\ALL SERVICES`},
	{"S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464", `NT SERVICE\TrustedInstaller`},
	{"S-1-5-83-0", `NT VIRTUAL MACHINE\Virtual Machines`},
	{"S-1-5-90-0", `Window Manager\Window Manager Group`},
	{"S-1-5-113", `NT AUTHORITY\Local account`},
	{"S-1-5-114", `NT AUTHORITY\Local account and member of Administrators group`},
	{"S-1-5-1000", `NT AUTHORITY\Other Organization`},
	{"S-1-15-2-1", `APPLICATION PACKAGE AUTHORITY\ALL APPLICATION PACKAGES`},
	{"S-1-15-2-2", `APPLICATION PACKAGE AUTHORITY\ALL RESTRICTED APPLICATION PACKAGES`},
	{"S-1-16-0", `Mandatory Label\Untrusted Mandatory Level`},
	{"S-1-16-4096", `Mandatory Label\Low Mandatory Level`},
	{"S-1-16-8192", `Mandatory Label\Medium Mandatory Level`},
	{"S-1-16-8448", `Mandatory Label\Medium Plus Mandatory Level`},
	{"S-1-16-12288", `Mandatory Label\High Mandatory Level`},
	{"S-1-16-16384", `Mandatory Label\System Mandatory Level`},
	{"S-1-16-20480", `Mandatory Label\Protected Process Mandatory Level`},
	{"S-1-18-1", "Authentication authority asserted identity"},
	{"S-1-18-2", "Service asserted identity"},
}

// relative are the accounts and groups that every machine or domain has, by their
// relative identifiers.
var relative = map[uint32]string{
	498: "Enterprise Read-only Domain Controllers",
	500: "Administrator",
	501: "Guest",
	502: "krbtgt",
	503: "DefaultAccount",
	504: "WDAGUtilityAccount",
	512: "Domain Admins",
	513: "Domain Users",
	514: "Domain Guests",
	515: "Domain Computers",
	516: "Domain Controllers",
	517: "Cert Publishers",
	518: "Schema Admins",
	519: "Enterprise Admins",
	520: "Group Policy Creator Owners",
	521: "Read-only Domain Controllers",
	522: "Cloneable Domain Controllers",
	525: "Protected Users",
	526: "Key Admins",
	527: "Enterprise Key Admins",
	553: "RAS and IAS Servers",
	571: "Allowed RODC Password Replication Group",
	572: "Denied RODC Password Replication Group",
}

// byFixedSID and byFixedName find the rows of fixed.
var byFixedSID, byFixedName = sync.OnceValue(func() map[SID]string {
	all := map[SID]string{}
	for sid, account := range WellKnownSIDs() {
		all[sid] = account
	}
	return all
}), sync.OnceValue(func() map[string]SID {
	all := map[string]SID{}
	for sid, account := range WellKnownSIDs() {
		all[winpath.FoldName(account)] = sid
	}
	return all
})

// WellKnownSIDs returns the SIDs that are the same on every machine, with their
// names as [SID.WellKnown] gives them.
func WellKnownSIDs() iter.Seq2[SID, string] {
	return func(yield func(SID, string) bool) {
		for _, row := range fixed {
			if s, err := ParseSID(row.sid); err == nil && !yield(s, row.account) {
				return
			}
		}
	}
}

// WellKnownSID returns the SID of an account that is the same on every machine,
// such as NT AUTHORITY\SYSTEM in any case; the zero SID for any other.
func WellKnownSID(account string) SID { return byFixedName()[winpath.FoldName(account)] }

// WellKnown returns the English name of an account or a group that Windows itself
// makes: NT AUTHORITY\SYSTEM, BUILTIN\Administrators, Everyone. Those that every
// machine or domain has of its own are without the domain, which the SID names
// by numbers only: Administrator for S-1-5-21-…-500, Domain Admins for
// S-1-5-21-…-512. It is "" for any other SID.
//
// Windows shows these names in its own language, and administrators rename
// accounts: the SID stays.
func (s SID) WellKnown() string {
	const notUnique, n = 21, 5 // S-1-5-21, three numbers of the domain, and the RID
	if s.authority == 5 && s.n == n && s.sub[0] == notUnique {
		return relative[s.RID()]
	}
	return byFixedSID()[s]
}
