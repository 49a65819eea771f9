package timeline

import (
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Option changes how Collect works.
type Option func(*options)

type options struct {
	drive  string
	window window
	types  []string

	webLogsOnDemand bool
	asIs            bool // hives are not completed by their logs
	earlierHives    bool // those that are kept beside the hives are read too
	workers         int  // goroutines that make events ahead

	beside []original // what other timelines have read
}

// WithDrive sets the drive letter that the volume had in Windows, one letter without
// colon. The default is C; "" is for a volume without a letter. Paths of the volume
// begin with it, and device paths in logs (\Device\HarddiskVolume2) are taken to mean
// it.
func WithDrive(letter string) Option { return func(o *options) { o.drive = strings.ToUpper(letter) } }

// WithWindow keeps only events from from to to, inclusive. A zero time leaves that
// end open, which is the default. Coverage still covers everything.
func WithWindow(from, to time.Time) Option {
	return func(o *options) { o.window = newWindow(from, to) }
}

// WithTypes reads only sources of these types. By default all types are read.
func WithTypes(types ...string) Option {
	return func(o *options) { o.types = slices.Clone(types) }
}

// WithWebLogsOnDemand leaves web logs unread until events of their time are first
// asked for: a server may have one of gigabytes for every day of many years. A log
// whose name gives another time stays unread, and its State is Unread until it is
// read. By default Collect reads all logs.
func WithWebLogsOnDemand() Option { return func(o *options) { o.webLogsOnDemand = true } }

// WithoutReplay reads hives as they are. By default a dirty hive is completed by the
// transaction logs beside it, as Windows would when it loads the hive.
func WithoutReplay() Option { return func(o *options) { o.asIs = true } }

// WithEarlierHives also reads the earlier versions of hives that Windows and programs keep,
// as in RegBack: the events are those of keys and values that the hives in use no longer have,
// or have with another time. Each is once in the timeline, as that of the newest version.
func WithEarlierHives() Option { return func(o *options) { o.earlierHives = true } }

// WithWorkers makes the pass over the $MFT with n goroutines and, while events are
// ranged over, makes the next ones of the $MFT in n goroutines. By default nothing is
// done ahead, and no goroutine is started.
func WithWorkers(n int) Option { return func(o *options) { o.workers = n } }

func newOptions(opts []Option) options {
	o := options{drive: "C", window: newWindow(time.Time{}, time.Time{})}
	for _, set := range opts {
		set(&o)
	}
	return o
}

func (o *options) wants(sourceType string) bool {
	return len(o.types) == 0 || slices.Contains(o.types, sourceType)
}

// window is a range of FILETIMEs, both ends included.
type window struct{ from, to uint64 }

func newWindow(from, to time.Time) window {
	w := window{1, ^uint64(0)}
	if !from.IsZero() {
		w.from = max(filetime.Ticks(from), 1) // 0 means that a time is not set, which is in no window
	}
	if !to.IsZero() {
		w.to = filetime.Ticks(to)
	}
	return w
}

func (w window) holds(ticks uint64) bool { return w.from <= ticks && ticks <= w.to }

func (w window) and(v window) window { return window{max(w.from, v.from), min(w.to, v.to)} }
