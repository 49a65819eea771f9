// Package ualtest writes databases of User Access Logging for tests.
package ualtest

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
	"github.com/birthmark-dfir/birthmark/ese/ual"
)

// Content is what a database has. Names of roles are not written, but for those of Roles.
type Content struct {
	Clients  []ual.Client
	Accesses []ual.RoleAccess
	Hosts    []ual.Host
	Machines []ual.VirtualMachine
	Roles    []ual.Role
	Systems  []ual.System
}

// Bytes returns the database.
func Bytes(c Content) ([]byte, error) { return esetest.Bytes(Database(c)) }

// Database returns the tables, for a test that changes them.
func Database(c Content) esetest.Database {
	var db esetest.Database
	clients := esetest.Table{Name: "CLIENTS", Columns: []esetest.Column{
		{Name: "RoleGuid", Type: ese.GUID}, {Name: "TenantId", Type: ese.GUID}, {Name: "TotalAccesses", Type: ese.UnsignedLong},
		{Name: "InsertDate", Type: ese.DateTime}, {Name: "LastAccess", Type: ese.DateTime}, {Name: "Address", Type: ese.Binary},
		{Name: "AuthenticatedUserName", Type: ese.Text}, {Name: "ClientName", Type: ese.Text},
	}}
	for day := 1; day <= 366; day++ {
		clients.Columns = append(clients.Columns, esetest.Column{Name: fmt.Sprint("Day", day), Type: ese.UnsignedShort, Tagged: true})
	}
	for _, r := range c.Clients {
		row := []any{r.Role.ID, r.TenantID, r.Accesses, esetest.Filetime(r.First), esetest.Filetime(r.Last), nil, text(r.User), text(r.Name)}
		if r.Address.IsValid() {
			row[5] = r.Address.AsSlice()
		}
		days := make([]any, 366)
		for _, d := range r.Days {
			days[d.Date.YearDay()-1] = d.Accesses
		}
		clients.Rows = append(clients.Rows, append(row, days...))
	}
	accesses := esetest.Table{Name: "ROLE_ACCESS", Columns: []esetest.Column{
		{Name: "RoleGuid", Type: ese.GUID}, {Name: "FirstSeen", Type: ese.DateTime}, {Name: "LastSeen", Type: ese.DateTime},
	}}
	for _, r := range c.Accesses {
		accesses.Rows = append(accesses.Rows, []any{r.Role.ID, esetest.Filetime(r.First), esetest.Filetime(r.Last)})
	}
	hosts := esetest.Table{Name: "DNS", Columns: []esetest.Column{{Name: "LastSeen", Type: ese.DateTime}, {Name: "Address", Type: ese.Text}, {Name: "HostName", Type: ese.Text}}}
	for _, r := range c.Hosts {
		hosts.Rows = append(hosts.Rows, []any{esetest.Filetime(r.LastSeen), text(r.Address), text(r.Name)})
	}
	machines := esetest.Table{Name: "VIRTUALMACHINES", Columns: []esetest.Column{
		{Name: "VmGuid", Type: ese.GUID}, {Name: "BIOSGuid", Type: ese.GUID}, {Name: "CreationTime", Type: ese.DateTime}, {Name: "LastSeenActive", Type: ese.DateTime},
		{Name: "SerialNumber", Type: ese.Text},
	}}
	for _, r := range c.Machines {
		machines.Rows = append(machines.Rows, []any{r.VMID, r.BIOSID, esetest.Filetime(r.Created), esetest.Filetime(r.LastSeen), text(r.SerialNumber)})
	}
	roles := esetest.Table{Name: "ROLE_IDS", Columns: []esetest.Column{{Name: "RoleGuid", Type: ese.GUID}, {Name: "ProductName", Type: ese.Text}, {Name: "RoleName", Type: ese.Text}}}
	for _, r := range c.Roles {
		roles.Rows = append(roles.Rows, []any{r.ID, text(r.Product), text(r.Name)})
	}
	systems := esetest.Table{Name: "SYSTEM_IDENTITY", Columns: []esetest.Column{
		{Name: "CreationTime", Type: ese.DateTime}, {Name: "OSBuildNumber", Type: ese.UnsignedLong}, {Name: "SystemManufacturer", Type: ese.Text},
		{Name: "SystemProductName", Type: ese.Text}, {Name: "SystemSerialNumber", Type: ese.Text}, {Name: "SystemDNSHostName", Type: ese.Text}, {Name: "SystemDomainName", Type: ese.Text},
	}}
	for _, r := range c.Systems {
		systems.Rows = append(systems.Rows, []any{esetest.Filetime(r.Created), r.Build, text(r.Manufacturer), text(r.Product), text(r.SerialNumber), text(r.Host), text(r.Domain)})
	}
	for _, t := range []esetest.Table{clients, accesses, hosts, machines, roles, systems} {
		if len(t.Rows) > 0 || t.Name == "CLIENTS" {
			db.Tables = append(db.Tables, t)
		}
	}
	return db
}

// text is null if it is empty.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
