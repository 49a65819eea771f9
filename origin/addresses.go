package origin

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/birthmark-dfir/birthmark/winid"
)

// addressOf returns the host of a URL if that is an address, else the address stated.
func addressOf(raw, stated string) string {
	if u, err := url.Parse(raw); err == nil {
		if a, err := netip.ParseAddr(u.Hostname()); err == nil {
			return a.Unmap().String()
		}
	}
	return stated
}

// plainAddress writes an address as netip does, and any other text unchanged.
func plainAddress(s string) string {
	if a, err := netip.ParseAddr(s); err == nil {
		return a.Unmap().String()
	}
	return s
}

// remote returns the address of a client, or "" for a session at the machine itself.
func remote(address string) string {
	if strings.EqualFold(address, "LOCAL") {
		return ""
	}
	return winid.Undash(address)
}
