package winid

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Undash returns s, and "" for the dash that Windows logs when there is nothing to
// log.
func Undash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// Account returns DOMAIN\user, or the user alone without a domain, and "" without
// a user. A dash is nothing, as by [Undash].
func Account(domain, user string) string {
	if domain, user = Undash(domain), Undash(user); domain == "" || user == "" {
		return user
	}
	return domain + `\` + user
}

// SameAccount reports whether two texts name the same account, in any case, as far
// as they tell: if one of them lacks the domain, the other may have any. No text
// names an account if it is empty.
func SameAccount(a, b string) bool {
	if !strings.Contains(a, `\`) || !strings.Contains(b, `\`) {
		a, b = a[strings.LastIndexByte(a, '\\')+1:], b[strings.LastIndexByte(b, '\\')+1:]
	}
	return a != "" && winpath.SameName(a, b)
}
