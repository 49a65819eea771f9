package timeline

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// logPlaces are the keys below which a key for each event log may have a value File with
// the place of the log: of the logs that Windows always had, and of the channels since
// Windows Vista.
var logPlaces = [...]struct {
	hive registry.HiveType
	key  string
}{
	{registry.System, sets + `\Services\EventLog\*`},
	{registry.Software, `Microsoft\Windows\CurrentVersion\WINEVT\Channels\*`},
}

// movedLogs returns the event logs that the hives have elsewhere than in the folders of
// Windows. A log on another volume is in the coverage, as not read.
func (t *Timeline) movedLogs() []found {
	var list []found
	known := map[string]bool{}
	for _, c := range t.coverage {
		known[winpath.Fold(winpath.Windows(t.opt.drive, c.Artifact))] = true
	}
	for _, h := range t.hives {
		hive := h.Reader.Type()
		for _, place := range logPlaces {
			if hive != place.hive {
				continue
			}
			for _, file := range filesOfLogs(h.Reader, place.key) {
				p := winpath.Normalize(t.opt.drive, file)
				if known[winpath.Fold(p)] || artifact.Named(winpath.Base(p)) != artifact.EVTX {
					continue
				}
				known[winpath.Fold(p)] = true
				below, onVolume := winpath.CutPrefix(p, t.opt.drive+`:\`)
				switch {
				case onVolume:
					if at, ok := resolve(t.vol, strings.ReplaceAll(below, `\`, "/")); ok && isRegular(t.vol, at) {
						list = append(list, found{at, TypeEVTX})
					}
				case winpath.HasDrive(p), strings.HasPrefix(p, `\\`):
					t.coverage = append(t.coverage, Coverage{Artifact: p, Name: "event log on another volume", Type: TypeUnread, State: Unread})
				}
			}
		}
	}
	return list
}

// filesOfLogs returns the values File of the keys that a pattern means.
func filesOfLogs(r *registry.Reader, pattern string) []string {
	root, err := r.Root()
	if err != nil {
		return nil
	}
	var list []string
	for _, k := range keysLike(root, strings.Split(pattern, `\`)) {
		if v, err := k.Value("File"); err == nil {
			if text, err := v.Text(); err == nil && text != "" {
				list = append(list, text)
			}
		}
	}
	return list
}
