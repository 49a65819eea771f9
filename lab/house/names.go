package main

import "go/types"

// exported counts the names that a user of a package can write.
type exported struct {
	types, funcs, methods, fields, consts, vars int
}

func (e exported) total() int {
	return e.types + e.funcs + e.methods + e.fields + e.consts + e.vars
}

func exportedBy(p *types.Package) exported {
	var e exported
	for _, name := range p.Scope().Names() {
		o := p.Scope().Lookup(name)
		if !o.Exported() {
			continue
		}
		switch o := o.(type) {
		case *types.Const:
			e.consts++
		case *types.Var:
			e.vars++
		case *types.Func:
			e.funcs++
		case *types.TypeName:
			e.types++
			// An alias is not a Named. The members of its type count in the file in which the type
			// is declared.
			if named, ok := o.Type().(*types.Named); ok {
				e.members(named)
			}
		}
	}
	return e
}

func (e *exported) members(t *types.Named) {
	for m := range t.Methods() {
		if m.Exported() {
			e.methods++
		}
	}
	switch under := t.Underlying().(type) {
	case *types.Struct:
		for f := range under.Fields() {
			if f.Exported() {
				e.fields++
			}
		}
	case *types.Interface:
		for m := range under.ExplicitMethods() {
			if m.Exported() {
				e.methods++
			}
		}
	}
}
