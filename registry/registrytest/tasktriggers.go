package registrytest

import (
	"fmt"
	"math"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
)

// TaskTriggers returns the data of a value Triggers.
func TaskTriggers(t registry.TaskTriggers) ([]byte, error) {
	if t.Version < 0x15 || t.Version > 0x17 {
		return nil, fmt.Errorf("registrytest: no triggers of version %#x", t.Version)
	}
	w := &triggerWriter{version: t.Version}
	w.number(uint32(t.Version))
	w.time(t.Start, false)
	w.time(t.End, true)
	w.word(uint32(t.Options))
	w.word(t.Checksum)
	if t.Version >= 0x16 {
		w.text(t.Principal)
	}
	if t.Version >= 0x17 {
		w.text(t.DisplayName)
	}
	if err := w.account(t.Account); err != nil {
		return nil, err
	}
	w.settings(t.Settings)
	marks := map[string]uint32{"WnfStateChangeTrigger": 0x6666, "SessionStateChangeTrigger": 0x7777, "RegistrationTrigger": 0x8888, "LogonTrigger": 0xaaaa,
		"EventTrigger": 0xcccc, "TimeTrigger": 0xdddd, "IdleTrigger": 0xeeee, "BootTrigger": 0xffff}
	for i := range t.List {
		mark, ok := marks[t.List[i].Kind]
		if !ok {
			return nil, fmt.Errorf("registrytest: no trigger of the kind %q", t.List[i].Kind)
		}
		w.number(mark)
		if mark == 0xdddd {
			w.schedule(&t.List[i])
		} else if err := w.trigger(&t.List[i]); err != nil {
			return nil, err
		}
	}
	return w.b, nil
}

// triggerWriter writes fields that are filled up to a multiple of 8 bytes, as Windows does
// with the letter H.
type triggerWriter struct {
	b       []byte
	version uint8
}

// fill fills up n bytes.
func (w *triggerWriter) fill(n int) { w.b = append(w.b, "HHHHHHH"[:-n&7]...) }

// number writes a number of 8 bytes.
func (w *triggerWriter) number(n uint32) { w.b = le.AppendUint64(w.b, uint64(n)) }

// word writes 4 bytes, and fills up.
func (w *triggerWriter) word(n uint32) {
	w.b = le.AppendUint32(w.b, n)
	w.fill(4)
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// flag writes one byte, and fills up.
func (w *triggerWriter) flag(set bool) {
	w.b = append(w.b, bit(set))
	w.fill(1)
}

func (w *triggerWriter) time(t registry.TaskTime, end bool) {
	w.flag(t.Local)
	ticks := filetime.Ticks(t.Time)
	if ticks == 0 && end {
		ticks = math.MaxUint64
	}
	w.b = le.AppendUint64(w.b, ticks)
}

func (w *triggerWriter) seconds(list ...time.Duration) {
	for _, d := range list {
		w.b = le.AppendUint32(w.b, uint32(d/time.Second)) // -1 s is the number for none
	}
}

// text writes a text with its NUL.
func (w *triggerWriter) text(s string) {
	if s != "" {
		s += "\x00"
	}
	text := wtf8.Encode(s)
	w.word(uint32(len(text)))
	w.b = append(w.b, text...)
	w.fill(len(text))
}

// longText writes a text whose length does not include its NUL.
func (w *triggerWriter) longText(s string) {
	text := wtf8.Encode(s)
	w.word(uint32(len(text) / 2))
	if s != "" {
		w.b = append(append(w.b, text...), 0, 0)
		w.fill(len(text) + 2)
	}
}

func (w *triggerWriter) account(a registry.TaskAccount) error {
	w.flag(a.Any)
	if a.Any {
		return nil
	}
	w.flag(a.SID.IsZero())
	if !a.SID.IsZero() {
		sid, err := a.SID.MarshalBinary()
		if err != nil {
			return err
		}
		w.word(a.Type)
		w.word(uint32(len(sid)))
		w.b = append(w.b, sid...)
		w.fill(len(sid))
	}
	w.text(a.Name)
	return nil
}

func (w *triggerWriter) settings(s *registry.TaskSettings) {
	if s == nil {
		w.word(0)
		return
	}
	size := max(s.Size, 0x2c)
	w.word(size)
	end := len(w.b) + int(size)
	w.seconds(s.IdleDuration, s.IdleWait, s.ExecutionLimit, s.DeleteAfter)
	w.b = le.AppendUint32(w.b, s.Priority)
	w.seconds(s.RestartDelay)
	w.b = append(le.AppendUint32(w.b, s.Restarts), s.Network[:]...)
	if size >= 0x38 {
		w.fill(0x2c)
		w.b = le.AppendUint64(w.b, s.Privileges)
	}
	w.b = append(w.b, make([]byte, max(0, end-len(w.b)))...)
	w.fill(int(size))
}

func (w *triggerWriter) trigger(t *registry.TaskTrigger) error {
	w.time(t.Start, false)
	w.time(t.End, true)
	w.seconds(t.Delay, t.Limit, t.Interval, t.Duration, t.Duration)
	w.b = append(w.b, bit(t.StopAtEnd), 0, 0, 0)
	w.flag(t.Enabled)
	w.number(0)
	w.id(t)
	switch t.Kind {
	case "WnfStateChangeTrigger":
		w.b = append(w.b, t.State[:]...)
		w.word(uint32(len(t.Data)))
		w.b = append(w.b, t.Data...)
	case "SessionStateChangeTrigger":
		w.word(t.StateChange)
		return w.account(t.Account)
	case "LogonTrigger":
		return w.account(t.Account)
	case "EventTrigger":
		w.longText(t.Subscription)
		w.number(0)
		w.longText("")
		w.word(uint32(len(t.Queries)))
		for _, q := range t.Queries {
			w.longText(q[0])
			w.longText(q[1])
		}
	}
	return nil
}

func (w *triggerWriter) id(t *registry.TaskTrigger) {
	if w.version >= 0x16 {
		before := len(w.b)
		w.b = appendTaskText(w.b, t.ID)
		w.fill(len(w.b) - before)
	}
}

func (w *triggerWriter) schedule(t *registry.TaskTrigger) {
	w.time(t.Start, false)
	w.time(t.End, true)
	w.time(registry.TaskTime{}, false)
	w.seconds(t.Interval, t.Duration, t.Limit)
	w.b = le.AppendUint32(w.b, uint32(t.Mode))
	for _, m := range t.Mask {
		w.b = le.AppendUint16(w.b, m)
	}
	w.b = append(w.b, 0, 0, bit(t.StopAtEnd), bit(t.Enabled), 0, 0, 0, 0, 0, 0)
	w.seconds(t.Delay)
	w.b = le.AppendUint32(w.b, 0)
	w.id(t)
}
