package registry

import "github.com/birthmark-dfir/birthmark/internal/winpath"

// disabled returns the folded names of the Run values that the user disabled in
// the task manager or the settings: the value of the same name below
// StartupApproved has an odd first byte.
func (a *autostarts) disabled(prefix, list string) map[string]bool {
	k := a.at(join(prefix, explorer+`StartupApproved\`+list)).key
	if k == nil {
		return nil
	}
	names := map[string]bool{}
	for v, err := range k.Values() {
		if err != nil {
			a.damaged(err)
			continue
		}
		state, err := v.Data()
		a.damaged(err)
		if len(state) > 0 && state[0]&1 != 0 {
			names[winpath.FoldName(v.Name)] = true
		}
	}
	return names
}

// StartupFileDisabled reports whether the task manager or the settings disabled a file
// in the startup folder: that of the account that an NTUSER hive belongs to, or that of
// all accounts for a SOFTWARE hive.
func StartupFileDisabled(r *Reader, name string) bool {
	a := newAutostarts(r, func(Autostart, error) bool { return true }, nil)
	return a.disabled(a.below, "StartupFolder")[winpath.FoldName(name)]
}

// approvedRuns returns the folded names of the Run values that StartupApproved disables.
func (a *autostarts) approvedRuns() map[string]bool {
	list := "Run"
	if a.in32 {
		list = "Run32"
	}
	if a.disabledRuns[list] == nil {
		if a.disabledRuns == nil {
			a.disabledRuns = map[string]map[string]bool{}
		}
		a.disabledRuns[list] = a.disabled(a.below, list)
		if a.disabledRuns[list] == nil {
			a.disabledRuns[list] = map[string]bool{}
		}
	}
	return a.disabledRuns[list]
}
