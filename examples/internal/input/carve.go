package input

import (
	"context"
	"fmt"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

const carvedFlag = "carved"

// Carved adds the flag -carved, by which Carve works.
func Carved(p *cli.Program) *bool {
	return p.Bool(carvedFlag, false, "also look for shadow copies that the catalog does not list, such as deleted ones, and read what is left of them; this reads all of each volume")
}

// Carve adds the shadow copies that the catalogs do not list, if -carved asks for it. If not,
// it reports how many the $MFT still records.
func Carve(ctx context.Context, p *cli.Program, list ...*evidence.Evidence) error {
	if p.Lookup(carvedFlag).Value.String() == "true" {
		for _, ev := range list {
			p.Progress("looking for deleted shadow copies in %s", ev.Name())
			if err := ev.CarveSnapshots(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	for _, ev := range list {
		for _, v := range ev.Volumes() {
			switch n := len(v.UnlistedStores()); n {
			case 0:
			case 1:
				p.Problem(fmt.Sprintf("%s: 1 store of a shadow copy that the catalog does not list: -carved reads what is left of it", v.Name))
			default:
				p.Problem(fmt.Sprintf("%s: %d stores of shadow copies that the catalog does not list: -carved reads what is left of them", v.Name, n))
			}
		}
	}
	return nil
}
