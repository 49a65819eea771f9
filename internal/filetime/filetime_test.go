package filetime

import (
	"math"
	"testing"
	"time"
)

func TestTime(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ticks uint64
		want  string
	}{
		{"unset", 0, "0001-01-01T00:00:00Z"},
		{"first tick", 1, "1601-01-01T00:00:00.0000001Z"},
		{"unix epoch", 116444736000000000, "1970-01-01T00:00:00Z"},
		{"all seven digits", 132050245415031234, "2019-06-14T22:22:21.5031234Z"},
		{"largest positive int64", math.MaxInt64, "30828-09-14T02:48:05.4775807Z"},
		{"all bits", math.MaxUint64, "60056-05-28T05:36:10.9551615Z"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Time(tt.ticks)
			if s := got.Format("2006-01-02T15:04:05.9999999Z07:00"); s != tt.want {
				t.Errorf("Time(%d) = %s, want %s", tt.ticks, s, tt.want)
			}
			if back := Ticks(got); back != tt.ticks {
				t.Errorf("Ticks(Time(%d)) = %d", tt.ticks, back)
			}
			if got.IsZero() != (tt.ticks == 0) {
				t.Errorf("IsZero() = %v", got.IsZero())
			}
		})
	}
}

func TestTicksBefore1601(t *testing.T) {
	if got := Ticks(time.Date(1600, 12, 31, 23, 59, 59, 0, time.UTC)); got != 0 {
		t.Errorf("got %d, want 0", got)
	}
}

func TestText(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ticks uint64
		want  string
	}{
		{"not set", 0, ""},
		{"first tick", 1, "1601-01-01T00:00:00.0000001Z"},
		{"all seven digits", 132050245415031234, "2019-06-14T22:22:21.5031234Z"},
		{"last of the year 9999", 2650467743999999999, "9999-12-31T23:59:59.9999999Z"},
		{"year 10000", 2650467744000000000, "9999-12-31T23:59:59.9999999Z"},
		{"never", math.MaxInt64, "9999-12-31T23:59:59.9999999Z"},
		{"negative", 1 << 63, "9999-12-31T23:59:59.9999999Z"},
		{"all bits", math.MaxUint64, "9999-12-31T23:59:59.9999999Z"},
	} {
		got := Text(Time(tt.ticks))
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if _, err := time.Parse(time.RFC3339, got); err != nil && got != "" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if got := Text(time.Date(2026, 3, 4, 6, 0, 0, 0, time.FixedZone("", 3600))); got != "2026-03-04T05:00:00.0000000Z" {
		t.Errorf("another zone: %s", got)
	}
}

func FuzzRoundTrip(f *testing.F) {
	f.Add(uint64(0))
	f.Add(uint64(132050245415031234))
	f.Fuzz(func(t *testing.T, ticks uint64) {
		if got := Ticks(Time(ticks)); got != ticks {
			t.Errorf("Ticks(Time(%d)) = %d", ticks, got)
		}
	})
}
