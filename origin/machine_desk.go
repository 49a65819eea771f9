package origin

import "github.com/birthmark-dfir/birthmark/timeline"

// A desk is what the registry has of what users did with the shell: commands and programs
// that may be about the subject, shares, and rules of the firewall.
type desk struct {
	typed, registered, mounted, allowed []timeline.Event
}

// maxMounted limits how many shares are kept, and how many rules of the firewall.
const maxMounted = 10_000

// take keeps an event, if it is one of those.
func (d *desk) take(e *timeline.Event) {
	switch e.Kind {
	case timeline.CommandTyped:
		d.typed = append(d.typed, *e)
	case timeline.ProgramRegistered:
		d.registered = append(d.registered, *e)
	case timeline.FirewallRuleHeld:
		if len(d.allowed) < maxMounted {
			d.allowed = append(d.allowed, *e)
		}
	case timeline.ShareMounted:
		if len(d.mounted) < maxMounted {
			d.mounted = append(d.mounted, *e)
		}
	}
}
