package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/registry"
)

// unusualAccount has the sentence about each finding of an account that its names differ
// by, for its name and its RID.
var unusualAccount = map[registry.AccountFinding]string{
	registry.AccountRenamed:    "the account %s, with the RID %d, has another name in the key by which Windows finds it.",
	registry.AccountUnlisted:   "the account %s, with the RID %d, is missing among the names, so that programs do not list it.",
	registry.AccountNamedTwice: "the account %s, with the RID %d, has two names.",
	registry.AccountHiddenName: "the name of the account %s, with the RID %d, ends as those of computers do, which programs do not list.",
}

// accountsInQuestion returns the SIDs that the answers about accounts rest on: those of
// the writer and of the owner of the file.
func (q *inquiry) accountsInQuestion() []string {
	var list []string
	if q.writer != nil {
		if sid, _, _ := q.sidOfProcess(q.writer); sid != "" {
			list = append(list, sid)
		}
	}
	if q.owner != "" && (len(list) == 0 || list[0] != q.owner) {
		list = append(list, q.owner)
	}
	return list
}

// findForeignSAM reports that the SAM is of another machine.
func (q *inquiry) findForeignSAM() []clash {
	var list []clash
	for _, f := range q.sam.foreign {
		list = append(list, clashing(f.shown, "%s is of another machine, and names no account: %s.", f.artifact, f.because))
	}
	return list
}

// findHijackedAccount reports the accounts that get the rights of another.
func (q *inquiry) findHijackedAccount() []clash {
	var list []clash
	said := map[*localAccount]bool{}
	for _, sid := range q.accountsInQuestion() {
		for _, a := range q.sam.hijackers(sid) {
			if said[a] {
				continue
			}
			said[a] = true
			victim := q.accounts.described(a.SID.Domain().WithRID(a.FixedRID).String())
			list = append(list, clashing([]Citation{a.cite()}, "In the SAM the account %s, with the RID %d, has the RID %d of another account (RID hijacking): its sessions have the SID and the rights of %s, and may be what the records show of it.",
				a.Name, a.RID, a.FixedRID, victim))
		}
	}
	return list
}

// findNamesDiffer reports that records have different names for an account.
func (q *inquiry) findNamesDiffer() []clash {
	var list []clash
	for _, sid := range q.accountsInQuestion() {
		if a, ok := q.accounts[sid]; ok && a.other != nil {
			list = append(list, clashing([]Citation{a.record, a.other.record}, "The account %s is %s in a log, but %s in the SAM: it was renamed.", sid, a.name, a.other.name))
		}
		if a := q.sam.of(sid); a != nil {
			for _, f := range a.Findings {
				if words := unusualAccount[f]; words != "" {
					list = append(list, clashing([]Citation{a.cite()}, "In the SAM %s", fmt.Sprintf(words, a.Name, a.RID)))
				}
			}
		}
	}
	return list
}
