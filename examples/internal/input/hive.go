package input

import (
	"fmt"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry"
)

// Hive opens a hive of a volume and reports its problems, and what became of the
// transaction logs beside it. If asIs is set, they are not replayed.
func Hive(p *cli.Program, volume fs.FS, path, name string, asIs bool) (*registry.Reader, error) {
	opts := []registry.Option{registry.WithName(name)}
	if !asIs {
		opts = append(opts, registry.WithLogsBeside())
	}
	r, err := registry.OpenFS(volume, path, opts...)
	if err != nil {
		return nil, err
	}
	for _, u := range r.Logs() {
		if u.Applied || r.Dirty() {
			p.Problem(fmt.Sprintf("%s: %s", name, u))
		}
	}
	for problem := range r.Problems() {
		p.Problem(problem)
	}
	return r, nil
}
