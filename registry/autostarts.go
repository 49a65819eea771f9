package registry

import "iter"

// Autostarts iterates over what a hive makes Windows run or load by itself, location by
// location: a SOFTWARE, SYSTEM, NTUSER or UsrClass hive. Other hives yield nothing. In a
// SYSTEM hive it reads the current control set, or ControlSet001 if Select does not name
// an existing one. Symbolic links are followed within the hive. What Sysinternals
// Autoruns moved to a key AutorunsDisabled is not enabled.
//
// A *FormatError means that a key or value is damaged, and iteration goes on with
// the next. It yields no other errors. Breaking early and ranging again are safe.
func Autostarts(r *Reader, opts ...AutostartOption) iter.Seq2[Autostart, error] {
	return func(yield func(Autostart, error) bool) {
		a := newAutostarts(r, yield, opts)
		if a.hives != 0 {
			a.run()
		}
	}
}

func (a *autostarts) run() {
	if a.hives&system != 0 {
		if a.base = a.set; a.base == "" {
			var err error
			a.base, err = a.r.controlSetInUse()
			a.damaged(err)
		}
	}
	for i := range locations {
		l := &locations[i]
		if a.stopped || l.in&a.hives == 0 || l.form&marks != 0 || l.form&all != 0 && !a.all {
			continue
		}
		a.seen = nil
		base := a.baseOf(l)
		a.location(l, base)
		if l.form&both == 0 {
			continue
		}
		a.in32 = true
		a.location(l, join(base, "Wow6432Node"))
		if l.in&classes != 0 && a.hives != userClasses {
			a.location(l, join(join(a.below, "Wow6432Node"), "Classes"))
		}
		a.in32 = false
	}
	if a.hives&machine != 0 && !a.stopped {
		a.tasks()
	}
}

// baseOf returns the path below which a location is.
func (a *autostarts) baseOf(l *location) string {
	switch {
	case l.in&a.hives&classes != 0:
		return a.ofClasses
	case l.in&a.hives&user != 0:
		return a.below
	case l.in&a.hives&system != 0:
		return a.base
	}
	return ""
}
