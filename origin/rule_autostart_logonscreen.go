package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/masquerade"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var autostartLogonScreen = &rule{
	name: "autostart.logon_screen", question: Autostart, best: Inferred,
	finds:   "that it is in the place of a program of Windows that the logon screen starts (sethc, utilman, osk, …), and does not claim to be that",
	also:    []*source{fileContent},
	against: "a program of Windows of which the version information differs",
	apart:   "the signature of the file, by the catalogs of Windows",
	find:    (*inquiry).findOnLogonScreen,
}

// findOnLogonScreen compares what the file claims to be with its place.
func (q *inquiry) findOnLogonScreen() []candidate {
	by := masquerade.LogonScreen(q.path)
	if by == "" || q.content == nil || q.content.image == nil {
		return nil
	}
	v := &q.content.image.Version
	why := masquerade.Replaces(q.path, v.CompanyName, v.OriginalFilename)
	if why == "" {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}, from: []*source{fileContent}}
	name := winpath.Base(q.path)
	a.Answer.Answer = fmt.Sprintf("The logon screen starts it, as SYSTEM and without a logon, by %s: it is in the place of %s of Windows, and %s.", by, name, why)
	a.other = "the logon screen, which starts it in the place of " + name
	a.fact("category", logonScreen)
	a.fact("name", by)
	a.fact("location", winpath.Dir(q.path))
	a.fact("state", held)
	a.fact("role", starts)
	a.cite(q.citeContent("CompanyName", v.CompanyName, "OriginalFilename", v.OriginalFilename))
	return []candidate{a}
}
