package winid

// TimeChangeReason is why the time of a machine was changed: Reason of Kernel-General
// 1. The numbers are those that the provider's manifest maps.
type TimeChangeReason uint32

// Name returns the reason in our own words, such as "set by a program" for 1, and ""
// for a number above 3.
func (r TimeChangeReason) Name() string {
	return index(uint32(r), "initialized at boot", "set by a program or the system", "taken from the hardware clock",
		"adapted to another time zone")
}

// String returns the number and the reason, as in "2 (taken from the hardware clock)",
// or the number alone.
func (r TimeChangeReason) String() string { return decimal(uint32(r), r.Name()) }
