package registry

import "cmp"

// tasks yields the scheduled tasks of a SOFTWARE hive, action by action.
func (a *autostarts) tasks() {
	for t, err := range CachedTasks(a.r) {
		if a.stopped {
			return
		}
		if err != nil {
			a.damaged(err)
			continue
		}
		commands, damaged := t.commands(a.r)
		off := cmp.Or(t.Off(), a.scheduleOff())
		for _, c := range commands {
			if a.stopped {
				return
			}
			a.stopped = !a.yield(Autostart{
				Category: "task", Location: t.Location, Name: t.Path, Command: c.command, Path: c.path, Use: c.use, Enabled: off == "", Off: off, LastWrite: t.LastWrite, Newest: later(t.LastWrite, t.KeyWrite),
				Hive: a.r.Name(), Offset: t.Offset, Hidden: t.Hidden, Class: c.class, ObjectName: t.Triggers.Account.String(), Triggers: t.Triggers.kinds(),
			}, nil)
		}
		for _, err := range damaged {
			a.damaged(err)
		}
	}
}
