package ewf

import (
	"fmt"
	"path"
	"strings"
)

// What bounds the segments of an image: the names go from E01 to ZZZ, and from Ex01 to EzZZ.
const (
	maxSegments = 14_971
	maxSecond   = 99 + 3*26*26
)

// extension returns the extension of a segment: E01 to E99, then EAA to EZZ, FAA and so on;
// Ex01 to Ex99, then ExAA to ExZZ, EyAA and so on. Series is what the extensions of the
// first segments begin with.
func extension(series string, n int) string {
	if n < 100 {
		return fmt.Sprintf(".%s%02d", series, n)
	}
	n -= 100
	last := len(series) - 1
	return "." + series[:last] + string([]byte{series[last] + byte(n/26/26), 'A' + byte(n/26%26), 'A' + byte(n%26)})
}

// seriesOf returns the series in which the segment with that number has the extension.
func seriesOf(ext string, n int, of *segment) (string, bool) {
	series, most := []string{"E", "S"}, maxSegments
	switch {
	case of.second && of.logical:
		series, most = []string{"Lx"}, maxSecond
	case of.second:
		series, most = []string{"Ex"}, maxSecond
	case of.logical:
		series = []string{"L"}
	}
	for _, s := range series {
		if n >= 1 && n <= most && strings.EqualFold(ext, extension(s, n)) {
			return s, true
		}
	}
	return "", false
}

func stemOf(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }
