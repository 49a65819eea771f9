package main

import (
	"bytes"
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/cim/cimtest"
	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/ese/srum/srumtest"
	"github.com/birthmark-dfir/birthmark/ese/ual"
	"github.com/birthmark-dfir/birthmark/ese/ual/ualtest"
	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// Rows of SRUM and of User Access Logging and consumers of WMI events that only a shadow copy
// has are in the timeline; those that the volume has too, with a count that went on, are there
// once.
func TestDatabasesInSnapshots(t *testing.T) {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	noon := day.Add(12 * time.Hour)
	state := func(rows []srumtest.Row, consumer string, clients ...ual.Client) mfttest.Volume {
		at := mfttest.AllAt(noon)
		usage, err := srumtest.Bytes(rows...)
		if err != nil {
			t.Fatal(err)
		}
		access, err := ualtest.Bytes(ualtest.Content{Clients: clients})
		if err != nil {
			t.Fatal(err)
		}
		var r cimtest.Repository
		r.Subscribe("CommandLineEventConsumer", consumer, "SELECT * FROM x", noon, map[string]any{"CommandLineTemplate": `C:\nc.exe`})
		files, err := r.Files()
		if err != nil {
			t.Fatal(err)
		}
		v := mfttest.Volume{Created: day, Files: []mfttest.File{
			{Path: "Windows/System32/sru/SRUDB.dat", Entry: 90, Data: usage, Times: at}, {Path: "Windows/System32/LogFiles/Sum/Current.mdb", Entry: 91, Data: access, Times: at},
		}}
		for i, name := range []string{"INDEX.BTR", "MAPPING1.MAP", "MAPPING2.MAP", "MAPPING3.MAP", "OBJECTS.DATA"} {
			if b, ok := files[name]; ok {
				v.Files = append(v.Files, mfttest.File{Path: "Windows/System32/wbem/Repository/" + name, Entry: 92 + uint64(i), Data: b, Times: at})
			}
		}
		return v
	}
	row := func(app string, at time.Time) srumtest.Row {
		return srumtest.Row{Kind: srum.ApplicationUsage, Time: at, App: `\Device\HarddiskVolume3\` + app, User: "S-1-5-18", Data: &srum.Application{ForegroundCycleTime: 7}}
	}
	client := func(user string, accesses uint64, last time.Time) ual.Client {
		return ual.Client{Accesses: accesses, First: day.Add(time.Hour), Last: last, Address: netip.MustParseAddr("203.0.113.77"), User: user, Days: []ual.Day{{Date: day, Accesses: accesses}}}
	}
	both := row("both.exe", noon)
	image, err := evidencetest.Shadows{
		Now: state([]srumtest.Row{both}, "Now", client("web\\both", 5, noon)),
		Then: []evidencetest.Shadow{{Created: noon.Add(time.Hour),
			State: state([]srumtest.Row{both, row("gone.exe", noon.Add(-time.Hour))}, "Gone", client("web\\both", 3, noon.Add(-time.Hour)), client("web\\gone", 1, noon))}},
	}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "c.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, problems bytes.Buffer
	if code := run(context.Background(), []string{"-q", "-snapshots", "-format", "csv", name}, &out, &problems); code != 0 || problems.Len() > 0 {
		t.Fatalf("code %d: %s", code, &problems)
	}
	for words, want := range map[string]int{
		"both.exe ran in the hour before": 1, "gone.exe ran in the hour before|vss1/Windows/System32/sru/SRUDB.dat": 1,
		"web\\both used the role|First Access": 1, "web\\both used the role|Day of Access": 1, "web\\both used the role|Last Access": 2, "web\\both used the role|vss1/|Last Access": 1,
		"web\\gone used the role|vss1/Windows/System32/LogFiles/Sum/Current.mdb": 3,
		"the consumer Now of WMI events":                                         1, "the consumer Gone of WMI events|vss1/Windows/System32/wbem/Repository/": 1,
	} {
		got := 0
		for line := range strings.Lines(out.String()) {
			has := true
			for word := range strings.SplitSeq(words, "|") {
				has = has && strings.Contains(line, word)
			}
			if has {
				got++
			}
		}
		if got != want {
			t.Errorf("%d lines with %q, want %d", got, words, want)
		}
	}
}
