package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// output writes to stdout or to the file of -o. The file is written beside its
// target under a temporary name and renamed when the run is done: a run that
// fails or is interrupted leaves an older file alone.
type output struct {
	name   string // as given to -o
	stdout io.Writer
	target string   // the path that name refers to
	file   *os.File // nil without -o
	temp   bool     // file is to be renamed to target
	stop   func()   // stops watching for an interrupt
}

func (o *output) Write(b []byte) (int, error) {
	if o.file == nil {
		return o.stdout.Write(b)
	}
	return o.file.Write(b)
}

// open opens the target, but refuses one that is evidence. Inputs are the files and
// folders that the run reads.
func (o *output) open(inputs []string) error {
	if o.name == "" || o.name == "-" {
		return nil
	}
	var err error
	if o.target, err = destination(o.name); err != nil {
		return err
	}
	if input := evidenceAt(o.target, inputs); input != "" {
		return Usagef("-o %s would overwrite the evidence %s", o.name, input)
	}
	perm := fs.FileMode(0o666)
	switch st, err := os.Stat(o.target); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case st.IsDir():
		return Usagef("-o %s is a folder", o.name)
	case !st.Mode().IsRegular(): // a device or a pipe cannot be replaced
		o.file, err = os.OpenFile(o.target, os.O_WRONLY, 0)
		return err
	default:
		perm = st.Mode().Perm()
	}
	if o.file, err = createBeside(o.target, perm); err != nil {
		return err
	}
	o.temp = true
	o.stop = onInterrupt(func() { o.file.Close(); os.Remove(o.file.Name()) })
	return nil
}

// createBeside creates a file with a new name in the folder of target.
func createBeside(target string, perm fs.FileMode) (*os.File, error) {
	for range 100 {
		name := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%08x.tmp", filepath.Base(target), rand.Uint32()))
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, &fs.PathError{Op: "create", Path: target, Err: errors.New("cannot find an unused name for a temporary file")}
}

// onInterrupt calls clean and exits if the user interrupts the program. The returned
// function stops that.
func onInterrupt(clean func()) (stop func()) {
	interrupt, done := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(interrupt, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-interrupt:
			clean()
			os.Exit(130) // what shells return for an interrupted program
		case <-done:
		}
	}()
	return func() {
		signal.Stop(interrupt)
		close(done)
	}
}

// commit renames the file to its target.
func (o *output) commit() error {
	if o.file == nil {
		return nil
	}
	err := o.file.Close()
	if !o.temp {
		return err
	}
	o.stop()
	if err == nil {
		err = os.Rename(o.file.Name(), o.target)
	}
	if err != nil {
		os.Remove(o.file.Name())
	}
	return err
}

// discard removes what was written.
func (o *output) discard() {
	if o.file == nil {
		return
	}
	o.file.Close()
	if o.temp {
		o.stop()
		os.Remove(o.file.Name())
	}
}
