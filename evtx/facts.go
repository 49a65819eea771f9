package evtx

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/winid"
)

// definitionFacts lists what is known about the definitions of data: one on each line,
// its fields separated by tabs. They are
//
//   - the GUID and the size in bytes of the definition
//   - the element, with its attributes as in name=value
//   - the slots in their order, each as name:type, with the type in hexadecimal. In
//     EventData, the name is that of a Data element, unless it begins with "<": then it
//     is that of the element. A name of "-" means that the slot is not used. A "?" at
//     the end means that the element is omitted if the value is null.
//
//go:embed facts.tsv
var definitionFacts string

// builtin returns the definitions of definitionFacts. They are shared.
var builtin = sync.OnceValue(NewDefinitions)

// facts returns the definitions of definitionFacts.
func facts() (all []*definition) {
	for line := range strings.Lines(definitionFacts) {
		if k := parseFact(strings.TrimSuffix(line, "\n")); k != nil {
			all = append(all, k)
		}
	}
	return all
}

// parseFact returns the definition that a line describes, or nil.
func parseFact(line string) *definition {
	columns := strings.Split(line, "\t")
	if len(columns) < 3 {
		return nil
	}
	guid, err := winid.ParseGUID(columns[0])
	size, err2 := strconv.Atoi(columns[1])
	if err != nil || err2 != nil {
		return nil
	}
	words := strings.Split(columns[2], " ")
	root := node{kind: nodeElement, slot: noSlot, name: words[0], closed: len(columns) == 3}
	for _, w := range words[1:] {
		name, value, _ := strings.Cut(w, "=")
		root.attrs = append(root.attrs, attribute(name, value))
	}
	k := &definition{guid: guid}
	for i, column := range columns[3:] {
		optional := strings.HasSuffix(column, "?")
		colon := strings.LastIndexByte(column, ':')
		if colon < 0 {
			return nil
		}
		name, hex := column[:colon], strings.TrimSuffix(column[colon+1:], "?")
		typ, err := strconv.ParseUint(hex, 16, 8)
		if err != nil {
			return nil
		}
		k.types = append(k.types, ValueType(typ))
		if name == "-" {
			continue
		}
		e := node{kind: nodeElement, slot: noSlot, name: strings.TrimPrefix(name, "<"), kids: []node{{kind: nodeSubstitution, slot: uint16(i)}}}
		if optional {
			e.slot = uint16(i)
		}
		if root.name == "EventData" && e.name == name {
			e.name = "Data"
			if name != "" {
				e.attrs = []node{attribute("Name", name)}
			}
		}
		root.kids = append(root.kids, e)
	}
	k.template = &template{nodes: []node{root}, size: size}
	return k
}

func attribute(name, value string) node {
	return node{kind: nodeAttribute, name: name, kids: []node{{kind: nodeText, text: value}}}
}

// fact returns the line that describes a definition. It returns false if a line cannot
// describe it.
func (d *definition) fact() (string, bool) {
	root := d.template.root()
	element := root.name
	for i := range root.attrs {
		text, _ := literal(root.attrs[i].kids)
		element += " " + root.attrs[i].name + "=" + text
	}
	columns := []string{d.guid.String(), strconv.Itoa(d.template.size), element}
	for i, typ := range d.types {
		name, optional := "-", ""
		for j := range root.kids {
			e := &root.kids[j]
			if slot, ok := substitution(e.kids); !ok || int(slot) != i {
				continue
			}
			name = e.name
			if root.name == "EventData" && name == "Data" {
				name = ""
				if len(e.attrs) > 0 {
					name, _ = literal(e.attrs[0].kids)
				}
			} else if root.name == "EventData" {
				name = "<" + name
			}
			if e.slot != noSlot {
				optional = "?"
			}
		}
		columns = append(columns, fmt.Sprintf("%s:%02x%s", name, uint8(typ), optional))
	}
	line := strings.Join(columns, "\t")
	back := parseFact(line)
	return line, back != nil && back.guid == d.guid && slices.Equal(back.types, d.types) && equalNodes(back.template.nodes, d.template.nodes)
}
