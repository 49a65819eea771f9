package main

import (
	"context"
	"io"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/mft/vss"
)

// snapshotRow is a shadow copy in the evidence.
type snapshotRow struct {
	*evidence.Snapshot
	source string
}

// fields passes e what vssadmin shows of a shadow copy, and where it is.
func (r *snapshotRow) fields(e emitter) {
	e.number("Number", uint64(r.Number))
	e.text("Name", r.Name)
	e.moment("Created", r.Created)
	e.text("ShadowCopyID", r.ID.String())
	e.text("ShadowCopySetID", r.SetID.String())
	e.text("StoreID", r.StoreID.String())
	e.text("OriginatingMachine", r.Machine)
	e.text("ServiceMachine", r.Service)
	e.text("Attributes", r.Attributes.String())
	e.number("VolumeSize", uint64(r.Size))
	e.number("Offset", uint64(r.Offset))
	e.truth("Carved", r.Carved)
	e.text("SourceFile", r.source)
}

// listSnapshots writes a row for each shadow copy of the evidence. Evidence without shadow
// copies is not an error.
func listSnapshots(p *cli.Program, format string) error {
	w, head, err := lines("-snapshots", format, &snapshotRow{Snapshot: &evidence.Snapshot{Snapshot: new(vss.Snapshot)}})
	if err != nil {
		return err
	}
	ev, err := input.OpenQuietly(p, p.Arg(0))
	if err != nil {
		return err
	}
	defer ev.Close()
	for problem := range ev.TableProblems() {
		p.Problem(problem)
	}
	if err := input.Carve(context.Background(), p, ev); err != nil {
		return err
	}
	if _, err := io.WriteString(p.Out, head); err != nil {
		return err
	}
	for _, s := range ev.Snapshots() {
		if _, err := p.Out.Write(w.one(nil, &snapshotRow{s, p.Arg(0)})); err != nil {
			return err
		}
		for problem := range s.Problems() {
			p.Problem(problem)
		}
	}
	return nil
}
