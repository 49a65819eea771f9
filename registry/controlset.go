package registry

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/damage"
)

// ControlSets holds the names of control sets of a SYSTEM hive, such as
// ControlSet001, by what Windows uses them for. A field is "" if the hive does not
// record it, or records that no control set has this use.
type ControlSets struct {
	Current       string // in use when the hive was last written
	Default       string // for the next start
	LastKnownGood string // of the last start that worked
	Failed        string // replaced by LastKnownGood
}

// ControlSets returns what the values of the key Select record. The error names
// the values that are damaged or of a wrong type. If the hive has no key Select,
// it wraps fs.ErrNotExist.
func (r *Reader) ControlSets() (ControlSets, error) {
	var sets ControlSets
	if _, err := r.OpenKey("Select"); err != nil {
		return sets, err
	}
	var errs []error
	for _, value := range [...]struct {
		name string
		set  *string
	}{{"Current", &sets.Current}, {"Default", &sets.Default}, {"LastKnownGood", &sets.LastKnownGood}, {"Failed", &sets.Failed}} {
		set, _, err := r.controlSet(value.name)
		if err != nil && (damage.Is(err) || !errors.Is(err, fs.ErrNotExist)) {
			errs = append(errs, err)
		}
		*value.set = set
	}
	return sets, errors.Join(errs...)
}

// CurrentControlSet returns the name of the control set that was in use when a
// SYSTEM hive was last written, such as ControlSet001, from the value Current of
// its key Select. It returns an error if the value is absent or damaged.
func (r *Reader) CurrentControlSet() (string, error) {
	set, _, err := r.controlSet("Current")
	return set, err
}

// controlSet returns the control set that a value of Select names, or "" for 0,
// and that value.
func (r *Reader) controlSet(name string) (string, *Value, error) {
	k, err := r.OpenKey("Select")
	if err != nil {
		return "", nil, err
	}
	v, err := k.Value(name)
	if err != nil {
		return "", nil, err
	}
	n, err := v.Uint64()
	if err != nil || n == 0 {
		return "", v, err
	}
	return fmt.Sprintf("ControlSet%03d", n), v, nil
}

// firstControlSet is the control set that every SYSTEM hive has.
const firstControlSet = "ControlSet001"

// controlSetInUse returns the current control set. If Select does not name an
// existing one, it returns the first control set and an error.
func (r *Reader) controlSetInUse() (string, error) {
	set, v, err := r.controlSet("Current")
	if err != nil {
		return firstControlSet, err
	}
	if set != "" {
		if _, err = r.OpenKey(set); err == nil {
			return set, nil
		}
	}
	if damage.Is(err) {
		return firstControlSet, err
	}
	if set == "" {
		set = "none"
	}
	return firstControlSet, v.in(damage.New("current control set", v.Offset, set, "an existing one"))
}
