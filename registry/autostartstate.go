package registry

import (
	"errors"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

func newAutostarts(r *Reader, yield func(Autostart, error) bool, opts []AutostartOption) *autostarts {
	a := &autostarts{r: r, yield: yield, emitted: map[int64]bool{}}
	switch r.Type() {
	case Software:
		a.hives, a.ofClasses = machine|machineClasses, "Classes"
	case User:
		a.hives, a.below, a.ofClasses = user|profile|userClasses, "Software", `Software\Classes`
		a.user = profileFolder(r.FileName())
	case UserSoftware:
		a.hives, a.ofClasses = user|userClasses, "Classes"
	case UserClasses:
		a.hives = userClasses
	case System:
		a.hives = system | setup
	}
	for _, opt := range opts {
		opt(&a.autostartConfig)
	}
	return a
}

// autostarts is the state of one iteration of Autostarts.
type autostarts struct {
	autostartConfig
	r         *Reader
	hives     hives
	below     string // path of the key Software of a user
	ofClasses string // path of the key Classes
	base      string // the control set
	yield     func(Autostart, error) bool
	stopped   bool

	places       map[string]place           // by folded path
	children     map[int64]*childIndex      // by the offset of the key
	indexed      map[int64]*valueIndex      // by the offset of the key
	links        int                        // being followed
	lists        map[string]map[string]bool // folded names in lists that are asked often
	versions     map[string]string          // newest of Office by the name of a program
	besides      *hivesBeside               // nil until they are asked for
	reported     map[string]bool            // damage
	emitted      map[int64]bool             // offsets of values, WithAllLocations: two rows may hold one
	disabledRuns map[string]map[string]bool // by the key below StartupApproved
	books        []*classBook               // see autostartclass.go

	// Of the location that is being read.
	in32           bool           // in the view of 32-bit programs
	link           string         // that led to the key
	disabledByMove bool           // below AutorunsDisabled
	seen           map[int64]bool // offsets of the keys that have been read
}

const (
	// After so many questions for the subkeys, or for the values, of one key, all of them
	// are listed once.
	fewQuestions = 16

	// autorunsDisabled is the key into which Sysinternals Autoruns moves what it disables.
	autorunsDisabled = "AutorunsDisabled"
)

// listOf returns the folded names of a list, which it makes once.
func (a *autostarts) listOf(name string, names func(add func(string))) map[string]bool {
	list := a.lists[name]
	if list == nil {
		list = map[string]bool{}
		names(func(s string) { list[winpath.FoldName(s)] = true })
		if a.lists == nil {
			a.lists = map[string]map[string]bool{}
		}
		a.lists[name] = list
	}
	return list
}

// damaged yields err if it is damage. A key or value that does not exist, or that
// has another type than Windows would read, is not an autostart.
func (a *autostarts) damaged(err error) {
	var e *FormatError
	if a.stopped || !errors.As(err, &e) || a.reported[e.Error()] { // locations share keys
		return
	}
	if a.reported == nil {
		a.reported = map[string]bool{}
	}
	a.reported[e.Error()] = true
	a.stopped = !a.yield(Autostart{}, e)
}

// sub returns the subkey of that name, or nil. The key may be nil.
func (a *autostarts) sub(k *Key, name string) *Key {
	if k == nil {
		return nil
	}
	sub, err := k.Subkey(name)
	if err != nil {
		a.damaged(err)
		return nil
	}
	return sub
}

// value returns the value of that name, or nil. The key may be nil.
func (a *autostarts) value(k *Key, name string) *Value {
	if k == nil {
		return nil
	}
	index := a.indexed[k.Offset]
	if index == nil {
		index = &valueIndex{}
		if a.indexed == nil {
			a.indexed = map[int64]*valueIndex{}
		}
		a.indexed[k.Offset] = index
	}
	if index.asked++; index.asked > fewQuestions {
		return index.of(a, k)[winpath.FoldName(name)]
	}
	v, err := k.Value(name)
	if err != nil {
		a.damaged(err)
		return nil
	}
	return v
}

// of returns the values of the key by their folded names, of which it lists them once.
func (x *valueIndex) of(a *autostarts, k *Key) map[string]*Value {
	if x.byName != nil {
		return x.byName
	}
	x.byName = map[string]*Value{}
	for v, err := range k.Values() {
		if err != nil {
			a.damaged(err)
			continue
		}
		if name := winpath.FoldName(v.Name); x.byName[name] == nil {
			x.byName[name] = v
		}
	}
	return x.byName
}

// textOf returns the text in the value of that name, or "".
func (a *autostarts) textOf(k *Key, name string) string {
	if v := a.value(k, name); v != nil {
		return a.text(v)
	}
	return ""
}

// numberOf returns the number in the value of that name, and whether it has one.
func (a *autostarts) numberOf(k *Key, name string) (uint32, bool) {
	if v := a.value(k, name); v != nil {
		return a.number(v)
	}
	return 0, false
}

// text returns the text in a value, or "" if it is not text.
func (a *autostarts) text(v *Value) string {
	s, err := v.Text()
	a.damaged(err)
	return s
}

// number returns the number in a value, and whether the value is a number.
func (a *autostarts) number(v *Value) (uint32, bool) {
	n, err := v.Uint64()
	a.damaged(err)
	return uint32(n), err == nil
}

// numberIn returns the number in the value of that name, also if it is text, or absent
// if the key has no such number. The key may be nil.
func (a *autostarts) numberIn(k *Key, name string, absent uint32) uint32 {
	v := a.value(k, name)
	if v == nil {
		return absent
	}
	if n, ok := a.number(v); ok {
		return n
	}
	if n, err := strconv.ParseUint(strings.TrimSpace(a.text(v)), 0, 32); err == nil {
		return uint32(n)
	}
	return absent
}

// profileFolder returns the name of the folder of an NTUSER.DAT, from the file
// name in its base block, or "" if that name is cut off or is something else.
func profileFolder(file string) string {
	parts := strings.Split(file, `\`)
	n := len(parts)
	if n < 3 || !winpath.SameName(parts[n-1], "ntuser.dat") {
		return ""
	}
	return parts[n-2]
}

// place is a key, and the path of the symbolic link that led to it. The key is nil if it
// does not exist.
type place struct {
	key  *Key
	link string
}

// classBook finds the COM classes of one hive. It lists them once, because a hive has
// thousands.
type classBook struct {
	a     *autostarts
	base  string
	own   bool // of the hive whose autostarts are read
	user  bool
	lists [2]map[string]*Key // by folded name; the second in the view of 32-bit programs
}

// childIndex are the subkeys of a key that is asked for many.
type childIndex struct {
	asked  int
	byName map[string]*Key // by folded name; nil for a key that is asked for few
}

// hivesBeside are the hives of the machine, with that whose autostarts are read.
type hivesBeside struct {
	software, system *autostarts // nil if it was not given
	accounts         []*autostarts
}

// valueIndex are the values of a key that is asked for many.
type valueIndex struct {
	asked  int
	byName map[string]*Value // by folded name; nil for a key that is asked for few
}
