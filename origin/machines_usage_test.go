package origin_test

import (
	"net/netip"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/ese/srum/srumtest"
	"github.com/birthmark-dfir/birthmark/ese/ual"
	"github.com/birthmark-dfir/birthmark/ese/ual/ualtest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Machines on which no log has a run or a logon, and the databases of SRUM and of User
// Access Logging show that something was in use.
func used() []story {
	file := born(tool, "12:00:00.2134567", lee)
	const volume = `\Device\HarddiskVolume3`
	at := func(hour string, app string, data any) srumtest.Row {
		r := srumtest.Row{Kind: srum.ApplicationUsage, Time: clock(hour), App: app, User: lee.sid, Data: data}
		if _, ok := data.(*srum.Network); ok {
			r.Kind = srum.NetworkUsage
		}
		return r
	}
	recorded := func(rows ...srumtest.Row) mfttest.File {
		b, err := srumtest.Bytes(rows...)
		if err != nil {
			panic(err)
		}
		return mfttest.File{Path: "Windows/System32/sru/SRUDB.dat", Data: b, Times: mfttest.AllAt(clock("15:00:00"))}
	}
	fileServer, err := winid.ParseGUID("{10A9226F-50EE-49D8-A393-9A501D47CE04}")
	if err != nil {
		panic(err)
	}
	client := func(address, first string) ual.Client {
		day := clock(first).Truncate(24 * time.Hour)
		return ual.Client{Role: ual.Role{ID: fileServer}, Accesses: 3, First: clock(first), Last: clock(first).Add(time.Hour), Address: netip.MustParseAddr(address),
			User: strings.ToLower(lee.String()), Days: []ual.Day{{Date: day, Accesses: 3}}}
	}
	counted := func(clients ...ual.Client) []any {
		b, err := ualtest.Bytes(ualtest.Content{Clients: clients})
		if err != nil {
			panic(err)
		}
		var files []any
		for _, name := range [...]string{"Current.mdb", "{8D4D5E0C-7C4B-4D0D-9B0B-2E3B4E5A6B7C}.mdb"} {
			files = append(files, mfttest.File{Path: "Windows/System32/LogFiles/Sum/" + name, Data: b, Times: mfttest.AllAt(clock("15:00:00"))})
		}
		return files
	}
	path := volume + strings.TrimPrefix(tool, "C:")
	named := "!!tool.exe!2026/03/01:10:00:00!15eca!"
	of := func(executed, logon string) truth {
		t := truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.Executed: executed}
		if logon != "" {
			t[origin.Logon] = logon
		}
		return t
	}
	on := func(parts ...any) world { return box("SRV02", day(), file, parts) }
	// The logs have the name of the account, and not its session.
	known := ran("07:00:00", 4312, system32+"whoami.exe", "whoami", 4300, shell, lee.in(0x1234))
	runs := "inferred proves=execution | by=2026-03-02T14:00:00Z"

	return []story{
		{"SRUM saw it", on(recorded(at("14:00:00", path, &srum.Application{ForegroundCycleTime: 7}), at("15:00:00", path, &srum.Network{BytesSent: 1 << 20, BytesRecvd: 77}))),
			tool, of(runs, "")},

		{"SRUM saw it in the hour of its creation", on(recorded(at("12:30:00", path, &srum.Application{ForegroundCycleTime: 7}))),
			tool, of("inferred proves=execution | by=2026-03-02T12:30:00Z", "")},

		{"SRUM saw a program of its name", on(recorded(at("14:00:00", named, &srum.Application{ForegroundCycleTime: 7}))), tool, of(runs, "")},

		{"SRUM saw its path before it was there", on(recorded(at("11:30:00", path, &srum.Application{ForegroundCycleTime: 7}))), tool, of("unknown", "")},

		{"SRUM saw another program", on(recorded(at("14:00:00", volume+`\Windows\other.exe`, &srum.Network{BytesSent: 1}))), tool, of("unknown", "")},

		{"its owner used the server from one address", on(known, counted(client("203.0.113.77", "10:00:00"))), tool,
			of("unknown", "inferred address=203.0.113.77 | from=address | user="+strings.ToLower(lee.String()))},

		{"its owner used the server from two addresses", on(known, counted(client("203.0.113.77", "10:00:00"), client("198.51.100.9", "09:00:00"))), tool,
			of("unknown", "inferred address=203.0.113.77 | address=198.51.100.9 | from=address | user="+strings.ToLower(lee.String()))},

		{"its owner used the server, according to a shadow copy", func() world {
			w := on(known)
			w.past = []moment{{created: clock("15:00:00"), world: on(counted(client("203.0.113.77", "10:00:00"))...)}}
			return w
		}(), tool, of("unknown", "inferred address=203.0.113.77 | from=address | user="+strings.ToLower(lee.String()))},

		{"its owner used the server on another day", on(known, counted(client("203.0.113.77", "2026-03-01 10:00:00"))), tool, of("unknown", "unknown")},

		{"another account used the server", on(known, counted(func() ual.Client {
			c := client("203.0.113.77", "10:00:00")
			c.User = `corp\anna`
			return c
		}())), tool, of("unknown", "unknown")},
	}
}
