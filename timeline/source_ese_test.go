package timeline

import (
	"net/netip"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/ese/srum/srumtest"
	"github.com/birthmark-dfir/birthmark/ese/ual"
	"github.com/birthmark-dfir/birthmark/ese/ual/ualtest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Each row of SRUM is an event of when it was recorded.
func TestSRUM(t *testing.T) {
	at := time.Date(2026, 3, 2, 13, 0, 0, 0, time.UTC)
	const app = `\Device\HarddiskVolume3\ProgramData\up.exe`
	raw, err := srumtest.Bytes(
		srumtest.Row{Kind: srum.NetworkUsage, Time: at, App: app, User: "S-1-5-18", Data: &srum.Network{BytesSent: 4063, BytesRecvd: 12}},
		srumtest.Row{Kind: srum.ApplicationUsage, Time: at.Add(time.Hour), App: app, User: "S-1-5-18", Data: &srum.Application{ForegroundBytesRead: 1, BackgroundBytesRead: 2, BackgroundBytesWritten: 4}},
		srumtest.Row{Kind: srum.NetworkUsage, Time: at.Add(time.Hour), App: "!!svchost.exe!2037/07/18:06:45:20!15eca![netsvcs] [BITS] ", User: "S-1-5-18", Data: &srum.Network{BytesSent: 1}},
		srumtest.Row{Kind: srum.NetworkConnectivity, Time: at.Add(time.Hour), Data: &srum.Connection{ConnectedTime: 60, ConnectStartTime: at}},
	)
	if err != nil {
		t.Fatal(err)
	}
	for _, artifact := range []string{"Windows/System32/sru/SRUDB.dat", "collected/srudb.dat"} {
		tl := collect(t, fstest.MapFS{artifact: {Data: raw}})
		var got []string
		for e := range tl.Events() {
			if e.Source.Type != TypeSRUM {
				continue
			}
			got = append(got, e.Time.Format("15:04 ")+string(e.Kind)+": "+e.Message)
			if e.Field("App") == app && (e.Path != `C:\ProgramData\up.exe` || e.SID != "S-1-5-18" || e.Desc != "Recorded, for the Hour Before") {
				t.Errorf("%s: %+v", artifact, e)
			}
		}
		want := []string{
			`13:00 network.used: C:\ProgramData\up.exe sent 4063 bytes and received 12 in the hour before`,
			`14:00 program.used: C:\ProgramData\up.exe ran in the hour before: it read 3 bytes and wrote 4`,
			`14:00 network.used: svchost.exe [netsvcs] [BITS] sent 1 bytes and received 0 in the hour before`,
			`14:00 interface.connected: an interface was connected for 60 s, since 2026-03-02T13:00:00.0000000Z`,
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", artifact, got)
		}
		if c := covered(t, tl, artifact); c.Type != TypeSRUM || c.State != Parsed || c.Records != 4 || c.ProblemCount != 0 {
			t.Errorf("%s: %+v", artifact, c)
		}
	}
	another, err := ualtest.Bytes(ualtest.Content{})
	if err != nil {
		t.Fatal(err)
	}
	for what, data := range map[string][]byte{"a file that is not a database": []byte("no"), "a database of something else": another} {
		if c := covered(t, collect(t, fstest.MapFS{"SRUDB.dat": {Data: data}}), "SRUDB.dat"); c.State != Damaged || c.ProblemCount != 1 {
			t.Errorf("%s: %+v", what, c)
		}
	}
}

// A client of User Access Logging is an event for its first access, its last, and each day.
func TestUAL(t *testing.T) {
	at := time.Date(2026, 3, 2, 13, 0, 0, 0, time.UTC)
	role, err := winid.ParseGUID("{10A9226F-50EE-49D8-A393-9A501D47CE04}")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := ualtest.Bytes(ualtest.Content{
		Clients: []ual.Client{{Role: ual.Role{ID: role}, Accesses: 7, First: at, Last: at.Add(24 * time.Hour), Address: netip.MustParseAddr("203.0.113.77"), User: `corp\lee`,
			Days: []ual.Day{{Date: at.Truncate(24 * time.Hour), Accesses: 7}}}},
		Hosts: []ual.Host{{Address: "203.0.113.77", Name: "ws07", LastSeen: at}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, artifact := range []string{"Windows/System32/LogFiles/Sum/Current.mdb", "Sum/{8D4D5E0C-7C4B-4D0D-9B0B-2E3B4E5A6B7C}.mdb"} {
		tl := collect(t, fstest.MapFS{artifact: {Data: raw}})
		var got []string
		for e := range tl.Events() {
			if e.Source.Type == TypeUAL {
				got = append(got, e.Time.Format("02 15:04 ")+string(e.Kind)+" "+e.Desc+": "+e.Message)
			}
		}
		want := []string{
			`02 00:00 server.accessed Day of Access: corp\lee used the role File Server from 203.0.113.77 7 times on this day`,
			`02 13:00 server.accessed First Access: corp\lee used the role File Server from 203.0.113.77 for the first time of the year`,
			`02 13:00 host.named Last Seen: 203.0.113.77 had the name ws07`,
			`03 13:00 server.accessed Last Access: corp\lee used the role File Server from 203.0.113.77 for the last time, 7 times in all`,
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q", artifact, got)
		}
		if c := covered(t, tl, artifact); c.Type != TypeUAL || c.State != Parsed || c.Records != 2 || c.ProblemCount != 0 {
			t.Errorf("%s: %+v", artifact, c)
		}
	}
	if c := covered(t, collect(t, fstest.MapFS{"Current.mdb": {Data: []byte("no")}}), "Current.mdb"); c.State != Damaged || c.ProblemCount != 1 {
		t.Errorf("a file that is not a database: %+v", c)
	}
}
