package origin

import "github.com/birthmark-dfir/birthmark/timeline"

// A desk is what the registry has of what users did with the shell: commands and programs
// that may be about the subject, and shares.
type desk struct {
	typed, registered, mounted []timeline.Event
}

// maxMounted limits how many shares are kept.
const maxMounted = 10_000

// take keeps an event, if it is one of those.
func (d *desk) take(e *timeline.Event) {
	switch e.Kind {
	case timeline.CommandTyped:
		d.typed = append(d.typed, *e)
	case timeline.ProgramRegistered:
		d.registered = append(d.registered, *e)
	case timeline.ShareMounted:
		if len(d.mounted) < maxMounted {
			d.mounted = append(d.mounted, *e)
		}
	}
}
