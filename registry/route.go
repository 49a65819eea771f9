package registry

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A Route is a persistent route in a SYSTEM hive, as route -p add sets it.
type Route struct {
	Key       string    // path of the key
	Offset    int64     // of the value's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	Destination, Mask, Gateway, Metric string
}

// Routes yields the persistent routes of a SYSTEM hive, in the control set that was in use.
func Routes(r *Reader) iter.Seq2[Route, error] {
	return valuesAt(r, []string{tcpip + `\PersistentRoutes`}, func(k *Key, v *Value) (Route, error) {
		parts := strings.Split(v.Name, ",")
		if len(parts) != 4 {
			return Route{}, damage.New("persistent route", -1, fmt.Sprintf("%q", v.Name), "destination, mask, gateway and metric")
		}
		return Route{k.Path(), v.Offset, k.LastWrite, parts[0], parts[1], parts[2], parts[3]}, nil
	})
}

// A PortProxy makes Windows listen on a port and pass on what it receives, as netsh
// interface portproxy sets it. Intruders use it to reach machines behind this one.
type PortProxy struct {
	Key       string    // path of the key
	Offset    int64     // of the value's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	Family  string // v4tov4, v4tov6, v6tov4 or v6tov6
	Listen  string // address and port: 0.0.0.0/8443
	Connect string // address and port: 10.0.0.5/3389
}

// PortProxies yields the port proxies of a SYSTEM hive, in the control set that was in use.
func PortProxies(r *Reader) iter.Seq2[PortProxy, error] {
	var keys []string
	for _, family := range [...]string{"v4tov4", "v4tov6", "v6tov4", "v6tov6"} {
		keys = append(keys, `Services\PortProxy\`+family+`\tcp`)
	}
	return valuesAt(r, keys, func(k *Key, v *Value) (PortProxy, error) {
		to, err := v.Text()
		return PortProxy{k.Path(), v.Offset, k.LastWrite, k.parent.Name, v.Name, to}, err
	})
}

// valuesAt yields what read makes of the values of keys in the control set that was in use.
func valuesAt[T any](r *Reader, keys []string, read func(*Key, *Value) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		set, err := r.controlSetInUse()
		if err != nil && !yield(none, err) {
			return
		}
		for _, path := range keys {
			for k, err := range r.keysLike(join(set, path)) {
				if err != nil {
					if !yield(none, err) {
						return
					}
					continue
				}
				for v, err := range k.Values() {
					t := none
					if err == nil {
						if t, err = read(k, v); err != nil {
							err = inBadValue(v, err)
						}
					}
					if !yield(t, err) {
						return
					}
				}
			}
		}
	}
}

// inBadValue adds a value as its place to an error that lacks it.
func inBadValue(v *Value, err error) error {
	if e, ok := errors.AsType[*FormatError](err); ok && e.Path == "" {
		return v.in(err)
	}
	return err
}
