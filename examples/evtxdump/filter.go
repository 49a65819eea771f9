package main

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

// filterFlags defines the flags that select events. Each may be given several times.
func filterFlags(flags *flag.FlagSet, f *evtx.Filter) {
	each := func(name, usage string, add func(string) error) {
		flags.Func(name, usage, func(list string) error {
			for s := range strings.SplitSeq(list, ",") {
				if err := add(strings.TrimSpace(s)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	text := func(name, usage string, to *[]string) {
		each(name, usage, func(s string) error {
			if s == "" {
				return fmt.Errorf("want a %s", name)
			}
			*to = append(*to, s)
			return nil
		})
	}
	text("channel", "only events of the `CHANNEL`", &f.Channels)
	text("provider", "only events of the `PROVIDER`", &f.Providers)
	each("kind", "only events of the `KIND`, as -format typed names it", func(s string) error {
		for k := range evtx.Kinds() {
			if k.Name == s {
				f.Kinds = append(f.Kinds, s)
				return nil
			}
		}
		return errors.New("want a kind such as security-4688")
	})
	each("id", "only events with the identifier `ID`, or of a range such as 4720-4726", func(s string) error {
		first, last, err := numbers(s, math.MaxUint16)
		for id := first; err == nil && id <= last; id++ {
			f.EventIDs = append(f.EventIDs, uint16(id))
		}
		return err
	})
	flags.Func("records", "only the records `FIRST-LAST`, by their EventRecordID; one end may be left out", func(s string) (err error) {
		f.FirstRecord, f.LastRecord, err = numbers(s, math.MaxUint64)
		return err
	})
	flags.Func("from", "only events from `TIME` on", func(s string) (err error) {
		f.From, err = cli.ParseTime(s)
		return err
	})
	flags.Func("to", "only events before `TIME`", func(s string) (err error) {
		f.To, err = cli.ParseTime(s)
		return err
	})
}

// numbers reads a number, or a range of numbers up to most. An end of a range may be
// left out.
func numbers(s string, most uint64) (first, last uint64, err error) {
	from, to, ranged := strings.Cut(s, "-")
	if !ranged {
		to = from
	}
	first, last = 0, most
	if from != "" {
		first, err = strconv.ParseUint(from, 10, 64)
	}
	if to != "" && err == nil {
		last, err = strconv.ParseUint(to, 10, 64)
	}
	if from == "" && to == "" || err != nil || first > last || last > most || last == 0 {
		return 0, 0, fmt.Errorf("want a number or a range from 1 to %d", most)
	}
	return first, last, nil
}
