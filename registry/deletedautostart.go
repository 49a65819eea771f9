package registry

import (
	"iter"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// DeletedAutostart is something that a hive made Windows run by itself, until it was
// deleted. It is never enabled.
type DeletedAutostart struct {
	Autostart
	Place      Place
	Log        string // name of the transaction log, if the place is one
	Confidence Confidence
}

// DeletedAutostarts iterates over what [Reader.Deleted] still finds of autostarts:
// services, drivers and scheduled tasks by their deleted keys, and values that were in one
// of the locations of [Autostarts]. What the hive holds with the same command is not deleted,
// but was moved in it. The location is a part of the path if no more is known.
func DeletedAutostarts(r *Reader, opts ...AutostartOption) iter.Seq[DeletedAutostart] {
	return func(yield func(DeletedAutostart) bool) {
		d := &deletedAutostarts{r: r}
		for _, opt := range opts {
			opt(&d.autostartConfig)
		}
		switch r.Type() {
		case System:
			d.root = `HKLM\SYSTEM\`
		case Software:
			d.root = `HKLM\SOFTWARE\`
		case User:
			d.root = `HKU\?\`
		case UserSoftware:
			d.root = `HKU\?\SOFTWARE\`
		case UserClasses:
			d.root = `HKU\?_CLASSES\`
		default:
			return
		}
		found := r.Deleted()
		dlls := map[string]string{} // of deleted services, by the path of their key
		for k := range found.Keys() {
			if dll := valueText(k.Values, "ServiceDll"); dll != "" {
				dlls[strings.TrimSuffix(winpath.FoldName(k.Path), `\PARAMETERS`)] = dll
			}
		}
		services := map[string]bool{} // that have their DLL
		for k := range found.Keys() {
			if a, ok := d.service(&k, dlls); ok {
				services[winpath.FoldName(k.Path)] = true
				if !yield(a) {
					return
				}
			}
		}
		for k := range found.Keys() {
			if path := winpath.FoldName(k.Path); services[path] || services[strings.TrimSuffix(path, `\PARAMETERS`)] {
				continue
			}
			if r.Type() == Software {
				for _, a := range r.deletedTask(&k) {
					if !yield(DeletedAutostart{a, k.Place, k.Log, k.Confidence}) {
						return
					}
				}
			}
			for _, v := range k.Values {
				if a, ok := d.value(v); ok {
					a.LastWrite, a.Newest = k.LastWrite, k.LastWrite
					if !yield(a) {
						return
					}
				}
			}
		}
		for v := range found.Values() {
			if a, ok := d.value(v); ok && !yield(a) {
				return
			}
		}
	}
}

// deletedAutostarts is the state of one iteration of DeletedAutostarts.
type deletedAutostarts struct {
	autostartConfig
	r    *Reader
	root string // of the hive in Windows
}

// service returns the service that a deleted key described: one below Services or, if
// its path is not known that far, one that has what services have.
func (d *deletedAutostarts) service(k *DeletedKey, dlls map[string]string) (DeletedAutostart, bool) {
	if d.root != `HKLM\SYSTEM\` {
		return DeletedAutostart{}, false
	}
	a := DeletedAutostart{Place: k.Place, Log: k.Log, Confidence: k.Confidence, Autostart: Autostart{
		Category: "service", Use: Runs, Location: k.Path, Name: k.Name, Command: valueText(k.Values, "ImagePath"), DisplayName: valueText(k.Values, "DisplayName"),
		ObjectName: valueText(k.Values, "ObjectName"), FailureCommand: valueText(k.Values, "FailureCommand"), ServiceDll: dlls[winpath.FoldName(k.Path)],
		LastWrite: k.LastWrite, Newest: k.LastWrite, Hive: d.r.Name(), Offset: k.Offset,
	}}
	start, hasStart := valueNumber(k.Values, "Start")
	kind, hasType := valueNumber(k.Values, "Type")
	a.Start, a.Type = start, kind
	parts := strings.Split(winpath.FoldName(k.Path), `\`)
	switch {
	case k.Rooted && (len(parts) != 3 || parts[1] != "SERVICES" || a.Command == "" && !(hasStart && hasType)):
		return a, false
	case !k.Rooted && (a.Command == "" || !hasStart || !hasType):
		return a, false
	}
	a.Path = ExecutablePath(a.Command)
	if a.Type&driverTypes != 0 {
		a.Category = "driver"
		if a.Path == "" {
			a.Path = driverFolder + a.Name + ".sys"
		}
	}
	return a, !d.held(k.Path, "ImagePath", a.Command)
}

// value returns the autostart that a deleted value was.
func (d *deletedAutostarts) value(v DeletedValue) (DeletedAutostart, bool) {
	if !v.Rooted {
		return DeletedAutostart{}, false
	}
	l := findLocation(d.root+v.Path, v.Name)
	list, err := v.Strings()
	if l == nil || l.form&marks != 0 || len(list) == 0 || err != nil && len(list) == 0 {
		return DeletedAutostart{}, false
	}
	command := strings.Join(list, " ")
	path := ExecutablePath(command)
	use := readings[l.read].use
	if use != Runs {
		path = library(command).path
	}
	if path == "" {
		return DeletedAutostart{}, false
	}
	a := DeletedAutostart{Place: v.Place, Log: v.Log, Confidence: v.Confidence, Autostart: Autostart{
		Category: l.category, Location: v.Path, Name: v.Name, Command: command, Path: path, Use: use, User: d.user, Hive: d.r.Name(), Offset: v.Offset,
	}}
	return a, !d.held(v.Path, v.Name, command)
}

// held reports whether the hive holds a value with the same command.
func (d *deletedAutostarts) held(path, name, command string) bool {
	k, err := d.r.OpenKey(path)
	if err != nil {
		return false
	}
	v, err := k.Value(name)
	if err != nil {
		return false
	}
	list, err := v.Strings()
	return err == nil && strings.Join(list, " ") == command
}

func valueNumber(values []DeletedValue, name string) (uint32, bool) {
	for _, v := range values {
		if winpath.SameName(v.Name, name) {
			if n, err := v.Uint64(); err == nil {
				return uint32(n), true
			}
		}
	}
	return 0, false
}
