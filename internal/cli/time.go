package cli

import (
	"errors"
	"time"
)

// ParseTime reads a time as an argument has it: 2026-03-02, 2026-03-02T13:42:09, or any
// time of RFC 3339. Without a zone it is UTC.
func ParseTime(s string) (time.Time, error) {
	for _, layout := range [...]string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", time.DateTime, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("want a time such as 2026-03-02 or 2026-03-02T13:42:09")
}
