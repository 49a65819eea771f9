package mft

import (
	"sync/atomic"

	"github.com/birthmark-dfir/birthmark/winid"
)

// sidTexts makes the texts of SIDs. Most files have the owner of the one before, so it
// keeps the last text.
type sidTexts struct{ last atomic.Pointer[sidText] }

type sidText struct {
	sid  winid.SID
	text string
}

func (t *sidTexts) text(sid winid.SID) string {
	if last := t.last.Load(); last != nil && last.sid == sid {
		return last.text
	}
	made := &sidText{sid, sid.String()}
	t.last.Store(made)
	return made.text
}
