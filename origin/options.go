package origin

import (
	"io/fs"
	"strings"
)

// Option changes how Investigate works.
type Option func(*options)

type options struct {
	drive  string
	volume string
	others []otherVolume
}

// WithDrive sets the drive letter under which Windows knew the volume, one
// letter without colon; the default is C, and "" is for a volume that had none.
func WithDrive(letter string) Option { return func(o *options) { o.drive = strings.ToUpper(letter) } }

// WithVolumeName sets the name that the report gives the volume; the default is
// the drive letter with a colon.
func WithVolumeName(name string) Option { return func(o *options) { o.volume = name } }

// An otherVolume is a volume of the same machine that does not hold the subject.
type otherVolume struct {
	vol   fs.FS
	drive string
}

// artifact names an artifact of another volume.
func (o *otherVolume) artifact(name string) string { return o.drive + ":/" + name }

// WithVolume adds another volume of the same machine, known to Windows under a
// drive letter: the subject may lie on D:, and what tells of it on C:. The marks
// of the web and the logs of web servers on it are read too. Citations put the
// drive before its artifacts, as in C:/Windows/System32/config/SYSTEM.
//
// The logs and hives are those of one Windows: that on the subject's volume, else
// that on the first other volume which has one. Such as lie on a volume without
// Windows may be copies, and of another machine.
func WithVolume(vol fs.FS, letter string) Option {
	return func(o *options) { o.others = append(o.others, otherVolume{vol, strings.ToUpper(letter)}) }
}
