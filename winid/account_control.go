package winid

import "strings"

// AccountControl are the properties of an account as Security 4720, 4738, 4741 and
// 4742 log them in OldUacValue and NewUacValue: as text, such as 0x210, or a dash. The
// bits are those of the account database ([MS-SAMR] 2.2.1.12), which are not those of
// the attribute userAccountControl in Active Directory.
//
// [MS-SAMR]: https://learn.microsoft.com/openspecs/windows_protocols/ms-samr
type AccountControl string

// Names returns the properties that are set, and the other bits in hexadecimal; none
// if the text is not a number.
func (a AccountControl) Names() []string {
	n, ok := parseNumber(string(a))
	if !ok {
		return nil
	}
	return flagNames(n, accountFlags)
}

// String returns the text of the log and the properties, as in "0x15 (disabled,
// password not required, user account)".
func (a AccountControl) String() string { return labelled(string(a), strings.Join(a.Names(), ", ")) }

// accountFlags are the properties, in ascending order and without a gap: messages of
// the Security log are numbered alike.
var accountFlags = []flag{
	{1 << 0, "disabled"},
	{1 << 1, "home folder required"},
	{1 << 2, "password not required"},
	{1 << 3, "temporary duplicate account"},
	{1 << 4, "user account"},
	{1 << 5, "MNS logon account"},
	{1 << 6, "account of a domain trust"},
	{1 << 7, "account of a computer"},
	{1 << 8, "account of a domain controller"},
	{1 << 9, "password does not expire"},
	{1 << 10, "locked out"},
	{1 << 11, "password stored in reversible form"},
	{1 << 12, "smart card required"},
	{1 << 13, "trusted for delegation"},
	{1 << 14, "not to be delegated"},
	{1 << 15, "DES keys only"},
	{1 << 16, "pre-authentication not required"},
	{1 << 17, "password expired"},
	{1 << 18, "trusted to authenticate for delegation"},
	{1 << 19, "tickets without authorization data"},
	{1 << 20, "account of a read-only domain controller"},
	{1 << 21, "AES keys"},
}

// The messages that a property was cleared and that it was set, in the order of the
// bits.
const (
	clearedMessages = 2048
	setMessages     = 2080
)

// accountMessage returns the words of the message for a property that was set or
// cleared; "" for a number that is not one of those messages.
func accountMessage(number uint32) string {
	n, change := number-clearedMessages, ": off"
	if number >= setMessages {
		n, change = number-setMessages, ": on"
	}
	switch {
	case n >= setMessages-clearedMessages:
		return ""
	case n >= uint32(len(accountFlags)):
		return "undefined property " + hex32(1<<n) + change
	}
	return accountFlags[n].words + change
}
