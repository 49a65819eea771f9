package main

import (
	"strings"
	"testing"
)

func TestTables(t *testing.T) {
	before := table{title: "Title", texts: 1, head: []string{"package", "a", "b"}}
	before.add("origin", 44, 1.5)
	before.add("gone", 1, 2)
	now := table{title: "Title", texts: 1, head: before.head}
	now.add("origin", 16, 1.5)
	now.add("new", 3, 4)
	tests := []struct {
		name     string
		table    table
		markdown bool
		want     string
	}{
		{"text", before, false, `
Title

package   a    b
origin   44  1.5
gone      1    2

`},
		{"Markdown", before, true, `
### Title

| package |    a |    b |
| ---     | ---: | ---: |
| origin  |   44 |  1.5 |
| gone    |    1 |    2 |

`},
		{"before and now", compare(before, now), false, `
Title

package        a      b
origin   44 → 16    1.5
new        – → 3  – → 4
gone       1 → –  2 → –

`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			if err := test.table.write(&b, test.markdown); err != nil {
				t.Fatal(err)
			}
			if got := b.String(); got != test.want[1:] {
				t.Errorf("got\n%s\nwant%s", got, test.want)
			}
		})
	}
}
