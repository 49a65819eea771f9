package evtx_test

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// Numbers in System that are text, as devices of other vendors write them.
func TestSystemNumbers(t *testing.T) {
	for _, tt := range []struct {
		text string
		want evtx.System
	}{
		{"7", evtx.System{Version: 7, EventID: 7, Task: 7, Keywords: 7, ProcessID: 7}},
		{"0x10", evtx.System{Version: 16, EventID: 16, Task: 16, Keywords: 16, ProcessID: 16}},
		{"101.1", evtx.System{Version: 101, EventID: 101, Task: 101, Keywords: 101, ProcessID: 101}}, // NetApp's version
		{"300", evtx.System{EventID: 300, Task: 300, Keywords: 300, ProcessID: 300}},
		{"70000.9", evtx.System{Keywords: 70000, ProcessID: 70000}},
		{"0xffffffffffffffff", evtx.System{Keywords: 1<<64 - 1}},
		{"-1", evtx.System{}},
		{".5", evtx.System{}},
		{"none", evtx.System{}},
		{"", evtx.System{}},
	} {
		write := func(value func(a *assembler)) func(*assembler) {
			return func(a *assembler) {
				a.header()
				body := func() {
					a.element("Event", nil, func() {
						a.element("System", nil, func() {
							for _, name := range []string{"Version", "EventID", "Task", "Keywords"} {
								a.element(name, nil, func() { value(a) })
							}
							a.element("Execution", func() { a.attr("ProcessID", func() { value(a) }) }, nil)
						})
					})
				}
				a.instance(body, str(tt.text))
				a.put(0)
			}
		}
		for form, log := range map[string][]byte{
			"a literal": rawLog(write(func(a *assembler) { a.text(tt.text) })),
			"a value":   rawLog(write(func(a *assembler) { a.slot(0) })),
		} {
			rec := only(t, log)
			got, err := rec.System()
			if err != nil || got != tt.want {
				t.Errorf("%q as %s: got %+v, %v; want %+v", tt.text, form, got, err, tt.want)
			}
		}
	}
}
