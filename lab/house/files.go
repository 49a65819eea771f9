package main

import (
	"go/token"
	"go/types"
	"path/filepath"
)

// graph is the files of a package and what they use of each other.
type graph struct {
	files []string
	// arrow[a][b] is 1 if a uses something other than a field that b declares.
	arrow weights
	// names[a][b] is the number of different names of b, including fields, that a
	// uses.
	names weights
}

// graphOf reads the references between the files of a package.
func graphOf(p *source) *graph {
	n := len(p.files)
	g := &graph{arrow: newWeights(n), names: newWeights(n)}
	number := map[*token.File]int{}
	for i, f := range p.files {
		file := p.fset.File(f.FileStart)
		number[file] = i
		g.files = append(g.files, filepath.Base(file.Name()))
	}
	type use struct {
		by   int
		what token.Pos // of the declaration, which all instances of a generic share
	}
	seen := map[use]bool{}
	for id, o := range p.info.Uses {
		if _, isImport := o.(*types.PkgName); isImport || o.Pkg() != p.types {
			continue
		}
		a, b := number[p.fset.File(id.Pos())], number[p.fset.File(o.Pos())]
		if a == b {
			continue
		}
		if v, ok := o.(*types.Var); !ok || !v.IsField() {
			g.arrow[a][b] = 1
		}
		if u := (use{a, o.Pos()}); !seen[u] {
			seen[u] = true
			g.names[a][b]++
		}
	}
	return g
}

// fileFigures are the figures of a graph.
type fileFigures struct {
	files, arrows, pairs, up, names, namesUp int
}

func (g *graph) figures() fileFigures {
	f := fileFigures{files: len(g.files)}
	for a := range g.files {
		for b := range g.files {
			f.arrows += g.arrow[a][b]
			f.names += g.names[a][b]
			if a < b && g.arrow[a][b]+g.arrow[b][a] == 2 {
				f.pairs++
			}
		}
	}
	order := g.order()
	f.up = g.arrow.up(order)
	f.namesUp = min(g.names.up(g.names.search()), g.names.up(order)) // a search may miss the best order, which the other has then
	return f
}

// order returns the files from the top down, in the order with the fewest arrows
// back up and, among those orders, with the fewest names back up.
func (g *graph) order() []int {
	const arrow = 1 << 20 // more than all names of a package
	both := newWeights(len(g.files))
	for a := range both {
		for b := range both {
			both[a][b] = g.arrow[a][b]*arrow + g.names[a][b]
		}
	}
	return both.search()
}

// fileArrow is an arrow between two files and the number of names it consists of.
type fileArrow struct {
	from, to string
	names    int
}

// upward lists the arrows that run back up, from the top file down.
func (g *graph) upward() []fileArrow {
	var arrows []fileArrow
	order := g.order()
	for i, a := range order {
		for _, b := range order[:i] {
			if g.arrow[a][b] > 0 {
				arrows = append(arrows, fileArrow{g.files[a], g.files[b], g.names[a][b]})
			}
		}
	}
	return arrows
}
