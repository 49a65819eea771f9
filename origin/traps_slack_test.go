package origin_test

import (
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// slackTraps are machines whose slack has, or seems to have, another creation time of the
// file.
func slackTraps() []trap {
	old := noon.AddDate(-3, 0, 0)
	with := func(f mfttest.File, left mfttest.Times, seq uint16) world {
		f.Entry = 90
		return world{files: []mfttest.File{f, {Path: trapPath, Times: left, Entry: 90, Seq: seq, Deleted: true, Overwritten: true, IndexSlack: mft.EntryWhole}}}
	}
	return []trap{
		{"slack has the creation time before it was set back", with(file(old), mfttest.AllAt(noon), 1),
			findings{origin.Appeared: "inferred time=" + noon.Format("2006-01-02T15:04:05.999999999Z") + " :its times were set since"}, kinds{origin.SlackDiffers}},
		{"slack has the same creation time, and an older change", with(file(noon), mfttest.AllAt(noon), 1),
			findings{origin.Appeared: "inferred"}, kinds{absent(origin.SlackDiffers)}},
		{"slack has the entry of the file that was there before", with(file(old), mfttest.AllAt(noon), 7),
			findings{origin.Appeared: "inferred si_created=" + old.Format("2006-01-02T15:04:05.999999999Z")}, kinds{absent(origin.SlackDiffers)}},
	}
}
