package timeline

import (
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// startupSetting is what a hive says about the startup folder of an account, or of all.
type startupSetting struct {
	profile string // slash-separated path of the profile's folder; "" for all accounts
	folder  string // slash-separated path in the volume, else as the hive has it; "" if it names none
	hive    *registry.Reader
}

// startupSettings reads the settings of all hives, by the folded path of the profile.
func (t *Timeline) startupSettings() map[string]*startupSetting {
	settings := map[string]*startupSetting{}
	for _, h := range t.hives {
		s := &startupSetting{hive: h.Reader}
		var base, value string
		switch h.Reader.Type() {
		case registry.User:
			s.profile, base, value = path.Dir(h.Artifact), `Software\`, "Startup"
		case registry.Software:
			base, value = "", "Common Startup"
		default:
			continue
		}
		explorer := base + `Microsoft\Windows\CurrentVersion\Explorer\`
		if text := textIn(h.Reader, explorer+"User Shell Folders", value); text != "" {
			s.folder = t.expanded(text, s.profile)
		}
		settings[winpath.Fold(s.profile)] = s
	}
	return settings
}

// textIn returns the text of a value, or "".
func textIn(r *registry.Reader, key, value string) string {
	k, err := r.OpenKey(key)
	if err != nil {
		return ""
	}
	v, err := k.Value(value)
	if err != nil {
		return ""
	}
	text, err := v.Text()
	if err != nil {
		return ""
	}
	return text
}

// expanded returns a folder as path in the volume, with the variables that Windows uses
// for startup folders.
func (t *Timeline) expanded(folder, profile string) string {
	for variable, dir := range map[string]string{
		`%USERPROFILE%`: profile, `%APPDATA%`: profile + "/AppData/Roaming", `%ProgramData%`: "ProgramData", `%ALLUSERSPROFILE%`: "ProgramData",
	} {
		if rest, ok := winpath.CutPrefix(folder, variable); ok {
			return path.Join(dir, strings.ReplaceAll(rest, `\`, "/"))
		}
	}
	full := winpath.Normalize(t.opt.drive, folder)
	if rest, ok := winpath.CutPrefix(full, t.opt.drive+`:\`); ok && t.opt.drive != "" {
		return path.Clean(strings.ReplaceAll(rest, `\`, "/"))
	}
	return full // on another volume, or on a share
}
