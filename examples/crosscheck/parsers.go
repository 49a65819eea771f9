package main

import (
	"github.com/birthmark-dfir/birthmark/internal/child"
	"github.com/birthmark-dfir/birthmark/internal/records"
)

// A parser is one reader of some formats: ours, or a named package.
type parser struct {
	version string
	serve   map[string]child.Parser
}

const ours = "birthmark"

// parsers holds all readers by name.
var parsers = map[string]parser{
	ours:           {"this module", ourParsers()},
	"golang-evtx":  {"v1.2.9", map[string]child.Parser{"evtx": golangEVTX}},
	"go-ntfs":      {"v0.2.1", map[string]child.Parser{"mft": goNTFS}},
	"regparser":    {"v0.0.0-20250203141505-31e704a67ef7", map[string]child.Parser{"registry": regparserHive}},
	"saferwall-pe": {"v1.6.5", map[string]child.Parser{"pe": saferwallPE}},
}

// rivals names the second opinion on each format.
var rivals = map[string]string{
	"evtx":     "golang-evtx",
	"mft":      "go-ntfs",
	"registry": "regparser",
	"pe":       "saferwall-pe",
}

// ourParsers are those of package records; what is said of an event is put
// into the terms of its JSON form, which is how golang-evtx speaks.
func ourParsers() map[string]child.Parser {
	p := records.Parsers()
	p["evtx"] = ourEVTX
	return p
}
