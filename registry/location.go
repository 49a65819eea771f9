package registry

import (
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// location is a place in a hive that names what Windows, or a program that comes with
// it, starts or loads by itself. A new location is one row in one of the tables.
type location struct {
	category string   // one of categories
	in       hives    // that may have it
	path     string   // below what the hives' comments say; see pathPattern
	values   []string // names; nil is all, "" the default value, and after except those that do not count
	read     reading  // how a value names its program
	off      off      // what turns it off
	form     form     //
	since    string   // the first Windows that reads it, and the last if it is of the past
}

// hives is the set of hives that may have a location.
type hives uint8

const (
	machine        hives = 1 << iota // SOFTWARE
	user                             // NTUSER.DAT, below Software
	profile                          // NTUSER.DAT, below its root
	system                           // SYSTEM, below the current control set
	setup                            // SYSTEM, below its root
	machineClasses                   // SOFTWARE, below Classes
	userClasses                      // UsrClass.dat, or NTUSER.DAT below Software\Classes

	classes = machineClasses | userClasses
)

// form describes how a location is written.
type form uint8

const (
	both   form = 1 << iota // also in the view of 32-bit programs, below Wow6432Node
	commas                  // a value lists commands, separated by commas
	blanks                  // or by commas and blanks
	semis                   // or by semicolons
	all                     // holds thousands that come with Windows: listed only WithAllLocations
	marks                   // belongs to a registration and names nothing itself: AutostartCategory alone knows it
)

// The names of keys in a pattern are separated by backslashes. A name may be *, which
// matches every subkey, or several names separated by |. In double quotes "*" is the
// key that is called so.
const (
	anyKey  = "*"
	starKey = `"*"`
)

const (
	windows   = `Microsoft\Windows\CurrentVersion\`
	windowsNT = `Microsoft\Windows NT\CurrentVersion\`
	explorer  = windows + `Explorer\`
	session   = `Control\Session Manager`
	services  = `Services\*`
)

// exceptMark is the first of the names of values that do not count.
const exceptMark = "\x00"

// except returns the names of all values but those.
func except(names ...string) []string { return append([]string{exceptMark}, names...) }

// named returns a list of names.
func named(names ...string) []string { return names }

// theDefault is the default value alone.
var theDefault = named("")

// has reports whether a location counts a value of that name.
func (l *location) has(name string) bool {
	switch {
	case l.values == nil:
		return true
	case len(l.values) > 0 && l.values[0] == exceptMark:
		return !containsName(l.values[1:], name)
	}
	return containsName(l.values, name)
}

// off is a set of what turns an autostart off, by the rows of offs.
type off uint64

const (
	byStartupApproved off = 1 << iota
	byRunPolicy
	byRunOncePolicy
	byNT
	byVista
	byIsInstalled
	byScreenSaver
	byVerifierFlag
	byUseFilter
	byReportingMode
	byLoadAppInit
	bySecureBoot
	bySigned
	byBlocked
	byApproved
	byEnable
	byAboutHome
	byBrowserExtensions
	byAddonList
	byAddonSettings
	byLoadBehavior
	byResiliency
	byAddinList
	byCORProfiling
	byCoreCLRProfiling
	byEngine
	bySetupType
	byDisabled
	byExcluded
	byEnabled
	byCallouts
	byServiceStart
	byOwner
	bySpooler
	byImaging
	byDriver
	byProviderOrder
	byHooks
	byProtectedLSA
	byActiveSetup

	never off = 0
)

// containsName reports whether a list has a name, ignoring case.
func containsName(list []string, name string) bool {
	return slices.ContainsFunc(list, func(n string) bool { return winpath.SameName(n, name) })
}
