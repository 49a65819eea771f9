package origin

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// windowsTypes are the artifacts that Windows and its services keep on its volume. Those of
// users and of web servers are not among them.
var windowsTypes = []string{timeline.TypeEVTX, timeline.TypeRegistry, timeline.TypeTask, timeline.TypeStartup, timeline.TypeMPLog, timeline.TypePrefetch,
	timeline.TypeSRUM, timeline.TypeUAL, timeline.TypePCA, timeline.TypeDetection, timeline.TypeWMI, timeline.TypeBITS}

// stateTypes are the artifacts of a shadow copy of the volume with Windows that are read.
var stateTypes = append(slices.Clone(windowsTypes), timeline.TypeRecycleBin, timeline.TypeWebLog)

func collect(ctx context.Context, vol fs.FS, o options) (*volumes, error) {
	opts := []timeline.Option{timeline.WithDrive(o.drive), timeline.WithWebLogsOnDemand()}
	var how []timeline.Option
	if o.asIs {
		how = append(how, timeline.WithoutReplay())
	}
	found := hasWindows(vol)
	if !found && slices.ContainsFunc(o.others, func(other otherVolume) bool { return !other.source }) {
		opts = append(opts, timeline.WithTypes(timeline.TypeMFT, timeline.TypeIndex, timeline.TypeUSN, timeline.TypeLogFile, timeline.TypeZone, timeline.TypeWebLog))
	}
	tl, err := timeline.Collect(ctx, vol, append(opts, how...)...)
	if err != nil {
		return nil, err
	}
	v := &volumes{Timeline: tl, vol: vol, drive: o.drive}
	for _, other := range o.others {
		types, drive := []string{timeline.TypeZone, timeline.TypeWebLog}, other.drive
		switch {
		case other.source:
			types, drive = append(slices.Clone(windowsTypes), timeline.TypeJumpList, timeline.TypeLink, timeline.TypeRecycleBin, timeline.TypeWebLog), o.drive
		case !found && hasWindows(other.vol):
			types, found = slices.Concat(types, windowsTypes, []string{timeline.TypeJumpList, timeline.TypeLink}), true
		}
		tl, err := timeline.Collect(ctx, other.vol, append([]timeline.Option{timeline.WithDrive(drive), timeline.WithWebLogsOnDemand(), timeline.WithTypes(types...), timeline.Beside(v.live()...)}, how...)...)
		if err != nil {
			return nil, errors.Join(err, v.Close())
		}
		v.others = append(v.others, otherTimeline{tl, other})
	}
	var covered []timeline.Coverage
	for _, t := range v.live() {
		covered = append(covered, t.Coverage()...)
	}
	v.overlap = timeline.Overlap(covered)
	if err := v.addSnapshots(ctx, o, how); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

// live returns the timelines of what was collected so far.
func (v *volumes) live() []*timeline.Timeline {
	list := []*timeline.Timeline{v.Timeline}
	for _, other := range v.others {
		list = append(list, other.Timeline)
	}
	return list
}

// addSnapshots reads the shadow copies of the volume with Windows, and the web logs in those
// of the subject's volume.
func (v *volumes) addSnapshots(ctx context.Context, o options, how []timeline.Option) error {
	v.past = openPast(o.snapshots[o.drive], o.readSnapshots)
	if !o.readSnapshots {
		return nil
	}
	begins := map[string]time.Time{}
	for _, c := range v.coverageOfAll() {
		if name := strings.ToLower(c.Name); c.Type == timeline.TypeEVTX && c.Records > 0 {
			begins[name] = earlier(begins[name], c.First)
		}
	}
	add := func(of int, list []*past, drive string, artifact func(string) string, types []string) error {
		then, err := collectPast(ctx, list, drive, begins, types, how...)
		for i := range then {
			then[i].of, then[i].artifact = of, artifact
		}
		v.then = append(v.then, then...)
		return err
	}
	asIs := func(name string) string { return name }
	if hasWindows(v.vol) {
		return add(ofSubject, v.past, o.drive, asIs, stateTypes)
	}
	if err := add(ofSubject, v.past, o.drive, asIs, []string{timeline.TypeWebLog, timeline.TypeRecycleBin}); err != nil {
		return err
	}
	for i := range v.others {
		other := &v.others[i]
		if other.source || !hasWindows(other.vol) {
			continue
		}
		list := openPast(o.snapshots[other.drive], true)
		for _, p := range list {
			p.Name = other.artifact(p.Name)
		}
		return add(i, list, other.drive, other.artifact, stateTypes)
	}
	return nil
}
