package origin_test

import (
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// journalTraps are machines whose change journal has an identifier, which is the time at
// which it was created.
func journalTraps() []trap {
	const at = "12:00:00.2134567"
	with := func(made string, parts ...any) world {
		w := box("WS07", append([]any{day(), foldersOf(), as(subject, born(tool, at, anna))}, parts...)...)
		w.subject, w.journalMade = tool, clock(made)
		return w
	}
	installed := &registrytest.Hive{Name: "SOFTWARE"}
	installed.Set(`Microsoft\Windows NT\CurrentVersion`, clock("12:30:00"), registrytest.SZ("ProductName", "Windows Server 2022"),
		registrytest.SZ("CurrentBuildNumber", "20348"), registrytest.DWord("InstallDate", uint32(clock("12:30:00").Unix())))
	collected := func(w world) world {
		w.collected = true
		return w
	}
	since := []any{quiet("13:00:01"), quiet("19:00:00")}
	whole := []any{quiet("06:00:00"), quiet("19:00:00")}
	unknown := findings{origin.OriginalName: "unknown outside_retention :was created on 2026-03-02T13:00:00Z"}
	return []trap{
		{"the change journal was created anew after the file", with("13:00:00", since), unknown, kinds{origin.JournalRenewed, absent(origin.JournalSilent)}},
		{"the change journal was created anew before the file", with("11:00:00", quiet("11:00:01"), newFile(at, subject, cache, "tool.exe"), quiet("19:00:00")),
			findings{origin.Appeared: "recorded"}, kinds{origin.JournalRenewed, absent(origin.JournalSilent)}},
		{"the change journal got a new identifier, and has older records", with("13:00:00", whole), nil, kinds{absent(origin.JournalRenewed), absent(origin.JournalSilent)}},
		{"the change journal was created long before the file", with("2025-06-01 12:00:00", whole), nil, kinds{absent(origin.JournalRenewed), origin.JournalSilent}},
		{"the change journal was created long after the file", with("2026-03-06 12:00:00", quiet("2026-03-06 12:00:01"), quiet("2026-03-07 12:00:01")), nil,
			kinds{absent(origin.JournalRenewed), absent(origin.JournalSilent)}},
		{"Windows was installed, and created the change journal", with("13:00:00", since, hiveAt{hiveFolder + "SOFTWARE", installed}), unknown, kinds{absent(origin.JournalRenewed)}},
		{"the volume was formatted, and got its first change journal", func() world {
			w := box("WS07", day(), foldersOf(), as(subject, born(tool, "2025-03-02 12:30:00", anna)), quiet("2025-03-02 12:40:01"), quiet("19:00:00"))
			w.subject, w.journalMade = tool, clock("2025-03-02 12:40:00")
			return w
		}(), nil, kinds{absent(origin.JournalRenewed)}},
		{"a change journal that may be of another volume was created anew", collected(with("13:00:00", since)), nil, kinds{absent(origin.JournalRenewed)}},
	}
}
