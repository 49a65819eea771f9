package origin

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// machineOf reads what the hives of a volume record about their machine. If a hive is
// missing or damaged, its fields are empty; the coverage has the reason.
func machineOf(hives []*timeline.Hive) Machine {
	var m Machine
	for _, h := range hives {
		switch h.Reader.Type() {
		case registry.System:
			set, err := h.Reader.CurrentControlSet()
			if err != nil || set == "" {
				continue
			}
			control, tcpip := set+`\Control\`, set+tcpipKey
			m.Name = cmp.Or(m.Name, valueIn(h.Reader, control+`ComputerName\ComputerName`, "ComputerName"))
			m.Domain = cmp.Or(m.Domain, valueIn(h.Reader, tcpip, "Domain"), valueIn(h.Reader, tcpip, "NV Domain"))
			m.TimeZone = cmp.Or(m.TimeZone,
				valueIn(h.Reader, control+"TimeZoneInformation", "TimeZoneKeyName"), // since Vista; StandardName may name a resource
				valueIn(h.Reader, control+"TimeZoneInformation", "StandardName"))
			m.Addresses = append(m.Addresses, addressesIn(h.Reader, tcpip+`\Interfaces`)...)
		case registry.Software:
			m.Windows = cmp.Or(m.Windows, windowsVersion(h.Reader))
			if m.Installed.IsZero() {
				m.Installed = installedAt(h.Reader)
			}
		case registry.SAM:
			m.SID = cmp.Or(m.SID, machineSID(h.Reader))
		}
	}
	return m
}

// tcpipKey holds the machine's names and addresses in the Internet, below a control
// set.
const tcpipKey = `\Services\Tcpip\Parameters`

// addressesIn returns the addresses of the network interfaces below a key.
func addressesIn(r *registry.Reader, key string) []string {
	k, err := r.OpenKey(key)
	if err != nil {
		return nil
	}
	var list []string
	for nic, err := range k.Subkeys() {
		if err != nil {
			continue
		}
		for _, name := range [...]string{"DhcpIPAddress", "IPAddress"} {
			v, err := nic.Value(name)
			if err != nil {
				continue
			}
			texts, err := v.Strings()
			if err != nil {
				if one, err := v.Text(); err == nil {
					texts = []string{one}
				}
			}
			for _, text := range texts {
				a, err := netip.ParseAddr(text)
				if err == nil && !a.IsUnspecified() && len(list) < maxListed && !slices.Contains(list, a.String()) {
					list = append(list, a.String())
				}
			}
		}
	}
	return list
}

// installedAt returns when the version of Windows was installed. An upgrade sets it
// anew.
func installedAt(r *registry.Reader) time.Time {
	const key = `Microsoft\Windows NT\CurrentVersion`
	if ticks, err := strconv.ParseUint(valueIn(r, key, "InstallTime"), 10, 64); err == nil && ticks > 0 {
		return filetime.Time(ticks)
	}
	if seconds, err := strconv.ParseInt(valueIn(r, key, "InstallDate"), 10, 64); err == nil && seconds > 0 {
		return time.Unix(seconds, 0).UTC()
	}
	return time.Time{}
}

// machineSID returns the SID of the machine, which the local accounts share. The value
// V of the domain of accounts ends with its last three numbers, of four bytes each.
func machineSID(r *registry.Reader) string {
	k, err := r.OpenKey(`SAM\Domains\Account`)
	if err != nil {
		return ""
	}
	v, err := k.Value("V")
	if err != nil {
		return ""
	}
	data, err := v.Data()
	if err != nil || len(data) < 12 {
		return ""
	}
	tail := data[len(data)-12:]
	return fmt.Sprintf("S-1-5-21-%d-%d-%d", binary.LittleEndian.Uint32(tail), binary.LittleEndian.Uint32(tail[4:]), binary.LittleEndian.Uint32(tail[8:]))
}

// firstBuildOf11 is the first build of Windows 11, whose ProductName is still Windows
// 10.
const firstBuildOf11 = 22000

// windowsVersion returns the product, its version and build, as in "Windows Server
// 2022 Datacenter 21H2, build 20348.2322".
func windowsVersion(r *registry.Reader) string {
	const key = `Microsoft\Windows NT\CurrentVersion`
	product := valueIn(r, key, "ProductName")
	build := valueIn(r, key, "CurrentBuild")
	if n, err := strconv.Atoi(build); err == nil && n >= firstBuildOf11 {
		if rest, ok := strings.CutPrefix(product, "Windows 10"); ok {
			product = "Windows 11" + rest
		}
	}
	if version := cmp.Or(valueIn(r, key, "DisplayVersion"), valueIn(r, key, "ReleaseId")); version != "" && product != "" {
		product += " " + version
	}
	if revision := valueIn(r, key, "UBR"); revision != "" && build != "" {
		build += "." + revision
	}
	switch {
	case build == "":
		return product
	case product == "":
		return "build " + build
	}
	return product + ", build " + build
}

// valueIn returns a value of a hive as text, or "" if it is missing, damaged, or
// neither text nor a number.
func valueIn(r *registry.Reader, key, name string) string {
	k, err := r.OpenKey(key)
	if err != nil {
		return ""
	}
	v, err := k.Value(name)
	if err != nil {
		return ""
	}
	if text, err := v.Text(); err == nil {
		return clip(text)
	}
	n, err := v.Uint64()
	if err != nil {
		return ""
	}
	return fmt.Sprint(n)
}
