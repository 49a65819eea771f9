package disk

import (
	"slices"
	"sync"
)

// A Recorded is a folder that keeps the names of the files that were opened in it: the parents
// and other parts of a container.
type Recorded struct {
	Folder

	mu     sync.Mutex
	opened []string
}

// Record returns a Recorded for a folder.
func Record(f Folder) *Recorded { return &Recorded{Folder: f} }

// Open implements Folder. The files that an opened file opens are recorded too.
func (r *Recorded) Open(name string) (File, error) {
	f, err := r.Folder.Open(name)
	if err != nil {
		return f, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.opened, name) {
		r.opened = append(r.opened, name)
	}
	f.Beside = r
	return f, nil
}

// Opened returns the names of the files that were opened so far.
func (r *Recorded) Opened() []string {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.opened)
}
