package ual

import (
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Reader reads one database. It may be used by several goroutines. A nil Reader has no
// records.
type Reader struct {
	*ese.Reader
}

// Where is the row that something was read from.
type Where struct {
	Table  string
	Page   uint32 // number of the page
	Offset int64  // in bytes from the beginning of the file
}

// Client is a row of CLIENTS: the use of a role by an account from an address, in a year.
type Client struct {
	Where
	Role     Role
	TenantID winid.GUID
	Accesses uint64     // TotalAccesses
	First    time.Time  // InsertDate
	Last     time.Time  // LastAccess
	Address  netip.Addr // of the peer; not valid if the row has none
	User     string     // AuthenticatedUserName: DOMAIN\name, in lower case
	Name     string     // ClientName; may be empty
	Days     []Day      // the days with an access, in order
}

// Day is how often a role was used on a day.
type Day struct {
	Date     time.Time // at midnight, in UTC
	Accesses uint64
}

// RoleAccess is a row of ROLE_ACCESS: the first and the last use of a role by anyone.
type RoleAccess struct {
	Where
	Role        Role
	First, Last time.Time
}

// Host is a row of DNS: the name that an address had.
type Host struct {
	Where
	Address  string // as text
	Name     string
	LastSeen time.Time
}

// VirtualMachine is a row of VIRTUALMACHINES: a machine that Hyper-V ran.
type VirtualMachine struct {
	Where
	VMID, BIOSID winid.GUID
	Created      time.Time
	LastSeen     time.Time
	SerialNumber string
}

// System is a row of SYSTEM_IDENTITY, in part: the machine, since a time.
type System struct {
	Where
	Created      time.Time
	Host, Domain string
	Build        uint64
	Manufacturer string
	Product      string
	SerialNumber string
}

// Open opens the named database. Close closes the file.
func Open(name string, opts ...ese.Option) (*Reader, error) { return with(ese.Open(name, opts...)) }

// OpenFS opens a database of a file system. Close closes the file.
func OpenFS(fsys fs.FS, name string, opts ...ese.Option) (*Reader, error) {
	return with(ese.OpenFS(fsys, name, opts...))
}

// NewReader reads a database of size bytes. The errors are those of [ese.NewReader].
func NewReader(r io.ReaderAt, size int64, opts ...ese.Option) (*Reader, error) {
	return with(ese.NewReader(r, size, opts...))
}

func with(db *ese.Reader, err error) (*Reader, error) {
	if err != nil {
		return nil, err
	}
	return &Reader{db}, nil
}

// Close closes the file that Open or OpenFS opened.
func (r *Reader) Close() error { return r.database().Close() }

func (r *Reader) database() *ese.Reader {
	if r == nil {
		return nil
	}
	return r.Reader
}

// get reads columns of a row by their names.
type get struct {
	row     *ese.Row
	columns map[string]*ese.Column
	budget  *ese.Budget
	lost    []error
}

func (g *get) value(name string) ese.Value {
	v, err := g.budget.Value(g.row, g.columns[name])
	if err != nil {
		g.lost = append(g.lost, err)
	}
	return v
}

// rows yields what read makes of each row of a table, after the damage in it.
func rows[T any](r *Reader, table string, read func(g *get, where Where) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		t := r.database().Table(table)
		g := get{columns: map[string]*ese.Column{}, budget: r.database().NewBudget()}
		for _, c := range t.Columns() {
			g.columns[c.Name] = c
		}
		for row, err := range t.Rows() {
			var none T
			if err != nil {
				if !yield(none, err) || !damage.Is(err) {
					return
				}
				continue
			}
			g.row, g.lost = &row, nil
			v := read(&g, Where{t.Name(), row.Page, row.Offset})
			for _, err := range g.lost {
				if !yield(none, err) {
					return
				}
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

// Roles yields the rows of ROLE_IDS.
func (r *Reader) Roles() iter.Seq2[Role, error] {
	return rows(r, "ROLE_IDS", func(g *get, _ Where) Role {
		return Role{ID: g.value("RoleGuid").GUID(), Name: g.value("RoleName").Text(), Product: g.value("ProductName").Text()}
	})
}

// role returns a role with the name that Windows gives it.
func role(id winid.GUID) Role { return Role{ID: id, Name: RoleName(id)} }

// Clients yields the rows of CLIENTS.
func (r *Reader) Clients() iter.Seq2[Client, error] {
	return rows(r, "CLIENTS", func(g *get, where Where) Client {
		c := Client{
			Where: where, Role: role(g.value("RoleGuid").GUID()), TenantID: g.value("TenantId").GUID(), Accesses: g.value("TotalAccesses").Uint(),
			First: g.value("InsertDate").Time(), Last: g.value("LastAccess").Time(), User: g.value("AuthenticatedUserName").Text(), Name: g.value("ClientName").Text(),
		}
		if b := g.value("Address").Bytes(); len(b) > 0 {
			var ok bool
			if c.Address, ok = netip.AddrFromSlice(b); !ok {
				g.lost = append(g.lost, g.row.Damage("Address", fmt.Sprintf("%d bytes", len(b)), "4 or 16 bytes"))
			}
		}
		for day := 1; day <= 366; day++ {
			if n := g.value(dayColumns[day]).Uint(); n > 0 && !c.Last.IsZero() {
				c.Days = append(c.Days, Day{c.date(day), n})
			}
		}
		return c
	})
}

// dayColumns are the names of the columns for the days of a year, from 1.
var dayColumns = func() (names [367]string) {
	for i := range names {
		names[i] = "Day" + strconv.Itoa(i)
	}
	return names
}()

// date returns the date of the day of a year. The row is of the year of its last access; a
// day after that can only be of the year in which it was inserted.
func (c *Client) date(day int) time.Time {
	year := c.Last.Year()
	if day > c.Last.YearDay() && !c.First.IsZero() && c.First.Year() < year {
		year = c.First.Year()
	}
	return time.Date(year, 1, day, 0, 0, 0, 0, time.UTC)
}

// RoleAccesses yields the rows of ROLE_ACCESS.
func (r *Reader) RoleAccesses() iter.Seq2[RoleAccess, error] {
	return rows(r, "ROLE_ACCESS", func(g *get, where Where) RoleAccess {
		return RoleAccess{where, role(g.value("RoleGuid").GUID()), g.value("FirstSeen").Time(), g.value("LastSeen").Time()}
	})
}

// Hosts yields the rows of DNS.
func (r *Reader) Hosts() iter.Seq2[Host, error] {
	return rows(r, "DNS", func(g *get, where Where) Host {
		return Host{where, g.value("Address").Text(), g.value("HostName").Text(), g.value("LastSeen").Time()}
	})
}

// VirtualMachines yields the rows of VIRTUALMACHINES.
func (r *Reader) VirtualMachines() iter.Seq2[VirtualMachine, error] {
	return rows(r, "VIRTUALMACHINES", func(g *get, where Where) VirtualMachine {
		return VirtualMachine{
			where, g.value("VmGuid").GUID(), g.value("BIOSGuid").GUID(), g.value("CreationTime").Time(), g.value("LastSeenActive").Time(),
			g.value("SerialNumber").Text(),
		}
	})
}

// Systems yields the rows of SYSTEM_IDENTITY.
func (r *Reader) Systems() iter.Seq2[System, error] {
	return rows(r, "SYSTEM_IDENTITY", func(g *get, where Where) System {
		return System{
			Where: where, Created: g.value("CreationTime").Time(), Host: g.value("SystemDNSHostName").Text(), Domain: g.value("SystemDomainName").Text(),
			Build: g.value("OSBuildNumber").Uint(), Manufacturer: g.value("SystemManufacturer").Text(), Product: g.value("SystemProductName").Text(),
			SerialNumber: g.value("SystemSerialNumber").Text(),
		}
	})
}

// Years yields, by the name of a database in the same folder, the year that it is of: the
// rows of CHAINED_DATABASES.
func (r *Reader) Years() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		type chained struct {
			name string
			year int
		}
		for c, err := range rows(r, "CHAINED_DATABASES", func(g *get, _ Where) chained {
			return chained{strings.TrimSpace(g.value("FileName").Text()), int(g.value("Year").Int())}
		}) {
			if err == nil && !yield(c.name, c.year) {
				return
			}
		}
	}
}
