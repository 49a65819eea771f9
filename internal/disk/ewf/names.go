package ewf

import (
	"fmt"
	"path"
	"strings"
)

// extension returns the extension of a segment: E01 to E99, then EAA to EZZ, FAA and so on.
// Series is the first letter of the first segments.
func extension(series byte, n int) string {
	if n < 100 {
		return fmt.Sprintf(".%c%02d", series, n)
	}
	n -= 100
	return "." + string([]byte{series + byte(n/26/26), 'A' + byte(n/26%26), 'A' + byte(n%26)})
}

// seriesOf returns the series in which the segment with that number has the extension.
func seriesOf(ext string, n int) (byte, bool) {
	if n < 1 || n > maxSegments {
		return 0, false
	}
	for _, series := range [...]byte{'E', 'S'} {
		if strings.EqualFold(ext, extension(series, n)) {
			return series, true
		}
	}
	return 0, false
}

func stemOf(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }
