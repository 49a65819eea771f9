package main

import (
	"cmp"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/registry"
)

// row is an autostart as it is printed. All formats have all its fields, by their tags:
//
//   - json is the name in jsonl and csv;
//   - text is the label of the value in text, or head for a field that the first
//     lines of a row have;
//   - base is how a baseline compares it: identity, never, if both have it, for a service
//     if both are of a version that writes it, or always without a tag.
type row struct {
	Category  string `json:"category" text:"head" base:"identity"`
	Location  string `json:"location" text:"head" base:"identity"`
	Name      string `json:"name" text:"head" base:"identity"`
	Command   string `json:"command" text:"head"`
	Path      string `json:"path" text:"head"`
	Use       string `json:"use" text:"head"`              // what Windows does with the file at path
	Hosted    string `json:"hosted,omitempty" text:"head"` // the file that the program at path only hosts
	Enabled   bool   `json:"enabled" text:"head"`
	Off       string `json:"off,omitempty" text:"off:" base:"both"`              // what turns it off
	OffFor    string `json:"off_for,omitempty" text:"off for" base:"both"`       // the accounts for which something turns it off
	DoneFor   string `json:"done_for,omitempty" text:"done for" base:"never"`    // of Active Setup: the accounts for which it ran
	Undecided string `json:"undecided,omitempty" text:"not known:" base:"never"` // what decides whether it is on, and is not known
	State     string `json:"state,omitempty" text:"head" base:"never"`           // hidden, unregistered, missing-xml; with a baseline: new, changed, gone, not-compared; with -deleted: deleted
	User      string `json:"user" text:"user" base:"identity"`
	LastWrite string `json:"last_write" text:"head" base:"never"`                     // RFC 3339 in UTC with 100 ns, or "" if unset
	Newest    string `json:"newest_write,omitempty" text:"last changed" base:"never"` // of all keys that describe it, if that is not last_write
	Hive      string `json:"hive" text:"head" base:"never"`                           // or the file of a task, or in a startup folder
	Offset    int64  `json:"offset" text:"head" base:"never"`                         // -1 in a file of its own

	Start          *uint32 `json:"start,omitempty" text:"start"`
	Type           *uint32 `json:"type,omitempty" text:"type"`
	Account        string  `json:"account,omitempty" text:"as"`
	DisplayName    string  `json:"display_name,omitempty" text:"called"`
	ServiceDll     string  `json:"service_dll,omitempty" text:"dll"`
	FailureCommand string  `json:"failure_command,omitempty" text:"on failure"`
	FailureActions string  `json:"failure_actions,omitempty" text:"failures"`
	Triggers       string  `json:"triggers,omitempty" text:"when"`

	// Of a service or a driver: what an earlier version did not write is not compared.
	Group           *string `json:"group,omitempty" text:"group" base:"service"` // not nil for a service
	DependOnService string  `json:"depends_on,omitempty" text:"after" base:"service"`
	DependOnGroup   string  `json:"depends_on_group,omitempty" text:"after group" base:"service"`
	ServiceMain     string  `json:"service_main,omitempty" text:"function" base:"service"`
	ErrorControl    *uint32 `json:"error_control,omitempty" text:"on error" base:"service"`
	DelayedStart    bool    `json:"delayed_start,omitempty" text:"delayed" base:"service"`
	FailuresOnStop  bool    `json:"failures_on_stop,omitempty" text:"failures on stop" base:"service"`
	Privileges      string  `json:"privileges,omitempty" text:"privileges" base:"service"`
	SIDType         *uint32 `json:"sid_type,omitempty" text:"sid type" base:"service"`
	Protected       *uint32 `json:"protected,omitempty" text:"protected" base:"service"`
	Changers        string  `json:"changers,omitempty" text:"changed by" base:"service"` // who may change it besides administrators

	Class   string `json:"class,omitempty" text:"class"`
	Shadows string `json:"shadows,omitempty" text:"in place of"`
	MovedTo string `json:"moved_to,omitempty" text:"to"`
	Link    string `json:"link,omitempty" text:"by way of"`
	Hidden  string `json:"hidden,omitempty" text:"hidden"`          // of a task or a service of the registry: why the tools of Windows do not list it
	File    string `json:"file,omitempty" text:"file" base:"never"` // of a task of the registry: its file
	Differs string `json:"differs,omitempty" text:"differs:"`       // of a task: how its file and the registry differ

	// With -verify, of the hosted file, or else of that at path.
	Verdict string `json:"verdict,omitempty" text:"verdict" base:"both"`
	Signer  string `json:"stated_signer,omitempty" text:"claimed signer" base:"both"`
	Catalog string `json:"catalog,omitempty" text:"in the catalog" base:"never"` // that lists it
	MD5     string `json:"md5,omitempty" text:"md5" base:"both"`
	SHA1    string `json:"sha1,omitempty" text:"sha1" base:"both"`
	SHA256  string `json:"sha256,omitempty" text:"sha256" base:"both"`

	// With -verify, of the file at path if it hosts another.
	HostVerdict string `json:"host_verdict,omitempty" text:"host verdict" base:"both"`
	HostSigner  string `json:"host_stated_signer,omitempty" text:"host signer" base:"both"`
	HostCatalog string `json:"host_catalog,omitempty" text:"host in the catalog" base:"never"`
	HostSHA256  string `json:"host_sha256,omitempty" text:"host sha256" base:"both"`

	Found   string   `json:"found,omitempty" text:"found in" base:"never"`  // of what is deleted: where it was found, and how sure it is
	Changed []change `json:"changed,omitempty" text:"changed" base:"never"` // with a baseline

	from  source
	sound bool // with -verify: the signatures of all files match them
}

// change is a field that differs from the baseline.
type change struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// source is where a row is from.
type source struct {
	vol     *evidence.Volume // nil for a row of a baseline
	profile string           // folder of the account that the commands run in, as Windows writes it; "" for all accounts
}

// The states of rows.
const (
	stateNew     = "new"
	stateChanged = "changed"
	stateGone    = "gone"
	stateDeleted = "deleted"

	stateNotCompared = "not-compared" // in the baseline, of a hive or a folder that the evidence does not hold

	stateHidden = "hidden"

	stateUnregistered = "unregistered" // the file of a task that the registry does not have
	stateMissingXML   = "missing-xml"  // a task of the registry that does not have a file
)

func newRow(a registry.Autostart, from source) row {
	r := row{
		Category: a.Category, Location: a.Location, Name: a.Name, Command: a.Command, Path: a.Path, Use: string(a.Use),
		Hosted:  cmp.Or(a.ServiceDll, registry.HostedPath(a.Command)),
		Enabled: a.Enabled, Off: a.Off, OffFor: a.OffFor, DoneFor: a.DoneFor, Undecided: a.Undecided, User: a.User, LastWrite: stamp(a.LastWrite), Hive: a.Hive, Offset: a.Offset,
		Account: a.ObjectName, DisplayName: a.DisplayName, ServiceDll: a.ServiceDll, FailureCommand: a.FailureCommand, FailureActions: a.FailureActions,
		Triggers: a.Triggers, Class: a.Class, Shadows: a.Shadows, MovedTo: a.MovedTo, Link: a.Link, Hidden: a.Hidden, from: from,
	}
	if a.Newest.After(a.LastWrite) {
		r.Newest = stamp(a.Newest)
	}
	if r.isService() {
		r.Type = &a.Type
		r.takeSettings(&a.Settings)
		if !a.NoStart {
			r.Start = &a.Start
		}
	}
	if a.Hidden != "" {
		r.State = stateHidden
	}
	return r
}

// takeSettings takes the settings of a service. Numbers that are 0 are those of most, and
// left out.
func (r *row) takeSettings(s *registry.ServiceSettings) {
	number := func(n *uint32) *uint32 {
		if *n == 0 {
			return nil
		}
		return n
	}
	r.Group, r.DependOnService, r.DependOnGroup, r.ServiceMain, r.ErrorControl = &s.Group, s.DependOnService, s.DependOnGroup, s.ServiceMain, number(&s.ErrorControl)
	r.DelayedStart, r.FailuresOnStop, r.Privileges, r.SIDType, r.Protected, r.Changers = s.DelayedStart, s.FailuresOnStop, s.Privileges, number(&s.SIDType), number(&s.Protected), s.Changers
}

func newDeletedRow(a registry.DeletedAutostart, from source) row {
	r := newRow(a.Autostart, from)
	r.State, r.Found = stateDeleted, fmt.Sprintf("%s, confidence %s", a.Place, a.Confidence)
	if a.Log != "" {
		r.Found += ", " + a.Log
	}
	return r
}

// isService reports whether a row is one of a service or a driver, which have a start and
// a type.
func (r *row) isService() bool { return r.Category == "service" || r.Category == "driver" }

// changedSince reports whether a row was written at a time or later, as far as that is
// recorded.
func (r *row) changedSince(t time.Time) bool {
	if r.State == stateGone || r.State == stateNotCompared {
		return true // nothing records when
	}
	at, err := time.Parse(time.RFC3339Nano, cmp.Or(r.Newest, r.LastWrite))
	return err != nil || !at.Before(t)
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return filetime.Clamp(t).Format(time.RFC3339Nano)
}
