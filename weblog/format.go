package weblog

import (
	"errors"
)

// A Format is a format of logs.
type Format string

// The formats that this package reads.
const (
	W3C     Format = "W3C"     // W3C extended, the default of IIS; also IIS Advanced Logging
	HTTPERR Format = "HTTPERR" // the log of HTTP.SYS, in the W3C extended format: what never reached a site
	NCSA    Format = "NCSA"    // common and combined log format of Apache, nginx, Tomcat, and of IIS
	IIS     Format = "IIS"     // the format that Microsoft calls IIS: values with commas between them, local time
)

// ErrNotWebLog is the cause of the error for a file that is not a log in a format
// of this package.
var ErrNotWebLog = errors.New("not a web log")
