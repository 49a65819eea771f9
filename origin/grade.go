package origin

import (
	"slices"
)

// rank orders the grades, best first.
func (g Grade) rank() int {
	return slices.Index([]Grade{Recorded, Corroborated, Inferred, Unknown}, g)
}

// weakest returns the grade of a chain of steps.
func weakest(steps ...Grade) Grade {
	worst := Recorded
	for _, g := range steps {
		if g.rank() > worst.rank() {
			worst = g
		}
	}
	return worst
}
