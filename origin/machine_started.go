package origin

import "github.com/birthmark-dfir/birthmark/timeline"

// Tasks returns the scheduled tasks of all volumes.
func (v *volumes) Tasks() []*timeline.Task {
	return ofAll(v, (*timeline.Timeline).Tasks, func(t *timeline.Task) *string { return &t.Artifact })
}

// CachedTasks returns the scheduled tasks of the registry of all volumes.
func (v *volumes) CachedTasks() []*timeline.CachedTask {
	list := v.Timeline.CachedTasks()
	for _, other := range v.others {
		for _, c := range other.CachedTasks() {
			c.Artifact = other.artifact(c.Artifact)
			if c.File != nil {
				file := *c.File
				file.Artifact = other.artifact(file.Artifact)
				c.File = &file
			}
			list = append(list, c)
		}
	}
	return list
}

// StartupFiles returns the files in startup folders of all volumes.
func (v *volumes) StartupFiles() []*timeline.StartupFile {
	return ofAll(v, (*timeline.Timeline).StartupFiles, func(f *timeline.StartupFile) *string { return &f.Artifact })
}

// WMIConsumers returns the consumers in the repositories of WMI of all volumes.
func (v *volumes) WMIConsumers() []*timeline.WMIConsumer {
	return ofAll(v, (*timeline.Timeline).WMIConsumers, func(c *timeline.WMIConsumer) *string { return &c.Artifact })
}
