package origin

import "time"

// A startKey identifies what Windows starts by itself, now and in shadow copies.
type startKey struct {
	artifact                 string // as that of the volume now
	category, name, location string // folded; "" for a file, which is one
}

// A startThen is what Windows starts by itself, in a shadow copy or now.
type startThen struct {
	inVolume string // the artifact, as its volume names it
	command  string
	record   string
	offset   int64
	written  time.Time // its key, or its instance; zero for a file
}
