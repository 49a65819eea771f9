package timeline

import (
	"reflect"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/winid"
)

// logRow is what a kind of event-log record says that an Event has fields for. The
// message is the sentence of package evtx.
type logRow struct {
	record   string // evtx.Kind.Name
	happened Kind
	// path is the field with the file, program or registry key. If it holds a
	// command, Path is the program.
	path string
	// account is the fields with the account that did it: Subject stands for
	// SubjectDomainName, SubjectUserName and SubjectUserSid, and so does Target; User
	// is a field; System is the account of the process that wrote the record. The
	// first account that the record has counts.
	account string
}

// logRows has a row for each kind of record that becomes an event of its own kind.
// All other records become a LogRecord, with the account of the process that wrote
// them.
var logRows = []logRow{
	// Security
	{"security-4624", Logon, "ProcessName", "Target"},
	{"security-4625", LogonFailed, "ProcessName", "Target"},
	{"security-4634", Logoff, "", "Target"},
	{"security-4647", Logoff, "", "Target"},
	{"security-4648", LogonExplicit, "ProcessName", "Subject"},
	{"security-4672", PrivilegesAssigned, "", "Subject"},
	{"security-4688", ProcessStarted, "NewProcessName", "Target|Subject"},
	{"security-4689", ProcessEnded, "ProcessName", "Subject"},
	{"security-4697", ServiceInstalled, "ServiceFileName", "Subject"},
	{"security-4698", TaskRegistered, "", "Subject"},
	{"security-4720", UserCreated, "", "Subject"},
	{"security-1102", LogCleared, "", "Subject"},
	// System
	{"system-7045", ServiceInstalled, "ImagePath", "System"},
	{"system-104", LogCleared, "", "Subject"},
	// Sysmon
	{"sysmon-1", ProcessStarted, "Image", "User"},
	{"sysmon-2", FileTimeChanged, "TargetFilename", "User"},
	{"sysmon-3", NetworkConnected, "Image", "User"},
	{"sysmon-5", ProcessEnded, "Image", "User"},
	{"sysmon-11", FileCreatedByProcess, "TargetFilename", "User"},
	{"sysmon-12", RegistryKeyChanged, "TargetObject", "User"},
	{"sysmon-13", RegistryValueSet, "TargetObject", "User"},
	{"sysmon-14", RegistryRenamed, "TargetObject", "User"},
	{"sysmon-15", StreamCreated, "TargetFilename", "User"},
	{"sysmon-23", FileDeleted, "TargetFilename", "User"},
	{"sysmon-26", FileDeleted, "TargetFilename", "User"},
	// Terminal services
	{"rdp-1149", RDPAuthenticated, "", "User"},
	{"rdp-21", RDPLogon, "", "User"},
	{"rdp-22", RDPShellStarted, "", "User"},
	{"rdp-23", RDPLogoff, "", "User"},
	{"rdp-24", RDPDisconnected, "", "User"},
	{"rdp-25", RDPReconnected, "", "User"},
	{"rdp-39", RDPDisconnected, "", ""},
	{"rdp-40", RDPDisconnected, "", ""},
}

// commandFields hold a command rather than a path.
var commandFields = []string{"ServiceFileName", "ImagePath"}

// logKind is a row that is ready to be used: fields are indices in the struct, or -1.
type logKind struct {
	kind     Kind
	path     int
	command  bool
	accounts []logAccount
}

type logAccount struct{ domain, user, sid int }

// logKinds has the rows by the name of their record.
var logKinds = func() map[string]logKind {
	m := make(map[string]logKind, len(logRows))
	rows := map[string]logRow{}
	for _, row := range logRows {
		rows[row.record] = row
	}
	for k := range evtx.Kinds() {
		if row, ok := rows[k.Name]; ok {
			m[k.Name] = row.compile(reflect.TypeOf(k.New()).Elem())
		}
	}
	return m
}()

// compile finds the fields of a row in the struct of its records.
func (row logRow) compile(typ reflect.Type) logKind {
	field := func(name string) int {
		if f, ok := typ.FieldByName(name); ok && len(f.Index) == 1 && f.Type.Kind() == reflect.String {
			return f.Index[0]
		}
		return -1
	}
	k := logKind{kind: row.happened, path: field(row.path), command: slices.Contains(commandFields, row.path)}
	for account := range strings.SplitSeq(row.account, "|") {
		switch account {
		case "":
		case "System":
			k.accounts = append(k.accounts, writerAccount)
		case "User":
			k.accounts = append(k.accounts, logAccount{field("Domain"), field("User"), -1})
		default:
			sid := field(account + "UserSid")
			if sid < 0 {
				sid = field(account + "Sid")
			}
			k.accounts = append(k.accounts, logAccount{field(account + "DomainName"), field(account + "UserName"), sid})
		}
	}
	return k
}

// writerAccount stands for the account of the process that wrote the record.
var writerAccount = logAccount{-2, -2, -2}

// describe sets what an event has of its record.
func (k *logKind) describe(r evtx.TypedEvent, e *Event) {
	v := reflect.ValueOf(r).Elem()
	text := func(i int) string {
		if i < 0 {
			return ""
		}
		return winid.Undash(v.Field(i).String())
	}
	e.Kind = k.kind
	if e.Path = text(k.path); k.command {
		e.Path = registry.ExecutablePath(e.Path)
	}
	for _, a := range k.accounts {
		if a == writerAccount {
			e.SID = r.Sys().UserSID
			break
		}
		if e.User = winid.Account(text(a.domain), text(a.user)); e.User != "" || text(a.sid) != "" {
			if e.SID = text(a.sid); e.SID == nullSID {
				e.SID = ""
			}
			break
		}
	}
}

// nullSID is what Windows logs in place of a missing SID.
const nullSID = "S-1-0-0"

// loggedKinds are the kinds of the events of records, in order.
var loggedKinds = func() []Kind {
	all := []Kind{LogRecord}
	for _, row := range logRows {
		all = append(all, row.happened)
	}
	slices.Sort(all)
	return slices.Compact(all)
}()
