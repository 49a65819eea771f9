package origin

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/birthmark-dfir/birthmark/winid"
)

// addressOf returns the address that is the host of a URL, else the one stated.
func addressOf(raw, stated string) string {
	if u, err := url.Parse(raw); err == nil {
		if a, err := netip.ParseAddr(u.Hostname()); err == nil {
			return a.Unmap().String()
		}
	}
	return stated
}

// plainAddress writes an address as netip does, what is none as it is.
func plainAddress(s string) string {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap().String()
	}
	return s
}

// remote returns the address of a client, "" for a session at the machine itself.
func remote(address string) string {
	if strings.EqualFold(address, "LOCAL") {
		return ""
	}
	return winid.Undash(address)
}
