package origin

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

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
			control := set + `\Control\`
			m.Name = cmp.Or(m.Name, valueIn(h.Reader, control+`ComputerName\ComputerName`, "ComputerName"))
			m.TimeZone = cmp.Or(m.TimeZone,
				valueIn(h.Reader, control+"TimeZoneInformation", "TimeZoneKeyName"), // since Vista; StandardName may name a resource
				valueIn(h.Reader, control+"TimeZoneInformation", "StandardName"))
		case registry.Software:
			m.Windows = cmp.Or(m.Windows, windowsVersion(h.Reader))
		}
	}
	return m
}

// namesOfHives reads the names of the machine from its hives.
func namesOfHives(hives []*timeline.Hive) names {
	var n names
	for _, h := range hives {
		if h.Reader.Type() != registry.System {
			continue
		}
		set, err := h.Reader.CurrentControlSet()
		if err != nil || set == "" {
			continue
		}
		const tcpip = `\Services\Tcpip\Parameters`
		n.domain = cmp.Or(n.domain, valueIn(h.Reader, set+tcpip, "Domain"), valueIn(h.Reader, set+tcpip, "NV Domain"))
		for _, at := range [...][2]string{
			{`\Control\ComputerName\ComputerName`, "ComputerName"}, {`\Control\ComputerName\ActiveComputerName`, "ComputerName"},
			{tcpip, "Hostname"}, {tcpip, "NV Hostname"},
		} {
			if name := valueIn(h.Reader, set+at[0], at[1]); name != "" && !n.has(name) {
				n.list, n.by = append(n.list, name), byHive
			}
		}
	}
	return n
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
