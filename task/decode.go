package task

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

const (
	// maxDepth is how deep elements are read. The schema needs eight levels.
	maxDepth = 32

	// maxItems is how many principals, triggers and actions are kept of each. Windows
	// accepts 48 triggers and 32 actions.
	maxItems = 256
)

// texts are the elements whose text is kept, by their path below Task. A * is the
// kind of a trigger or an action.
var texts = map[string]func(*Task) *string{
	"RegistrationInfo/Author":             func(t *Task) *string { return &t.Author },
	"RegistrationInfo/Date":               func(t *Task) *string { return &t.Date },
	"RegistrationInfo/URI":                func(t *Task) *string { return &t.URI },
	"RegistrationInfo/Description":        func(t *Task) *string { return &t.Description },
	"RegistrationInfo/Source":             func(t *Task) *string { return &t.Source },
	"RegistrationInfo/SecurityDescriptor": func(t *Task) *string { return &t.SecurityDescriptor },
	"Principals/Principal/UserId":         func(t *Task) *string { return &last(t.Principals).UserID },
	"Principals/Principal/GroupId":        func(t *Task) *string { return &last(t.Principals).GroupID },
	"Principals/Principal/DisplayName":    func(t *Task) *string { return &last(t.Principals).DisplayName },
	"Principals/Principal/LogonType":      func(t *Task) *string { return &last(t.Principals).LogonType },
	"Principals/Principal/RunLevel":       func(t *Task) *string { return &last(t.Principals).RunLevel },
	"Triggers/*/StartBoundary":            func(t *Task) *string { return &last(t.Triggers).StartBoundary },
	"Triggers/*/EndBoundary":              func(t *Task) *string { return &last(t.Triggers).EndBoundary },
	"Triggers/*/Delay":                    func(t *Task) *string { return &last(t.Triggers).Delay },
	"Triggers/*/Repetition/Interval":      func(t *Task) *string { return &last(t.Triggers).Interval },
	"Triggers/*/UserId":                   func(t *Task) *string { return &last(t.Triggers).UserID },
	"Triggers/*/Subscription":             func(t *Task) *string { return &last(t.Triggers).Subscription },
	"Actions/*/Command":                   func(t *Task) *string { return &last(t.Actions).Command },
	"Actions/*/Arguments":                 func(t *Task) *string { return &last(t.Actions).Arguments },
	"Actions/*/WorkingDirectory":          func(t *Task) *string { return &last(t.Actions).WorkingDirectory },
	"Actions/*/ClassId":                   func(t *Task) *string { return &last(t.Actions).ClassID },
	"Actions/*/Data":                      func(t *Task) *string { return &last(t.Actions).Data },
}

// flags are the elements that are true or false. Want is the value for which the field
// is true.
var flags = map[string]struct {
	want  bool
	field func(*Task) *bool
}{
	"Settings/Enabled":   {false, func(t *Task) *bool { return &t.Disabled }},
	"Settings/Hidden":    {true, func(t *Task) *bool { return &t.Hidden }},
	"Triggers/*/Enabled": {false, func(t *Task) *bool { return &last(t.Triggers).Disabled }},
}

// last returns the item that is being read.
func last[T any](list []T) *T { return &list[len(list)-1] }

// decoder reads the XML of one task.
type decoder struct {
	name     string // what errors call the file
	text     text
	task     Task
	problems []Problem

	xml   *xml.Decoder
	path  []string // of the open elements, from Task
	value strings.Builder
	full  bool // the item that is open is one too many
	over  bool // too many items were noted
}

func (d *decoder) note(kind damage.Kind, err error, path string) {
	if len(d.problems) < maxItems {
		d.problems = append(d.problems, damage.Note(kind, err, d.name, path))
	}
}

// decode reads the text. The error is that of a text that is not a task.
func (d *decoder) decode() error {
	d.xml = xml.NewDecoder(strings.NewReader(d.text.utf8))
	d.xml.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the text is decoded
	for {
		at := d.xml.InputOffset()
		token, err := d.xml.Token()
		if err == nil {
			if start, ok := token.(xml.StartElement); ok {
				if start.Name.Local == "Task" {
					d.path = append(d.path, "Task")
					d.elements()
					return nil
				}
				err = errors.New("the element " + start.Name.Local)
			}
		}
		if err != nil {
			got := strconv.QuoteToASCII(d.text.head())
			if d.text.utf8 == "" {
				got = "an empty file"
			}
			return &FormatError{Artifact: d.name, Offset: d.text.offset(at), What: "XML", Want: "the element Task", Got: got, Err: ErrNotTask}
		}
	}
}

// elements reads what follows the beginning of the element Task.
func (d *decoder) elements() {
	for len(d.path) > 0 {
		at := d.xml.InputOffset()
		token, err := d.xml.Token()
		if err != nil {
			d.cut(at, err)
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(d.path) == maxDepth {
				d.note(damage.Limit, damage.New("depth of elements", d.text.offset(at), maxDepth+1, nil), d.where())
				return
			}
			d.start(t, at)
		case xml.CharData:
			d.value.Write(t)
		case xml.EndElement:
			d.end(at)
		}
	}
	if rest := strings.Trim(d.text.utf8[d.xml.InputOffset():], " \t\r\n\x00"); rest != "" {
		d.note(damage.Malformed, damage.New("after the task", d.text.offset(d.xml.InputOffset()), strconv.Itoa(len(rest))+" bytes", "the end of the file"), "")
	}
}

// cut notes the error at which reading ends.
func (d *decoder) cut(at int64, err error) {
	var syntax *xml.SyntaxError
	problem := &FormatError{Offset: d.text.offset(at), What: "XML", Err: err}
	kind := damage.Malformed
	if errors.As(err, &syntax) {
		problem.Err = errors.New(syntax.Msg) // its line is that of the text
		if at >= int64(len(d.text.utf8)) || syntax.Msg == "unexpected EOF" {
			kind = damage.Truncation
		}
	}
	d.note(kind, problem, d.where())
}

// where returns the path of the open elements.
func (d *decoder) where() string { return strings.Join(d.path, "/") }

// below returns the path below Task by which the tables name the open element.
func (d *decoder) below() string {
	list := slices.Clone(d.path[1:])
	if len(list) > 1 && (list[0] == "Triggers" || list[0] == "Actions") {
		list[1] = "*"
	}
	return strings.Join(list, "/")
}

// start opens an element: an item becomes the last of its list.
func (d *decoder) start(e xml.StartElement, at int64) {
	d.path = append(d.path, e.Name.Local)
	d.value.Reset()
	t := &d.task
	switch len(d.path) {
	case 2:
		if e.Name.Local == "Actions" {
			t.Context = attribute(e, "Context")
		}
	case 3:
		d.full = false
		switch d.path[1] {
		case "Principals":
			d.full = !add(&t.Principals, Principal{ID: attribute(e, "id")})
		case "Triggers":
			d.full = !add(&t.Triggers, Trigger{Kind: e.Name.Local})
		case "Actions":
			d.full = !add(&t.Actions, Action{Kind: e.Name.Local, ID: attribute(e, "id")})
		}
		if d.full && !d.over {
			d.over = true
			d.note(damage.Limit, damage.New("number of "+strings.ToLower(d.path[1]), d.text.offset(at), maxItems+1, nil), "Task/"+d.path[1])
		}
	}
}

// add adds an item, unless there are too many.
func add[T any](list *[]T, item T) bool {
	if len(*list) == maxItems {
		return false
	}
	*list = append(*list, item)
	return true
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// end closes an element, and keeps its value. Of an element that is there twice, which
// Windows rejects, the first counts.
func (d *decoder) end(at int64) {
	value := d.value.String()
	d.value.Reset()
	where, below := d.where(), ""
	if !d.full || len(d.path) < 3 {
		below = d.below()
	}
	d.path = d.path[:len(d.path)-1]
	if field := texts[below]; field != nil {
		if kept := field(&d.task); *kept == "" {
			*kept = value
		} else if value != *kept {
			d.note(damage.Conflict, damage.New("second element", d.text.offset(at), strconv.QuoteToASCII(clip(value)), "one"), where)
		}
	}
	if flag, ok := flags[below]; ok {
		switch strings.TrimSpace(value) {
		case "true", "1":
			*flag.field(&d.task) = flag.want
		case "false", "0":
			*flag.field(&d.task) = !flag.want
		default:
			d.note(damage.Malformed, damage.New("value", d.text.offset(at), strconv.QuoteToASCII(clip(value)), "true or false"), where)
		}
	}
}

// clip shortens a value for an error.
func clip(s string) string {
	const most = 64
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
