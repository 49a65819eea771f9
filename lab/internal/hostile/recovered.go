package hostile

import (
	"os"
	"runtime"
	"strconv"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// Recovered recovers the records of a log, with what it defines itself as the store,
// and carves the same bytes as if they were unallocated space. It decodes each record in
// every form. What is lost is not judged: a mutant may well hide a record for good.
func Recovered(path string, emit func(child.Record)) (int, error) {
	problems := 0
	r, err := evtx.Open(path)
	if err == nil {
		defer r.Close()
		store := evtx.NewDefinitions()
		if store.Add(r) != nil {
			problems++
		}
		problems += recoverAll(r.Recovered(), emit)
		again, err := evtx.Open(path, evtx.WithDefinitions(store))
		if err != nil {
			return problems, err
		}
		defer again.Close()
		problems += recoverAll(again.Recovered(), emit)
	}
	f, err := os.Open(path)
	if err != nil {
		return problems, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return problems, err
	}
	return problems + recoverAll(evtx.Carve(f, st.Size()), emit), nil
}

func recoverAll(found func(func(evtx.Recovered, error) bool), emit func(child.Record)) (problems int) {
	runtime.GC() // what the pass before left does not count for this one
	var text []byte
	for rec, err := range found {
		if err != nil {
			problems++
			continue
		}
		for _, form := range []func([]byte) ([]byte, error){rec.AppendJSON, rec.AppendXML, rec.AppendTyped} {
			if text, err = form(text[:0]); err != nil {
				problems++
			}
		}
		e, err := rec.Typed()
		if err != nil {
			problems++
		}
		evtx.Describe(e)
		emit(child.Record{Key: "recovered " + strconv.FormatUint(rec.ID, 10), Offset: rec.Offset, Size: int64(rec.Size)})
	}
	return problems
}
