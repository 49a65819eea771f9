package main

import (
	"cmp"
	"os"
	"path"
	"slices"
	"strings"
)

// house is everything that is measured in a module.
type house struct {
	rooms       []roomArrow
	packages    []packageFigures
	code, tests habits
}

type packageFigures struct {
	name    string // its path in the module, or in the standard library
	program bool   // package main
	level   int
	graph   *graph
	exported
}

// measure reads the module that dir is in.
func measure(dir string, patterns ...string) (*house, error) {
	module, root, err := moduleOf(dir)
	if err != nil {
		return nil, err
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	sources, err := load(dir, nil, patterns...)
	if err != nil {
		return nil, err
	}
	h := &house{packages: figuresOf(sources, module)}
	slices.SortStableFunc(h.packages, func(a, b packageFigures) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.name, b.name))
	})
	if h.rooms, err = arrowsBetweenRooms(os.DirFS(root), module); err != nil {
		return nil, err
	}
	h.code, h.tests, err = habitsOf(os.DirFS(root))
	return h, err
}

// model is a package of the standard library to compare with.
type model struct {
	packageFigures
	habits
}

func measureModels() ([]model, error) {
	names := []string{"archive/tar", "archive/zip", "debug/elf", "encoding/json/jsontext", "log/slog"}
	// The standard library has jsontext only under this experiment.
	sources, err := load(".", []string{"GOEXPERIMENT=jsonv2"}, names...)
	if err != nil {
		return nil, err
	}
	var models []model
	for i, f := range figuresOf(sources, "") {
		m := model{packageFigures: f}
		if m.habits, _, err = habitsOf(os.DirFS(sources[i].Dir)); err != nil {
			return nil, err
		}
		models = append(models, m)
	}
	return models, nil
}

func figuresOf(sources []*source, module string) []packageFigures {
	levels := levelsOf(sources)
	var figures []packageFigures
	for _, p := range sources {
		name := path.Clean(strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/"))
		figures = append(figures, packageFigures{name, p.Name == "main", levels[p.ImportPath], graphOf(p), exportedBy(p.types)})
	}
	return figures
}

// levelsOf returns the length of the longest chain of imports below each package.
// Only imports among the given packages count.
func levelsOf(sources []*source) map[string]int {
	byPath := map[string]*source{}
	for _, p := range sources {
		byPath[p.ImportPath] = p
	}
	levels := map[string]int{}
	var levelOf func(p *source) int
	levelOf = func(p *source) int {
		level, known := levels[p.ImportPath]
		if known {
			return level
		}
		for _, path := range p.Imports {
			if below := byPath[path]; below != nil {
				level = max(level, levelOf(below)+1)
			}
		}
		levels[p.ImportPath] = level
		return level
	}
	for _, p := range sources {
		levelOf(p)
	}
	return levels
}
