package main

import "github.com/birthmark-dfir/birthmark/lab/internal/child"

// A parser reads some formats: ours, or one of the rivals.
type parser struct {
	version string
	formats map[string]child.Parser
}

const ours = "birthmark"

// guarded is the suffix of a format that is read record by record, and in which a
// parser survives records that crash it. It is used after a crash, so that one bad
// record does not hide the others.
const guarded = " record by record"

// parsers holds all parsers by name. They translate records into terms that all
// parsers of a format share.
var parsers = map[string]parser{
	ours: {"this module", map[string]child.Parser{
		"evtx": ourEVTX, "mft": ourMFT, "ntfs": ourVolume, "registry": ourRegistry, "pe": ourPE,
	}},
	"golang-evtx":  {"v1.2.9", map[string]child.Parser{"evtx": golangEVTX, "evtx" + guarded: golangEVTXGuarded}},
	"go-ntfs":      {"v0.2.1", map[string]child.Parser{"mft": goNTFS, "ntfs": goNTFSVolume}},
	"regparser":    {"v0.0.0-20250203141505-31e704a67ef7", map[string]child.Parser{"registry": regparserHive}},
	"saferwall-pe": {"v1.6.5", map[string]child.Parser{"pe": saferwallPE}},
}

// rivals names the second opinion on each format.
var rivals = map[string]string{
	"evtx":     "golang-evtx",
	"mft":      "go-ntfs",
	"ntfs":     "go-ntfs",
	"registry": "regparser",
	"pe":       "saferwall-pe",
}

// list collects the fields of a record.
type list []child.Field

func (l *list) add(name, value string) { *l = append(*l, child.Field{Name: name, Value: value}) }

// set is add for values that may be absent.
func (l *list) set(name, value string) {
	if value != "" {
		l.add(name, value)
	}
}
