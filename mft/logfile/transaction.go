package logfile

import (
	"errors"
	"io"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
)

// State is how a transaction ended.
type State uint8

// The states of transactions.
const (
	Unfinished State = iota // the log ends before it does: NTFS would undo it
	Committed               // it has happened
	RolledBack              // it was undone
	Cut                     // its end is on a page that is lost
)

var stateNames = [...]string{"unfinished", "committed", "rolled back", "cut"}

// String returns the name of the state in lower case.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// Transaction is a sequence of changes of which all happen or none.
type Transaction struct {
	ID      uint32
	State   State
	Partial bool // its beginning is missing
	Records []Record
}

// Transactions iterates over the transactions in the order in which they end, then those
// that do not. Checkpoints are not part of any. Errors are those of Records.
func (r *Reader) Transactions() iter.Seq2[Transaction, error] {
	return func(yield func(Transaction, error) bool) {
		t := &transactions{yield: yield, open: map[uint32]*Transaction{}}
		r.walkGaps(t.record, func(Problem) bool { return true }, t.gap)
		t.flush(Unfinished)
	}
}

// transactions joins log records.
type transactions struct {
	yield   func(Transaction, error) bool
	open    map[uint32]*Transaction
	order   []uint32 // of open, oldest first
	stopped bool
}

// inCheckpoint reports whether the record is of a checkpoint.
func inCheckpoint(rec *Record) bool {
	if rec.Type != ClientRecord {
		return true
	}
	switch rec.Redo {
	case OpenAttributeTableDump, AttributeNamesDump, DirtyPageTableDump, TransactionTableDump:
		return true
	}
	return false
}

func (t *transactions) record(rec Record, err error) bool {
	switch {
	case t.stopped:
		return false
	case err != nil:
		if !damage.Is(err) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.flush(Unfinished)
		}
		t.stopped = t.stopped || !t.yield(Transaction{}, err)
		return !t.stopped
	case inCheckpoint(&rec):
		return true
	}
	tx := t.open[rec.Transaction]
	if tx != nil && rec.Previous != tx.Records[len(tx.Records)-1].LSN { // its end is lost
		t.end(tx, Cut)
		tx = nil
	}
	if tx == nil {
		tx = &Transaction{ID: rec.Transaction, Partial: rec.Previous != 0}
		t.open[rec.Transaction] = tx
		t.order = append(t.order, rec.Transaction)
	}
	tx.Records = append(tx.Records, rec)
	if rec.Undo == CompensationLogRecord && rec.Redo != ForgetTransaction && rec.Redo != Noop {
		tx.State = RolledBack
	}
	if rec.Redo == ForgetTransaction {
		t.end(tx, Committed)
	}
	return !t.stopped
}

// end yields a transaction.
func (t *transactions) end(tx *Transaction, s State) {
	delete(t.open, tx.ID)
	for i, id := range t.order {
		if id == tx.ID {
			t.order = append(t.order[:i], t.order[i+1:]...)
			break
		}
	}
	if tx.State != RolledBack {
		tx.State = s
	}
	t.stopped = t.stopped || !t.yield(*tx, nil)
}

// gap ends the transactions whose records may be missing.
func (t *transactions) gap() { t.flush(Cut) }

func (t *transactions) flush(s State) {
	for len(t.order) > 0 && !t.stopped {
		t.end(t.open[t.order[0]], s)
	}
}
