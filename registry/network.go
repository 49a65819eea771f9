package registry

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A Network is a network in which a machine was, as a SOFTWARE hive records it since
// Windows Vista. Its times are those of the clock of the machine, in a time zone that the
// SYSTEM hive records: see [TimeZone.UTC]. Here they have the location UTC.
type Network struct {
	Key       string    // path of the key of the profile
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	GUID          string // of the profile, with braces
	Name          string // that the user sees: for a wireless network its SSID
	Description   string
	Category      uint32 // 0 public, 1 private, 2 of a domain
	Medium        uint32 // 6 wired, 0x17 VPN, 0x47 wireless, 0xf3 mobile
	Managed       bool   // by a domain
	Created       time.Time
	LastConnected time.Time

	Signatures []NetworkSignature
}

// A NetworkSignature is what a machine recognizes a network by.
type NetworkSignature struct {
	Key       string    // path of the key
	Offset    int64     // of the key's cell
	LastWrite time.Time // of the key

	Name       string // of the first network of this signature
	DNSSuffix  string
	GatewayMAC string // of the default gateway, as in 00-11-22-33-44-55; "" if the hive has none
}

const networkList = windowsNT + `NetworkList\`

// mediums are the values of Network.Medium: interface types of IANA.
var mediums = map[uint32]string{6: "wired", 0x17: "VPN", 0x47: "wireless", 0xf3: "mobile"}

// MediumName returns the medium in a word, or its number.
func (n *Network) MediumName() string {
	if name := mediums[n.Medium]; name != "" {
		return name
	}
	return fmt.Sprintf("%#x", n.Medium)
}

// Networks yields the networks in a SOFTWARE hive. A *FormatError comes with what could be
// read of a network, and the iteration goes on.
func Networks(r *Reader) iter.Seq2[Network, error] {
	return func(yield func(Network, error) bool) {
		signatures := map[string][]NetworkSignature{}
		for _, kind := range [...]string{"Managed", "Unmanaged"} {
			for k, err := range r.keysLike(networkList + `Signatures\` + kind + `\*`) {
				var guid string
				var n NetworkSignature
				if err == nil {
					guid, n, err = readSignature(k)
				}
				if err != nil && !yield(Network{}, err) {
					return
				}
				guid = winpath.FoldName(guid)
				signatures[guid] = append(signatures[guid], n)
			}
		}
		for n, err := range below(r, networkList+`Profiles\*`, readNetwork) {
			n.Signatures = signatures[winpath.FoldName(n.GUID)]
			if !yield(n, err) {
				return
			}
		}
	}
}

func readSignature(k *Key) (guid string, n NetworkSignature, err error) {
	s := settingsOf(k)
	n = NetworkSignature{Key: k.Path(), Offset: k.Offset, LastWrite: k.LastWrite, Name: s.text("FirstNetwork"), DNSSuffix: strings.Trim(s.text("DnsSuffix"), "<>")}
	if mac := s.data("DefaultGatewayMac"); len(mac) == 6 && slices.Max(mac) != 0 {
		n.GatewayMAC = fmt.Sprintf("%02X-%02X-%02X-%02X-%02X-%02X", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5])
	}
	return s.text("ProfileGuid"), n, s.damaged
}

func readNetwork(k *Key) (Network, bool, error) {
	s := settingsOf(k)
	n := Network{Key: k.Path(), Offset: k.Offset, LastWrite: k.LastWrite, GUID: k.Name, Name: s.text("ProfileName"), Description: s.text("Description"),
		Category: uint32(s.number("Category")), Medium: uint32(s.number("NameType")), Managed: s.number("Managed") != 0}
	for _, row := range [...]struct {
		value string
		field *time.Time
	}{{"DateCreated", &n.Created}, {"DateLastConnected", &n.LastConnected}} {
		v := s.value(row.value)
		if v == nil {
			continue
		}
		b, _ := v.Data()
		at, err := systemTime(b)
		*row.field = at
		s.damaged = errors.Join(s.damaged, inValue(v, err))
	}
	return n, true, s.damaged
}

// systemTime reads a SYSTEMTIME: year, month, day of the week, day, hour, minute, second
// and millisecond, 2 bytes each. All zeros are the zero time.
func systemTime(b []byte) (time.Time, error) {
	if len(b) < 16 {
		return time.Time{}, damage.New("SYSTEMTIME", -1, len(b), "16 bytes")
	}
	var f [8]int
	for i := range f {
		f[i] = int(binary.LittleEndian.Uint16(b[2*i:]))
	}
	if f == [8]int{} {
		return time.Time{}, nil
	}
	t := time.Date(f[0], time.Month(f[1]), f[3], f[4], f[5], f[6], f[7]*int(time.Millisecond), time.UTC)
	if f[0] < 1601 || t.Year() != f[0] || int(t.Month()) != f[1] || t.Day() != f[3] || t.Hour() != f[4] || t.Minute() != f[5] || t.Second() != f[6] || f[7] > 999 {
		return time.Time{}, damage.New("SYSTEMTIME", -1, fmt.Sprintf("%x", b[:16]), "a date and a time")
	}
	return t, nil
}
