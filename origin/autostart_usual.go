package origin

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// The usual autostarts are those at locations of which a hive has thousands that come with
// Windows, such as the COM classes of the machine. Only those are kept that may name one of
// the files.

// takeUsual collects them.
func (m *machine) takeUsual(tl *volumes) {
	if len(m.subjects) == 0 {
		return
	}
	m.usual = tl.usualAutostarts(func(a *registry.Autostart) bool {
		return a.Category != startupFolder && slices.ContainsFunc(m.subjects, func(s *subject) bool { return s.mayBeIn(a.Command) || s.mayBeIn(a.Path) })
	})
}

// usualAutostarts returns those of all volumes that are wanted.
func (v *volumes) usualAutostarts(wanted func(*registry.Autostart) bool) []*hiveAutostart {
	return ofAll(v, func(tl *timeline.Timeline) (list []*hiveAutostart) {
		for h, a := range tl.UsualAutostarts() {
			if wanted(&a) {
				list = append(list, &hiveAutostart{h.Artifact, a})
			}
		}
		return list
	}, func(a *hiveAutostart) *string { return &a.artifact })
}

// mayBeIn is named for a text that may leave the extension of a program out.
func (s *subject) mayBeIn(text string) bool {
	if s.named(text) {
		return true
	}
	stem, isProgram := strings.CutSuffix(winpath.Fold(winpath.Base(s.path)), ".EXE")
	return isProgram && strings.Contains(winpath.Fold(text), stem)
}

// isServerOfOther reports whether an autostart is the usual registration of a class that
// another one names, which says more.
func (list *autostartList) isServerOfOther(s *autostart) bool {
	return s.usual && slices.ContainsFunc(list.all, func(other *autostart) bool {
		return other != s && other.class != "" && other.state == held && other.role.executes() &&
			strings.Contains(winpath.Fold(s.location), `\CLSID\`+winpath.Fold(other.class)+`\`)
	})
}
