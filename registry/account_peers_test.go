package registry_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// asked runs a script of Python that prints JSON.
func asked[T any](t *testing.T, python, script string, args ...string) T {
	t.Helper()
	out, err := exec.Command(python, append([]string{"-c", script}, args...)...).Output()
	if err != nil {
		if e, ok := err.(*exec.ExitError); ok {
			t.Fatalf("%v: %s", err, e.Stderr)
		}
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(out, &v); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return v
}

const regipyPlugins = `
import sys, json, logging
logging.disable(50)
from regipy.registry import RegistryHive
from regipy.plugins.utils import PLUGINS
hive, out = RegistryHive(sys.argv[1]), {}
for plugin in PLUGINS:
    if plugin.NAME in sys.argv[2:]:
        p = plugin(hive, as_json=True)
        p.run()
        out[p.NAME] = p.entries
print(json.dumps(out, default=str))
`

// written returns the name of a file with a hive.
func written(t *testing.T, name string, h registrytest.Hive) string {
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, write(t, h), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// compare counts what a field of ours and of a peer have in common.
type compare struct {
	t     *testing.T
	equal int
}

func (c *compare) same(what string, ours, theirs any) {
	c.t.Helper()
	if a, b := fmt.Sprint(ours), fmt.Sprint(theirs); a != b {
		c.t.Errorf("%s: %q, the other reads %q", what, a, b)
		return
	}
	c.equal++
}

// near reads a time of regipy, which is off by up to a microsecond.
func (c *compare) near(what string, ours time.Time, theirs any) {
	c.t.Helper()
	text, _ := theirs.(string)
	if text == "" || ours.IsZero() {
		c.same(what, ours.IsZero(), text == "")
		return
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || at.Sub(ours).Abs() > 2*time.Microsecond {
		c.t.Errorf("%s: %v, the other reads %s (%v)", what, ours, text, err)
		return
	}
	c.equal++
}

func TestRegipyReadsTheSameAccounts(t *testing.T) {
	python := testenv.Python(t, "regipy")
	type entries struct {
		Accounts []map[string]any `json:"samparse"`
		Machine  []struct {
			SID string `json:"machine_sid"`
		} `json:"local_sid"`
	}
	for _, name := range []string{written(t, "SAM", samOf(t)), testenv.Corpus(t, "registry/regipy_SAM"), testenv.Sample(t, "hives/plaso_SAM")} {
		theirs := asked[entries](t, python, regipyPlugins, name, "samparse", "local_sid")
		r, err := registry.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		c := &compare{t: t}
		sid, err := registry.MachineSID(r)
		if err != nil || len(theirs.Machine) != 1 {
			t.Fatal(err, theirs.Machine)
		}
		c.same("machine", sid, theirs.Machine[0].SID)
		n := 0
		for a, err := range registry.Accounts(r) {
			if err != nil {
				t.Error(err)
			}
			if slices.Contains(a.Findings, registry.AccountMissing) {
				continue
			}
			e := theirs.Accounts[n]
			n++
			c.same("key", `\`+a.Key, e["key_path"])
			c.same("rid", a.RID, e["rid"])
			c.same("flags", a.Control, e["account_flags"])
			c.same("logons", a.Logons, e["login_count"])
			c.same("bad passwords", a.BadPasswords, e["failed_login_count"])
			c.near("written", a.LastWrite, e["last_write"])
			c.near("logon", a.LastLogon, e["last_login"])
			c.near("password", a.PasswordSet, e["password_last_set"])
			c.near("bad password", a.LastBadPassword, e["last_failed_login"])
			c.near("expires", a.Expires, e["account_expires"])
		}
		if n != len(theirs.Accounts) {
			t.Errorf("%d accounts, want %d", n, len(theirs.Accounts))
		}
		t.Logf("%s: %d accounts, %d values equal", filepath.Base(name), n, c.equal)
		r.Close()
	}
}

func TestDissectReadsTheSameAccounts(t *testing.T) {
	python := testenv.Python(t, "dissect.target")
	const script = `
import sys, json
from dissect.regf import RegistryHive
from dissect.target.plugins.os.windows.sam import c_sam
users = RegistryHive(open(sys.argv[1], "rb")).open("SAM\\Domains\\Account\\Users")
out = []
for k in users.subkeys():
    if k.name == "Names":
        continue
    f, raw = c_sam.user_F(k.value("F").value), k.value("V").value
    v, data = c_sam.user_V(raw), raw[0xCC:]
    text = lambda at, n: data[at:at + n].decode("utf-16-le")
    out.append([f.rid, text(v.username_ofs, v.username_len), text(v.fullname_ofs, v.fullname_len), text(v.admin_comment_ofs, v.admin_comment_len),
        text(v.user_comment_ofs, v.user_comment_len), text(v.homedir_ofs, v.homedir_len), text(v.drvletter_ofs, v.drvletter_len), text(v.logonscr_ofs, v.logonscr_len),
        text(v.profilep_ofs, v.profilep_len), text(v.workstations_ofs, v.workstations_len), str(f.t_last_login), str(f.t_last_password_set), str(f.t_last_incorrect_login),
        f.ACB_bits, f.logins, f.failedcnt])
print(json.dumps(out))
`
	for _, name := range []string{written(t, "SAM", samOf(t)), testenv.Corpus(t, "registry/regipy_SAM"), testenv.Sample(t, "hives/plaso_SAM")} {
		theirs := asked[[][]any](t, python, script, name)
		r, err := registry.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		c, n := &compare{t: t}, 0
		for a, err := range registry.Accounts(r) {
			if err != nil || slices.Contains(a.Findings, registry.AccountMissing) {
				continue
			}
			for i, ours := range []any{a.FixedRID, a.Name, a.FullName, a.Comment, a.UserComment, a.HomeDirectory, a.HomeDrive, a.Script, a.Profile, a.Workstations,
				filetime.Ticks(a.LastLogon), filetime.Ticks(a.PasswordSet), filetime.Ticks(a.LastBadPassword), a.Control, a.Logons, a.BadPasswords} {
				c.same(fmt.Sprintf("%d, field %d", a.RID, i), ours, theirs[n][i])
			}
			n++
		}
		if n != len(theirs) {
			t.Errorf("%d accounts, want %d", n, len(theirs))
		}
		t.Logf("%s: %d accounts, %d values equal", filepath.Base(name), n, c.equal)
		r.Close()
	}
}

func TestRegipyReadsTheSameMachine(t *testing.T) {
	python := testenv.Python(t, "regipy")
	system := testenv.Corpus(t, "registry/regipy_SYSTEM_B")
	theirs := asked[struct {
		Names    []map[string]string         `json:"computer_name"`
		Zones    map[string][]map[string]any `json:"timezone_data"`
		Networks map[string]struct {
			Interfaces []map[string]any `json:"interfaces"`
		} `json:"network_data"`
	}](t, python, regipyPlugins, system, "computer_name", "timezone_data", "network_data")
	r, err := registry.Open(system)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	computer, err := registry.ComputerOf(r)
	if err != nil {
		t.Error(err)
	}
	c := &compare{t: t}
	c.same("name", computer.Name.Text, theirs.Names[0]["name"])
	c.near("name written", computer.Name.LastWrite, theirs.Names[0]["timestamp"])
	zone := map[string]any{}
	for _, v := range theirs.Zones[`\`+computer.ControlSet+`\Control\TimeZoneInformation`] {
		zone[v["name"].(string)] = v["value"]
		if n, ok := v["value"].(float64); ok {
			zone[v["name"].(string)] = uint32(n)
		}
	}
	z := computer.Zone
	c.same("zone", z.Name.Text, zone["TimeZoneKeyName"])
	c.same("bias", uint32(z.Bias), zone["Bias"])
	c.same("standard bias", uint32(z.StandardBias), zone["StandardBias"])
	c.same("daylight bias", uint32(z.DaylightBias), zone["DaylightBias"])
	c.same("active bias", uint32(z.ActiveBias.Minutes), zone["ActiveTimeBias"])
	list := theirs.Networks[`\`+computer.ControlSet+`\Services\Tcpip\Parameters\Interfaces`].Interfaces
	n := 0
	text := func(v any) string {
		switch v := v.(type) {
		case nil:
			return ""
		case []any:
			return strings.Join(strings.Fields(fmt.Sprint(v...)), " ")
		default:
			return fmt.Sprint(v)
		}
	}
	for i, err := range registry.Interfaces(r) {
		if err != nil {
			t.Error(err)
		}
		e := list[n]
		n++
		c.same("interface", i.GUID, e["interface_name"])
		c.near("written", i.LastWrite, e["last_modified"])
		c.same("dhcp", i.DHCP, e["dhcp_enabled"])
		if !i.DHCP {
			continue
		}
		var l registry.Lease
		if len(i.Leases) > 0 {
			l = i.Leases[0]
		}
		at := func(t time.Time) string {
			if t.IsZero() {
				return ""
			}
			return t.Format(time.DateTime)
		}
		c.same("address", l.Address, text(e["dhcp_ip_address"]))
		c.same("mask", l.Mask, text(e["dhcp_subnet_mask"]))
		c.same("server", l.Server, text(e["dhcp_server"]))
		c.same("gateways", strings.Join(l.Gateways, " "), text(e["dhcp_default_gateway"]))
		c.same("name servers", strings.Join(l.NameServers, " "), text(e["dhcp_name_server"]))
		c.same("domain", l.Domain, text(e["dhcp_domain"]))
		c.same("obtained", at(l.Obtained), text(e["dhcp_lease_obtained_time"]))
		c.same("expires", at(l.Expires), text(e["dhcp_lease_terminates_time"]))
	}
	if n != len(list) {
		t.Errorf("%d interfaces, want %d", n, len(list))
	}

	security := testenv.Corpus(t, "registry/regipy_SECURITY")
	policy := asked[struct {
		Domain []struct {
			Name    string  `json:"domain_name"`
			SID     *string `json:"domain_sid"`
			Machine *string `json:"machine_sid"`
			At      string  `json:"timestamp"`
		} `json:"domain_sid"`
	}](t, python, regipyPlugins, security, "domain_sid")
	s, err := registry.Open(security)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p, err := registry.PolicyOf(s)
	if err != nil {
		t.Error(err)
	}
	c.same("domain", p.Domain.Name, policy.Domain[0].Name)
	c.same("domain SID", p.DomainSID.SID.IsZero(), policy.Domain[0].SID == nil)
	t.Logf("%d values equal", c.equal)
}

// softwareOf has a profile and a network.
func softwareOf(t *testing.T) registrytest.Hive {
	h := registrytest.Hive{Name: `\SystemRoot\System32\Config\SOFTWARE`}
	h.Set(`Microsoft\Windows NT\CurrentVersion`, when, registrytest.SZ("ProductName", "Windows 10 Pro"), registrytest.SZ("CurrentBuild", "19045"), registrytest.DWord("InstallDate", 1411529745))
	h.Key(`Microsoft\Windows\CurrentVersion`, when)
	user := sid(t, aMachine+"-1001")
	h.SetProfile(registry.Profile{LastWrite: when, SID: user, Path: `C:\Users\bob`, State: 3, Loaded: when, Unloaded: when})
	local := time.Date(2022, 6, 18, 9, 5, 1, 0, time.UTC)
	h.SetNetwork(registry.Network{LastWrite: when, GUID: "{N}", Name: "Cafe", Description: "C", Category: 1, Medium: 0x47, Created: local, LastConnected: local.AddDate(0, 0, 3),
		Signatures: []registry.NetworkSignature{{LastWrite: when, Name: "Cafe", DNSSuffix: "lan", GatewayMAC: "00-11-22-33-44-55"}}})
	return h
}

func TestRegipyReadsTheSameSoftware(t *testing.T) {
	python := testenv.Python(t, "regipy")
	name := written(t, "SOFTWARE", softwareOf(t))
	theirs := asked[struct {
		Profiles []map[string]any `json:"profilelist_plugin"`
		Networks []map[string]any `json:"networklist"`
	}](t, python, regipyPlugins, name, "profilelist_plugin", "networklist")
	r, err := registry.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := &compare{t: t}
	for i, p := range all(t, registry.Profiles(r)) {
		e := theirs.Profiles[i]
		c.same("SID", p.SID, e["sid"])
		c.same("path", p.Path, e["path"])
		c.same("state", p.State, e["state"])
		c.near("written", p.LastWrite, e["last_write"])
		ticks, _ := e["local_load_time"].(string)
		c.near("loaded", p.Loaded, strings.Replace(ticks, " ", "T", 1))
	}
	for _, n := range all(t, registry.Networks(r)) {
		for _, e := range theirs.Networks {
			if e["type"] == "profile" {
				c.same("network", n.Name, e["profile_name"])
				continue
			}
			c.same("first network", n.Signatures[0].Name, e["first_network"])
			c.same("gateway", strings.ReplaceAll(n.Signatures[0].GatewayMAC, "-", ""), e["default_gateway_mac"])
		}
	}
	if c.equal < 8 {
		t.Errorf("%d values were compared", c.equal)
	}
	t.Logf("%d values equal", c.equal)
}

// Regipy's plugin does not read the dates of networks.
func TestDissectReadsTheSameNetworks(t *testing.T) {
	python := testenv.Python(t, "dissect.target")
	const script = `
import sys, json
from dissect.regf import RegistryHive
from dissect.target.plugins.os.windows.regf.nethist import parse_ts
list = RegistryHive(open(sys.argv[1], "rb")).open("Microsoft\\Windows NT\\CurrentVersion\\NetworkList\\Profiles")
print(json.dumps([[k.value("ProfileName").value, parse_ts(k.value("DateCreated").value).strftime("%F %T"), parse_ts(k.value("DateLastConnected").value).strftime("%F %T")] for k in list.subkeys()]))
`
	name := written(t, "SOFTWARE", softwareOf(t))
	theirs := asked[[][]string](t, python, script, name)
	r, err := registry.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for i, n := range all(t, registry.Networks(r)) {
		if got := []string{n.Name, n.Created.Format(time.DateTime), n.LastConnected.Format(time.DateTime)}; !slices.Equal(got, theirs[i]) {
			t.Errorf("%q, want %q", got, theirs[i])
		}
	}
}
