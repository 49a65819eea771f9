package timeline

import (
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/winid"
)

// logKind is a row that is ready to be used for one kind of record. Fields are indices
// in the struct, or noField.
type logKind struct {
	kind     Kind
	paths    [][]int             // each is the parts of a path
	form     func(string) string // makes a path of the text, or nil
	accounts []logAccount
}

type logAccount struct{ domain, user, sid int }

const noField = -1

// writerAccount means the account of the process that wrote the record.
var writerAccount = logAccount{-2, -2, -2}

// logKinds has the rows by the names of their records.
var logKinds = func() map[string]logKind {
	rows := map[string]logRow{}
	for _, row := range logRows {
		for name := range row.names() {
			rows[name] = row
		}
	}
	m := make(map[string]logKind, len(rows))
	for k := range evtx.Kinds() {
		if row, ok := rows[k.Name]; ok {
			m[k.Name] = row.compile(reflect.TypeOf(k.New()).Elem())
		}
	}
	return m
}()

// names yields the names of the records of a row.
func (row logRow) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		source, ids, _ := strings.Cut(row.records, "-")
		for id := range strings.FieldsSeq(ids) {
			if !yield(source + "-" + id) {
				return
			}
		}
	}
}

// compile finds the fields of a row in the struct of its records.
func (row logRow) compile(typ reflect.Type) logKind {
	field := func(name string) int {
		if f, ok := typ.FieldByName(name); ok && len(f.Index) == 1 && f.Type.Kind() == reflect.String {
			return f.Index[0]
		}
		return noField
	}
	k := logKind{kind: row.happened}
	switch {
	case row.path == "":
	case slices.Contains(commandFields, row.path):
		k.form = registry.ExecutablePath
	case strings.HasPrefix(row.records, "defender-"):
		k.form = malwareFile
	}
	for path := range alternatives(row.path) {
		var parts []int
		for part := range strings.SplitSeq(path, `\`) {
			parts = append(parts, field(part))
		}
		k.paths = append(k.paths, parts)
	}
	for account := range alternatives(row.account) {
		if account == "System" {
			k.accounts = append(k.accounts, writerAccount)
			continue
		}
		if account == "Subject" || account == "Target" {
			sid := account + "UserSid"
			if field(sid) < 0 {
				sid = account + "Sid"
			}
			account = account + `DomainName\` + account + "UserName/" + sid
		}
		name, sid, _ := strings.Cut(account, "/")
		domain, user, ok := strings.Cut(name, `\`)
		if !ok {
			domain, user = "", name
		}
		k.accounts = append(k.accounts, logAccount{field(domain), field(user), field(sid)})
	}
	return k
}

func alternatives(s string) iter.Seq[string] {
	if s == "" {
		return func(func(string) bool) {}
	}
	return strings.SplitSeq(s, "|")
}

// commandFields hold a command rather than a path.
var commandFields = []string{"ServiceFileName", "ImagePath", "ActionName", "Command", "Pgm"}

// malwareFile returns the first file in the text that Defender writes, such as
// containerfile:_C:\a.zip; file:_C:\a.zip->b.exe.
func malwareFile(s string) string {
	if _, path, ok := strings.Cut(s, "file:_"); ok {
		s = path
	}
	s, _, _ = strings.Cut(s, ";")
	s, _, _ = strings.Cut(s, "->")
	return s
}

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
	for _, parts := range k.paths {
		if e.Path = text(parts[0]); e.Path == "" {
			continue
		}
		for _, part := range parts[1:] {
			if name := text(part); name != "" {
				e.Path = strings.TrimSuffix(e.Path, `\`) + `\` + name
			}
		}
		if k.form != nil {
			e.Path = k.form(e.Path)
		}
		break
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
