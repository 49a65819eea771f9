package cli

import (
	"io"
	"os"
)

// output writes to stdout or to the file of -o. The file is made by the first
// write, so a program that fails before it has data leaves an older one alone.
type output struct {
	name   string
	stdout io.Writer
	file   *os.File
}

func (o *output) Write(b []byte) (int, error) {
	if err := o.create(); err != nil {
		return 0, err
	}
	if o.file == nil {
		return o.stdout.Write(b)
	}
	return o.file.Write(b)
}

// create makes the file of -o, once; without -o there is none.
func (o *output) create() (err error) {
	if o.name != "" && o.name != "-" && o.file == nil {
		o.file, err = os.Create(o.name)
	}
	return err
}

func (o *output) Close() error {
	if o.file == nil {
		return nil
	}
	return o.file.Close()
}

// spare refuses an output that is one of the inputs: evidence is never written.
func (o *output) spare(inputs []string) error {
	out, err := os.Stat(o.name)
	if err != nil {
		return nil
	}
	for _, name := range inputs {
		if in, err := os.Stat(name); err == nil && os.SameFile(in, out) {
			return Usagef("-o %s would overwrite the evidence", o.name)
		}
	}
	return nil
}
