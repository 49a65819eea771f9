package timeline

import "slices"

// Beside leaves out what other timelines of the same machine have read already: event logs,
// hives and other artifacts with the same content. On a volume with Windows nothing is left
// out. Records that logs of different content have are not: see [Once].
func Beside(list ...*Timeline) Option {
	return func(o *options) {
		for _, t := range list {
			o.beside = append(o.beside, t.originals()...)
		}
	}
}

// originals returns what the timeline has read of the types that are compared.
func (t *Timeline) originals() []original {
	var list []original
	for _, c := range t.coverage {
		if c.State != Absent && slices.Contains(copiedTypes, c.Type) {
			list = append(list, t.original(found{c.Artifact, c.Type}))
		}
	}
	return list
}

func (t *Timeline) original(f found) original {
	return original{f.artifact, f.sourceType, profileOf(f.artifact, t.elsewhere), t.vol, sizeOf(t.vol, f.artifact), func() Coverage {
		for _, c := range t.coverage {
			if c.Artifact != f.artifact || c.Type != f.sourceType {
				continue
			}
			if s := t.webLogs[f.artifact]; s != nil && c.Type == TypeWebLog {
				return s.covered()
			}
			return c
		}
		return Coverage{Type: f.sourceType, State: Unread}
	}}
}

// withoutCopies removes from a list the artifacts that have the same content as one before
// them, or as one of the timelines that Beside names. Collections have the same log in several
// places, and reading it twice would count everything twice. The coverage lists a copy like
// what it is a copy of.
func (t *Timeline) withoutCopies(list []found) []found {
	if _, windows := resolve(t.vol, windowsFolder); windows {
		return list
	}
	known := slices.Clone(t.opt.beside)
	var kept []found
	for _, f := range list {
		one := t.original(f)
		if i := slices.IndexFunc(known, one.isCopyOf); i >= 0 {
			t.omitted = append(t.omitted, leftOut{f.artifact, known[i]})
			continue
		}
		kept, known = append(kept, f), append(known, one)
	}
	return kept
}
