package evtx

import (
	"slices"
	"strings"
)

// RenderingInfo is an event in the words of the machine that it was forwarded from, whose
// providers know its message. A collector of events logs it with the event.
type RenderingInfo struct {
	Culture, Message, Level, Task, Opcode, Channel, Provider string
	Keywords                                                 []string
}

// renderingElements are the elements of a RenderingInfo element, in Windows' order.
var renderingElements = []struct {
	name string
	text func(*RenderingInfo) *string
}{
	{"Message", func(r *RenderingInfo) *string { return &r.Message }},
	{"Level", func(r *RenderingInfo) *string { return &r.Level }},
	{"Task", func(r *RenderingInfo) *string { return &r.Task }},
	{"Opcode", func(r *RenderingInfo) *string { return &r.Opcode }},
	{"Channel", func(r *RenderingInfo) *string { return &r.Channel }},
	{"Provider", func(r *RenderingInfo) *string { return &r.Provider }},
}

// renderingOf returns what a RenderingInfo element holds.
func renderingOf(f *Field) *RenderingInfo {
	r := new(RenderingInfo)
	for i := range f.Attributes {
		if f.Attributes[i].Name == "Culture" {
			r.Culture = strings.Clone(f.Attributes[i].Value.String())
		}
	}
	for i := range f.Fields {
		k := &f.Fields[i]
		for _, e := range renderingElements {
			if e.name == k.Name {
				*e.text(r) = k.Value.String()
			}
		}
		if k.Name == "Keywords" {
			for j := range k.Fields {
				r.Keywords = append(r.Keywords, k.Fields[j].Value.String())
			}
		}
	}
	return r
}

// tree returns the RenderingInfo element.
func (r *RenderingInfo) tree() Field {
	f := Field{Name: "RenderingInfo"}
	if r.Culture != "" {
		f.set("Culture", StringValue(r.Culture))
	}
	for _, e := range renderingElements {
		f.Fields = append(f.Fields, Field{Name: e.name, Value: StringValue(*e.text(r))})
	}
	keywords := Field{Name: "Keywords"}
	for _, k := range r.Keywords {
		keywords.Fields = append(keywords.Fields, Field{Name: "Keyword", Value: StringValue(k)})
	}
	f.Fields = append(f.Fields, keywords)
	return f
}

// in reports whether an element is the RenderingInfo element that r comes from.
func (r *RenderingInfo) in(f Field) bool {
	if r == nil || f.Name != "RenderingInfo" {
		return false
	}
	g := renderingOf(&f)
	keywords := slices.Equal(r.Keywords, g.Keywords)
	a, b := *r, *g
	a.Keywords, b.Keywords = nil, nil
	for _, e := range renderingElements {
		if *e.text(&a) != *e.text(&b) {
			return false
		}
	}
	return keywords && a.Culture == b.Culture
}

// own copies the memory that r shares with the log.
func (r *RenderingInfo) own() *RenderingInfo {
	if r == nil {
		return nil
	}
	c := *r
	c.Keywords = slices.Clone(r.Keywords)
	return &c
}

// yield yields the texts that are not empty, as Values does.
func (r *RenderingInfo) yield(yield func(name, value string) bool) {
	if r == nil {
		return
	}
	for _, e := range renderingElements {
		if text := *e.text(r); text != "" && !yield("RenderingInfo/"+e.name, text) {
			return
		}
	}
	if len(r.Keywords) > 0 {
		yield("RenderingInfo/Keywords", strings.Join(r.Keywords, ", "))
	}
}
