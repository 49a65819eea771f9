package winid

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What a person reads: the number as the log has it, and what it means. An unknown
// number is alone.
func TestValuesInWords(t *testing.T) {
	for _, tt := range []struct {
		value fmt.Stringer
		want  string
	}{
		{NTStatus(0), "0x0 (success)"},
		{NTStatus(0xc000006a), "0xc000006a (wrong password)"},
		{NTStatus(0xc0000064), "0xc0000064 (account does not exist)"},
		{NTStatus(0xc0000234), "0xc0000234 (account locked out)"},
		{NTStatus(0xc000015b), "0xc000015b (logon right missing for this logon type)"},
		{NTStatus(0xcfffffff), "0xcfffffff"},

		{Win32Error(0), "0 (success)"},
		{Win32Error(5), "5 (access denied)"},
		{Win32Error(1053), "1053 (service did not respond in time)"},
		{Win32Error(9003), "9003 (DNS name does not exist)"},
		{Win32Error(4711), "4711"},
		{Win32Error(0x80070005), "0x80070005 (access denied)"},
		{Win32Error(0x8007ffff), "0x8007ffff"},
		{Win32Error(0x80190194), "0x80190194 (HTTP status 404)"},
		{Win32Error(0x80041032), "0x80041032 (WMI call cancelled)"},
		{Win32Error(0x00041301), "0x41301 (task is running)"},
		{Win32Error(0x80508023), "0x80508023 (threat not found, perhaps gone)"},
		{Win32Error(0xc000013a), "0xc000013a (ended by Ctrl+C)"},
		{Win32Error(0xd0000022), "0xd0000022 (access denied)"},
		{Win32Error(0x8fffffff), "0x8fffffff"},

		{KerberosError(0), "0x0 (success)"},
		{KerberosError(0x18), "0x18 (wrong password)"},
		{KerberosError(0x6), "0x6 (account does not exist)"},
		{KerberosError(0x1e), "0x1e"},

		{EncryptionType(0x12), "0x12 (AES256-CTS-HMAC-SHA1-96)"},
		{EncryptionType(0x17), "0x17 (RC4-HMAC)"},
		{EncryptionType(0xffffffff), "0xffffffff (none, the request failed)"},
		{EncryptionType(0xffffff7b), "0xffffff7b (RC4-HMAC-OLD)"},
		{EncryptionType(0), "0x0"},

		{TicketOptions(0), "0x0"},
		{TicketOptions(0x40810010), "0x40810010 (forwardable, renewable, canonicalize, renewable-ok)"},
		{TicketOptions(0x80000001), "0x80000001 (validate, 0x80000000)"},

		{PreAuthType("2"), "2 (encrypted time, from a password)"},
		{PreAuthType("0"), "0 (none)"},
		{PreAuthType("16"), "16 (certificate)"},
		{PreAuthType("-"), "-"},
		{PreAuthType(""), ""},
		{PreAuthType("777"), "777"},

		{FileAccess(0), "0x0"},
		{FileAccess(0x100081), "0x100081 (read data or list folder, read attributes, synchronize)"},
		{FileAccess(0x1f01ff), "0x1f01ff (full control)"},
		{FileAccess(0x80000000), "0x80000000 (generic read)"},
		{FileAccess(0x04000200), "0x4000200"},

		{ProcessAccess(0x1410), "0x1410 (read memory, query information, query limited information)"},
		{ProcessAccess(0x1fffff), "0x1fffff (full control)"},
		{ProcessAccess(0x1f0fff), "0x1f0fff (full control)"},

		{AccessMask(0x20019), "0x20019 (read permissions, 0x19)"},
		{AccessMask(0), "0x0"},

		{AccountControl("0x15"), "0x15 (disabled, password not required, user account)"},
		{AccountControl("0x10210"), "0x10210 (user account, password does not expire, pre-authentication not required)"},
		{AccountControl("0x80000000"), "0x80000000"},
		{AccountControl("0x0"), "0x0"},
		{AccountControl("-"), "-"},
		{AccountControl(""), ""},

		{ServiceStart(2), "2 (auto start)"},
		{ServiceStart(4), "4 (disabled)"},
		{ServiceStart(5), "5"},
		{ServiceType(0x10), "0x10 (own process)"},
		{ServiceType(0x110), "0x110 (own process, interactive)"},
		{ServiceType(0xe0), "0xe0 (shared process, user service, instance of a user service)"},
		{ServiceType(0), "0x0"},

		{IPProtocol(6), "6 (TCP)"},
		{IPProtocol(256), "256 (any)"},
		{IPProtocol(255), "255"},
		{FirewallProtocol(17), "17 (UDP)"},
		{FirewallDirection(1), "1 (inbound)"},
		{FirewallDirection(0), "0"},
		{FirewallAction(3), "3 (allow)"},
		{FirewallAction(4), "4"},
		{FirewallOrigin(2), "2 (group policy)"},
		{FirewallOrigin(6), "6"},
		{FirewallProfiles(0), "0"},
		{FirewallProfiles(3), "3 (domain, private)"},
		{FirewallProfiles(0x7fffffff), "2147483647 (domain, private, public)"},
		{FirewallProfiles(0x80000001), "2147483649 (none)"},

		{DisconnectReason(5), "5 (replaced by another connection)"},
		{DisconnectReason(13), "13"},

		{SigningLevel(4), "4 (Authenticode)"},
		{SigningLevel(16), "16"},
		{TimeChangeReason(1), "1 (set by a program or the system)"},
		{TimeChangeReason(4), "4"},

		{ExceptionCode("c0000005"), "c0000005 (access violation)"},
		{ExceptionCode("0xc0000409"), "0xc0000409 (stack buffer overrun or fast fail)"},
		{ExceptionCode("e0434352"), "e0434352 (.NET exception)"},
		{ExceptionCode("5"), "5"},
		{ExceptionCode("not a code"), "not a code"},
		{ExceptionCode(""), ""},
	} {
		if got := tt.value.String(); got != tt.want {
			t.Errorf("%T: got %s, want %s", tt.value, got, tt.want)
		}
	}
}

// Names are those of the specifications.
func TestNamesOfNumbers(t *testing.T) {
	for got, want := range map[string]string{
		NTStatus(0xc000006a).Name():   "STATUS_WRONG_PASSWORD",
		Win32Error(2).Name():          "ERROR_FILE_NOT_FOUND",
		Win32Error(0x80070003).Name(): "ERROR_PATH_NOT_FOUND",
		Win32Error(0x800706ba).Name(): "RPC_S_SERVER_UNAVAILABLE",
		Win32Error(0xc0000022).Name(): "STATUS_ACCESS_DENIED",
		FirewallProtocol(6).Name():    "TCP",
		KerberosError(0x18).Name():    "KDC_ERR_PREAUTH_FAILED",
		PreAuthType("138").Name():     "PA-ENCRYPTED-CHALLENGE",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, name := range []string{NTStatus(0xcfffffff).Name(), Win32Error(4711).Name(), KerberosError(0x1e).Name(), PreAuthType("x").Name()} {
		if name != "" {
			t.Errorf("an unknown number has the name %s", name)
		}
	}
}

// A mask is of the type of its object.
func TestAccessMaskOfObjects(t *testing.T) {
	for _, tt := range []struct {
		mask   AccessMask
		object string
		want   string
	}{
		{0x1, "File", "0x1 (read data or list folder)"},
		{0x1, "Key", "0x1 (query value)"},
		{0x3001f, "Key", "0x3001f (query value, set value, create subkey, enumerate subkeys, notify of changes, delete, read permissions)"},
		{0x10, "Process", "0x10 (read memory)"},
		{0x2d, "SAM_DOMAIN", "0x2d (read password policy, read other policy, write other policy, create group)"},
		{0x100, "%{19195a5b-6da0-11d0-afd3-00c04fd930c9}", "0x100 (control access)"},
		{0x2, "SecretObject", "0x2 (query secret)"},
		{0xf01ff, "SERVICE OBJECT", "0xf01ff (full control)"},
		{0x20019, "Unheard-of", "0x20019 (read permissions, 0x19)"},
		{0x20019, "", "0x20019 (read permissions, 0x19)"},
		{0x2000, "Key", "0x2000"},
	} {
		if got := tt.mask.Of(tt.object); got != tt.want {
			t.Errorf("%#x of %q: got %s, want %s", uint32(tt.mask), tt.object, got, tt.want)
		}
	}
}

// Every row of the tables is looked up and has words, no two rows have the same name,
// and no number is that of two messages.
func TestTables(t *testing.T) {
	words := func(name string, rows map[uint32]string) {
		t.Helper()
		for n, w := range rows {
			if w == "" || strings.TrimSpace(w) != w || strings.HasSuffix(w, ".") || strings.Contains(w, "%%") {
				t.Errorf("%s: %d has the words %q", name, n, w)
			}
		}
	}
	names := func(name string, rows map[uint32]named) {
		t.Helper()
		seen := map[string]uint32{}
		for n, row := range rows {
			if other, ok := seen[row.name]; ok && row.name != "" {
				t.Errorf("%s: %#x and %#x are both %s", name, n, other, row.name)
			}
			seen[row.name] = n
			words(name, map[uint32]string{n: row.meaning})
		}
	}
	names("statuses", plain(ntStatuses))
	names("system errors", plain(win32Errors))
	names("HRESULTs", plain(hresults))
	names("Kerberos errors", plain(kerberosErrors))
	names("pre-authentication", preAuthTypes)
	words("encryption types", plain(encryptionTypes))
	words("reasons", plain(disconnectReasons))
	words("protocols", plain(ipProtocols))
	words("Defender", defenderMessages)
	words("exceptions", languageExceptions)
	for n := range win32Errors {
		if n > 0xffff {
			t.Errorf("%#x is not a system error code", uint32(n))
		}
	}
	for n := range hresults {
		if n <= 0xffff || n>>16 == failureWin32 || n>>16 == failureHTTP || n>>30 == 3 {
			t.Errorf("%#x is never looked up among the HRESULTs", uint32(n))
		}
	}
	for name, p := range privileges {
		if p.meaning == "" || !strings.HasPrefix(name, "Se") {
			t.Errorf("privilege %q: %q", name, p.meaning)
		}
	}

	messages := map[uint32]string{}
	for _, table := range []map[uint32]string{parameterMessages, auditMessages, networkMessages} {
		words("messages", table)
		for n, w := range table {
			if messages[n] != "" || accountMessage(n) != "" || rightMessage(n) != "" && !strings.HasPrefix(rightMessage(n), "undefined") {
				t.Errorf("message %d has two rows", n)
			}
			messages[n] = w
			if got := ParameterText(fmt.Sprint("%%", n)).String(); got != w {
				t.Errorf("message %d: got %q, want %q", n, got, w)
			}
		}
	}
	first := map[uint32]string{}
	object := map[string]bool{}
	for _, r := range allRights {
		if len(r.bits) == 0 || len(r.bits) > bitsPerType || r.first%bitsPerType != 0 || first[r.first] != "" {
			t.Errorf("rights of %v: %d names from message %d", r.types, len(r.bits), r.first)
		}
		first[r.first] = "taken"
		for _, name := range r.types {
			if object[name] || rightsOf(name) != r {
				t.Errorf("%s has two rows", name)
			}
			object[name] = true
		}
		for n, w := range r.bits {
			number := r.first + uint32(n)
			if got := rightMessage(number); w != "" && got != w || w == "" && got != undefinedBit(uint32(n)) {
				t.Errorf("message %d: got %q, want %q", number, got, w)
			}
		}
		for _, full := range r.full {
			if got := r.names(full); len(got) != 1 || got[0] != "full control" {
				t.Errorf("%#x of %v: %v", full, r.types, got)
			}
		}
	}
}

// plain returns a table with plain numbers for keys.
func plain[K ~uint32, V any](table map[K]V) map[uint32]V {
	out := map[uint32]V{}
	for k, v := range table {
		out[uint32(k)] = v
	}
	return out
}

// reversed returns the flags in the opposite order.
func reversed(flags []flag) []flag {
	flags = slices.Clone(flags)
	slices.Reverse(flags)
	return flags
}

// Flags are in ascending order, and no bit has two rows.
func TestFlags(t *testing.T) {
	for name, flags := range map[string][]flag{
		"standard rights": standardRights, "accounts": accountFlags, "service types": serviceTypes, "profiles": firewallProfiles,
		"ticket options": reversed(ticketOptions),
	} {
		var all uint32
		for _, f := range flags {
			if f.words == "" || f.bits == 0 || f.bits&all != 0 || f.bits < all {
				t.Errorf("%s: %#x %q", name, f.bits, f.words)
			}
			all |= f.bits
		}
	}
	for n, f := range accountFlags {
		if f.bits != 1<<n {
			t.Errorf("%s is bit %#x, want %#x", f.words, f.bits, 1<<n)
		}
	}
}
