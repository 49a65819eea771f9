package ual_test

import (
	"bytes"
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
	"github.com/birthmark-dfir/birthmark/ese/ual"
	"github.com/birthmark-dfir/birthmark/ese/ual/ualtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/winid"
)

var (
	when       = time.Date(2026, 3, 2, 12, 0, 0, 123456700, time.UTC)
	fileServer = guid("10A9226F-50EE-49D8-A393-9A501D47CE04")
)

func guid(s string) winid.GUID {
	g, err := winid.ParseGUID("{" + s + "}")
	if err != nil {
		panic(err)
	}
	return g
}

func day(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }

func sample() ualtest.Content {
	role := ual.Role{ID: fileServer, Name: "File Server"}
	return ualtest.Content{
		Clients: []ual.Client{
			{Role: role, TenantID: fileServer, Accesses: 12, First: when.AddDate(0, 0, -1), Last: when, Address: netip.MustParseAddr("203.0.113.77"),
				User: `corp\lee`, Name: "WS07", Days: []ual.Day{{Date: day(3, 1), Accesses: 2}, {Date: day(3, 2), Accesses: 10}}},
			{Role: ual.Role{ID: winid.GUID{1}}, Accesses: 1, First: when, Last: when, Address: netip.MustParseAddr("fe80::1")},
			{Role: role},
		},
		Accesses: []ual.RoleAccess{{Role: role, First: when, Last: when.Add(time.Hour)}},
		Hosts:    []ual.Host{{Address: "203.0.113.77", Name: "ws07", LastSeen: when}},
		Machines: []ual.VirtualMachine{{VMID: fileServer, BIOSID: fileServer, Created: when, LastSeen: when, SerialNumber: "1"}},
		Roles:    []ual.Role{{ID: winid.GUID{1}, Name: "A role", Product: "Windows"}},
		Systems:  []ual.System{{Created: when, Host: "SRV02", Domain: "CORP", Build: 17763, Manufacturer: "M", Product: "P", SerialNumber: "S"}},
	}
}

func open(t testing.TB, db esetest.Database) *ual.Reader {
	t.Helper()
	raw, err := esetest.Bytes(db)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ual.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What ualtest writes is read back as it was, but for where it is.
func TestWriterAndReaderAgree(t *testing.T) {
	for _, size := range []int{4096, 32768} {
		db := ualtest.Database(sample())
		db.PageSize = size
		r := open(t, db)
		var got ualtest.Content
		for c, err := range r.Clients() {
			if err != nil || c.Table != "CLIENTS" || c.Offset == 0 {
				t.Errorf("%+v, %v", c, err)
			}
			c.Where = ual.Where{}
			got.Clients = append(got.Clients, c)
		}
		for c, err := range r.RoleAccesses() {
			if err != nil {
				t.Error(err)
			}
			c.Where = ual.Where{}
			got.Accesses = append(got.Accesses, c)
		}
		for c, err := range r.Hosts() {
			if err != nil {
				t.Error(err)
			}
			c.Where = ual.Where{}
			got.Hosts = append(got.Hosts, c)
		}
		for c, err := range r.VirtualMachines() {
			if err != nil {
				t.Error(err)
			}
			c.Where = ual.Where{}
			got.Machines = append(got.Machines, c)
		}
		for c, err := range r.Roles() {
			if err != nil {
				t.Error(err)
			}
			got.Roles = append(got.Roles, c)
		}
		for c, err := range r.Systems() {
			if err != nil {
				t.Error(err)
			}
			c.Where = ual.Where{}
			got.Systems = append(got.Systems, c)
		}
		if want := sample(); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	var none *ual.Reader
	for range none.Clients() {
		t.Error("a client of nothing")
	}
	if none.Close() != nil {
		t.Error("a nil Reader does not close")
	}
}

// A day after the last access is one of the year before, in which the row was inserted.
func TestDaysOverTheTurnOfTheYear(t *testing.T) {
	c := ual.Client{First: time.Date(2025, 12, 30, 1, 0, 0, 0, time.UTC), Last: time.Date(2026, 1, 2, 1, 0, 0, 0, time.UTC)}
	c.Days = []ual.Day{{Date: day(1, 2), Accesses: 1}, {Date: time.Date(2025, 12, 30, 0, 0, 0, 0, time.UTC), Accesses: 2}}
	for got, err := range open(t, ualtest.Database(ualtest.Content{Clients: []ual.Client{c}})).Clients() {
		if err != nil || !reflect.DeepEqual(got.Days, c.Days) {
			t.Errorf("%+v, %v", got.Days, err)
		}
	}
}

// A value that is not an address is reported, and the row read.
func TestDamagedAddress(t *testing.T) {
	db := ualtest.Database(sample())
	db.Tables[0].Rows[0][5] = []byte{1, 2, 3}
	var errs []error
	n := 0
	for c, err := range open(t, db).Clients() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if n++; n == 1 && (c.Address.IsValid() || c.User != `corp\lee`) {
			t.Errorf("%+v", c)
		}
	}
	if n != 3 || len(errs) != 1 || !damage.Is(errs[0]) || !strings.Contains(errs[0].Error(), "column Address: value at") {
		t.Errorf("%d rows, %v", n, errs)
	}
}

// dissect prints what dissect reads of CLIENTS.
const dissect = `
import sys
from dissect.database.ese.tools.ual import UAL
with open(sys.argv[1], "rb") as fh:
    for r in UAL(fh).get_table_records("CLIENTS"):
        days = ",".join(sorted("%s=%d" % (d.date(), n) for d, n in r["activity_counts"]))
        print(r["RoleGuid"], r["TotalAccesses"], r["InsertDate"].strftime("%Y-%m-%dT%H:%M:%S"), r["LastAccess"].strftime("%Y-%m-%dT%H:%M:%S"), r["Address"], r["AuthenticatedUserName"] or "", days, sep="|")
`

// Dissect reads the same clients.
func TestDissectReadsTheSame(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(testenv.Sample(t, "traces/ual"), "*", "*.mdb"))
	if err != nil {
		t.Fatal(err)
	}
	python := testenv.Python(t, "dissect.database.ese.tools.ual")
	for _, name := range names {
		if filepath.Base(name) == "SystemIdentity.mdb" {
			continue
		}
		out, err := exec.Command(python, "-c", dissect, name).Output()
		if err != nil {
			t.Errorf("%s: dissect: %v", name, err)
			continue
		}
		want := strings.Split(strings.TrimSpace(string(out)), "\n")
		r, err := ual.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		const layout = "2006-01-02T15:04:05"
		var got []string
		for c, err := range r.Clients() {
			if err != nil {
				t.Error(err)
				continue
			}
			if c.Role.Name == "" {
				t.Errorf("role %s has no name", c.Role.ID)
			}
			var days []string
			for _, d := range c.Days {
				days = append(days, fmt.Sprintf("%s=%d", d.Date.Format(time.DateOnly), d.Accesses))
			}
			got = append(got, fmt.Sprintf("%s|%d|%s|%s|%s|%s|%s", strings.ToLower(strings.Trim(c.Role.ID.String(), "{}")), c.Accesses,
				c.First.Format(layout), c.Last.Format(layout), c.Address, c.User, strings.Join(days, ",")))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\ngot  %s\nwant %s", name, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
		}
		t.Logf("%s: %d clients", name, len(got))
	}
}

// The names of the roles are those of real databases.
func TestRoleNames(t *testing.T) {
	names, err := filepath.Glob(filepath.Join(testenv.Sample(t, "traces/ual"), "*", "SystemIdentity.mdb"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		r, err := ual.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for role, err := range r.Roles() {
			if err != nil || ual.RoleName(role.ID) != role.Name {
				t.Errorf("%+v, %v: %q", role, err, ual.RoleName(role.ID))
			}
		}
		for file, year := range r.Years() {
			t.Log(file, year)
		}
	}
}

// Whatever the bytes: every error located.
func FuzzReader(f *testing.F) {
	db := ualtest.Database(sample())
	db.Tables[0].Columns = db.Tables[0].Columns[:20]
	for i := range db.Tables[0].Rows {
		db.Tables[0].Rows[i] = db.Tables[0].Rows[i][:20]
	}
	raw, err := esetest.Bytes(db)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		esetest.Repair(raw)
		r, err := ual.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for _, err := range r.Clients() {
			if err != nil && !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
		}
		for _, err := range r.Systems() {
			if err != nil && !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
		}
		for range r.Years() {
			continue
		}
	})
}

func ExampleReader_Clients() {
	raw, err := ualtest.Bytes(sample())
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := ual.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for c, err := range r.Clients() {
		if err != nil {
			fmt.Println(err) // damage: the next row follows
			continue
		}
		for _, d := range c.Days {
			fmt.Println(d.Date.Format(time.DateOnly), c.User, "from", c.Address, "used", c.Role.Name, d.Accesses, "times")
		}
	}
	// Output:
	// 2026-03-01 corp\lee from 203.0.113.77 used File Server 2 times
	// 2026-03-02 corp\lee from 203.0.113.77 used File Server 10 times
}
