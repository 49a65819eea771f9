package srum_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/ese/srum/srumtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

var when = time.Date(2026, 3, 2, 13, 0, 0, 0, time.UTC)

const (
	tool = `\Device\HarddiskVolume3\ProgramData\USOShared\sqlserver.exe`
	lee  = "S-1-5-21-1-2-3-1104"
)

// sample has a row of each kind that has a struct, with a value in every field.
func sample() []srumtest.Row {
	var list []srumtest.Row
	for i, r := range []struct {
		kind srum.Kind
		data any
	}{
		{srum.ApplicationUsage, new(srum.Application)}, {srum.NetworkUsage, new(srum.Network)}, {srum.NetworkConnectivity, new(srum.Connection)},
		{srum.EnergyUsage, new(srum.Energy)}, {srum.Notifications, new(srum.Notification)}, {srum.ApplicationTimeline, new(srum.Timeline)},
		{srum.VirtualUsage, new(srum.Virtual)},
	} {
		v := reflect.ValueOf(r.data).Elem()
		for j := range v.NumField() {
			if v.Field(j).CanUint() {
				v.Field(j).SetUint(uint64(1000*i + j + 1))
			} else {
				v.Field(j).Set(reflect.ValueOf(when.Add(time.Duration(j) * time.Second)))
			}
		}
		list = append(list, srumtest.Row{Kind: r.kind, Time: when, App: tool, User: lee, Data: r.data})
	}
	return list
}

func open(t testing.TB, db esetest.Database) *srum.Reader {
	t.Helper()
	raw, err := esetest.Bytes(db)
	if err != nil {
		t.Fatal(err)
	}
	r, err := srum.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What srumtest writes is read back as it was.
func TestWriterAndReaderAgree(t *testing.T) {
	db, err := srumtest.Database(sample()...)
	if err != nil {
		t.Fatal(err)
	}
	r := open(t, db)
	n := 0
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		want := sample()[slices.IndexFunc(sample(), func(s srumtest.Row) bool { return s.Kind == rec.Kind })]
		if !reflect.DeepEqual(rec.Data, want.Data) || !rec.Time.Equal(when) || rec.App.Text != tool || rec.User.Text != lee || rec.User.Type != srum.UserID || rec.ID != 1 {
			t.Errorf("%s: %+v %+v, want %+v", rec.Kind, rec, rec.Data, want.Data)
		}
		n++
	}
	if n != len(sample()) {
		t.Errorf("%d rows", n)
	}
	for p := range r.Problems() {
		t.Error(p)
	}
	if _, err := srumtest.Bytes(srumtest.Row{Kind: "x", Data: &srum.Network{}}); err == nil {
		t.Error("an unknown kind was written")
	}
}

func TestIdentity(t *testing.T) {
	id := srum.Identity{Text: "!!svchost.exe!2037/07/18:06:45:20!15eca![netsvcs] [BITS] "}
	img, ok := id.Image()
	want := srum.Image{Name: "svchost.exe", Linked: time.Date(2037, 7, 18, 6, 45, 20, 0, time.UTC), Checksum: "15eca", Services: "[netsvcs] [BITS]"}
	if !ok || img != want || id.Path() != "" {
		t.Errorf("%+v, %t", img, ok)
	}
	path := srum.Identity{Text: tool}
	if _, ok := path.Image(); ok || path.Path() != tool {
		t.Errorf("%+v", path)
	}
	if device, rest := path.Device(); device != `\Device\HarddiskVolume3` || rest != `\ProgramData\USOShared\sqlserver.exe` {
		t.Errorf("%s, %s", device, rest)
	}
	if device, rest := (srum.Identity{Text: "BITS"}).Device(); device != "" || rest != "" {
		t.Errorf("%s, %s", device, rest)
	}
	if s := (srum.Identity{Index: 7}).String(); s != "#7" {
		t.Error(s)
	}
}

// What is wrong with identities is reported, and the rows that name them are read.
func TestDamagedIdentities(t *testing.T) {
	db, err := srumtest.Database(sample()...)
	if err != nil {
		t.Fatal(err)
	}
	db.Tables[0].Rows[1][2] = []byte{9, 200, 0} // the SID
	db.Tables[0].Rows[0][2] = bytes.Repeat([]byte("x"), 70000)
	r := open(t, db)
	var texts []string
	for p := range r.Problems() {
		texts = append(texts, p.String())
	}
	for _, want := range []string{"got 70000 bytes, want ≤ 65536", "got 09 c8 00, want a SID"} {
		if !slices.ContainsFunc(texts, func(s string) bool {
			return strings.HasPrefix(s, "malformed: ese: SruDbIdMapTable: page ") && strings.HasSuffix(s, want)
		}) {
			t.Errorf("%q, want %s", texts, want)
		}
	}
	for rec, err := range r.Records() {
		if err != nil || rec.App.Text != "" || rec.App.Index != 1 || rec.App.Known {
			t.Errorf("%+v, %v", rec, err)
		}
	}
	var none *srum.Reader
	for range none.Records() {
		t.Error("a record of nothing")
	}
	if none.Close() != nil || none.Database() != nil || none.Identity(1).Known || len(slices.Collect(none.Problems())) != 0 {
		t.Error("a nil Reader has something")
	}
}

// dissect prints the rows that dissect reads, with their identities. Package ese compares
// all values.
const dissect = `
import sys
from dissect.database.ese.tools.sru import SRU, SKIP_TABLES
with open(sys.argv[1], "rb") as fh:
    sru = SRU(fh)
    for table in sru.db.tables():
        if table.name in SKIP_TABLES: continue
        for e in sru.get_table_entries(table=table):
            print(table.name, e["AutoIncId"], round(e["TimeStamp"].timestamp()), ascii(e["AppId"] or ""), e["UserId"] or "", sep="|")
`

// Dissect reads the same rows, with the same identities.
func TestDissectReadsTheSame(t *testing.T) {
	name := testenv.UnpackedSample(t, "traces/srum/SRUDB.dat.zst")
	out, err := exec.Command(testenv.Python(t, "dissect.database.ese.tools.sru"), "-c", dissect, name).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(out)), "\n")
	r, err := srum.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var got []string
	kinds := map[srum.Kind]int{}
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		kinds[rec.Kind]++
		app := "'" + strings.ReplaceAll(rec.App.Text, `\`, `\\`) + "'"
		got = append(got, fmt.Sprintf("%s|%d|%d|%s|%s", rec.Table, rec.ID, rec.Time.Round(time.Second).Unix(), app, rec.User.Text))
	}
	slices.Sort(got)
	slices.Sort(want)
	if len(got) != len(want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("%s, want %s", got[i], want[i])
		}
	}
	t.Log(len(got), "rows:", kinds)
}

// Whatever the bytes: every error located.
func FuzzReader(f *testing.F) {
	db, err := srumtest.Database(sample()...)
	if err != nil {
		f.Fatal(err)
	}
	db.PageSize = 2048
	raw, err := esetest.Bytes(db)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, raw []byte) {
		esetest.Repair(raw)
		r, err := srum.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		for rec, err := range r.Records() {
			if err != nil && !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			if rec != nil {
				_, _ = rec.App.Image()
				_, _ = rec.App.Device()
			}
		}
		for p := range r.Problems() {
			_ = p.String()
		}
	})
}

func ExampleReader_Records() {
	raw, err := srumtest.Bytes(srumtest.Row{
		Kind: srum.NetworkUsage, Time: when, App: tool, User: lee, Data: &srum.Network{InterfaceLuid: 6 << 48, BytesSent: 4063, BytesRecvd: 12213},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := srum.NewReader(bytes.NewReader(raw), int64(len(raw)), ese.WithName("SRUDB.dat"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for rec, err := range r.Records() {
		if err != nil {
			fmt.Println(err) // damage: the next row follows
			continue
		}
		if n, ok := rec.Data.(*srum.Network); ok {
			fmt.Println("before", rec.Time.Format(time.DateTime), rec.App, "sent", n.BytesSent)
		}
	}
	// Output:
	// before 2026-03-02 13:00:00 \Device\HarddiskVolume3\ProgramData\USOShared\sqlserver.exe sent 4063
}
