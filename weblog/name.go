package weblog

import (
	"regexp"
	"strconv"
	"time"
)

// logName is the name that IIS gives a log: u_exYYMMDD.log, or ex without u_ in
// older versions; YYMM for a month, YYMMWW for a week of it, YYMMDDHH for an hour;
// _x behind it if there are custom fields, and .gz if it was packed.
var logName = regexp.MustCompile(`(?i)^(?:u_)?ex(\d\d)(\d\d)(?:(\d\d)(?:\d\d)?)?(?:_x)?\.log(?:\.gz)?$`)

// SpanOfName returns the time that a log covers by the name that IIS gave it, such as
// u_ex260302.log. The span has a day more on either side, since names may follow
// the server's time zone. It reports false for any other name.
func SpanOfName(name string) (from, to time.Time, ok bool) {
	m := logName.FindStringSubmatch(name)
	if m == nil {
		return time.Time{}, time.Time{}, false
	}
	const weeks = 6 // what could be the number of a week is not taken for a day
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	from = time.Date(2000+year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)
	to = from.AddDate(0, 1, 0)
	if day > weeks {
		from = from.AddDate(0, 0, day-1)
		to = from.AddDate(0, 0, 1)
	}
	return from.AddDate(0, 0, -1), to.AddDate(0, 0, 1), true
}
