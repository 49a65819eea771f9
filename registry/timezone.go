package registry

import (
	"encoding/binary"
	"time"
)

// A TimeZone is the time zone of a machine, as a SYSTEM hive records it. Biases are in
// minutes, and are added to local time to get UTC. The rules are those in force when the
// hive was written: other years may have had others.
type TimeZone struct {
	Key       string    // path of the key
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	Name         Setting // its key name, such as "W. Europe Standard Time"; since Vista
	StandardName Setting // in the language of the machine, or the name of a resource
	DaylightName Setting
	Bias         int32 // of the zone
	StandardBias int32 // added to Bias in standard time
	DaylightBias int32 // added to Bias in daylight time
	ActiveBias   Bias  // in force when the hive was written

	Standard   ZoneChange // when standard time begins
	Daylight   ZoneChange // when daylight time begins
	NoDaylight bool       // the clock is not set forward
}

// A Bias is a number of minutes that may be unknown.
type Bias struct {
	Minutes int32
	Known   bool
}

// A ZoneChange is when the clock is set forward or back. The zero ZoneChange means never.
type ZoneChange struct {
	Year    int // 0 for each year
	Month   time.Month
	Day     int // of the month; without a year the number of the week in the month, 5 for the last
	Weekday time.Weekday
	Clock   time.Duration // since midnight, in the local time before the change
}

// timeZoneOf reads the time zone in a control set.
func timeZoneOf(r *Reader, set string) (TimeZone, error) {
	s := r.settingsAt(join(set, `Control\TimeZoneInformation`))
	z := TimeZone{
		Key: s.key.Path(), Offset: s.key.Offset, LastWrite: s.key.LastWrite,
		Name: s.setting("TimeZoneKeyName"), StandardName: s.setting("StandardName"), DaylightName: s.setting("DaylightName"),
		Bias: int32(s.number("Bias")), StandardBias: int32(s.number("StandardBias")), DaylightBias: int32(s.number("DaylightBias")),
		Standard: zoneChange(s.data("StandardStart")), Daylight: zoneChange(s.data("DaylightStart")),
		NoDaylight: s.number("DynamicDaylightTimeDisabled") != 0 || s.number("DisableAutoDaylightTimeSet") != 0,
	}
	if s.value("ActiveTimeBias") != nil {
		z.ActiveBias = Bias{int32(s.number("ActiveTimeBias")), true}
	}
	return z, s.damaged
}

// Known reports whether the hive records a time zone.
func (z *TimeZone) Known() bool {
	return z.Name.Text != "" || z.StandardName.Text != "" || z.ActiveBias.Known
}

// zoneChange reads the fields of a change, 2 bytes each: year, month, day, hour, minute,
// second, millisecond, day of the week. The order is not that of SYSTEMTIME.
func zoneChange(b []byte) ZoneChange {
	if len(b) < 16 {
		return ZoneChange{}
	}
	field := func(i int) int { return int(binary.LittleEndian.Uint16(b[2*i:])) }
	month, day, weekday := field(1), field(2), field(7)
	if month < 1 || month > 12 || day < 1 || day > 31 || weekday > 6 || field(3) > 24 || field(4) > 59 || field(5) > 59 || field(6) > 999 {
		return ZoneChange{}
	}
	return ZoneChange{field(0), time.Month(month), day, time.Weekday(weekday),
		time.Duration(field(3))*time.Hour + time.Duration(field(4))*time.Minute + time.Duration(field(5))*time.Second + time.Duration(field(6))*time.Millisecond}
}

// in returns the local time of a change in a year; ok is false if there is none.
func (c ZoneChange) in(year int) (t time.Time, ok bool) {
	if c.Month == 0 || c.Year != 0 && c.Year != year {
		return time.Time{}, false
	}
	day := c.Day
	if c.Year == 0 {
		first := time.Date(year, c.Month, 1, 0, 0, 0, 0, time.UTC)
		day = 1 + (int(c.Weekday)-int(first.Weekday())+7)%7 + 7*(min(c.Day, 5)-1)
		for last := first.AddDate(0, 1, -1).Day(); day > last; {
			day -= 7
		}
	}
	return time.Date(year, c.Month, day, 0, 0, 0, 0, time.UTC).Add(c.Clock), true
}

// UTC returns the time in UTC of a clock of the machine that showed a local time, in which
// the location does not count. When the clock is set back an hour comes twice: ambiguous
// is then true, and the time is that of standard time.
func (z *TimeZone) UTC(local time.Time) (utc time.Time, ambiguous bool) {
	local = time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), time.UTC)
	standard := local.Add(time.Duration(z.Bias+z.StandardBias) * time.Minute)
	begin, ok := z.Daylight.in(local.Year())
	end, ends := z.Standard.in(local.Year())
	if !ok || !ends || z.NoDaylight {
		return standard, false
	}
	gained := time.Duration(z.StandardBias-z.DaylightBias) * time.Minute
	inDaylight := !local.Before(begin) && local.Before(end)
	if end.Before(begin) { // the southern half of the world
		inDaylight = !local.Before(begin) || local.Before(end)
	}
	if !inDaylight {
		return standard, false
	}
	if !local.Before(end.Add(-gained)) && local.Before(end) {
		return standard, true
	}
	return local.Add(time.Duration(z.Bias+z.DaylightBias) * time.Minute), false
}
