package winid

import "strings"

// ServiceStart is when a service or a driver is started: ServiceStartType of Security
// 4697, and Start of its registry key.
type ServiceStart uint32

// serviceStarts are the values, by number, with the words that the Service Control
// Manager logs for them in System 7040 and 7045 on an English system.
var serviceStarts = [...]string{"boot start", "system start", "auto start", "demand start", "disabled"}

// Name returns what the number means in the words of the System log, such as "auto
// start" for 2, and "" for a number that Windows does not use.
func (s ServiceStart) Name() string { return index(uint32(s), serviceStarts[:]...) }

// String returns the number and the name, as in "2 (auto start)", or the number alone.
func (s ServiceStart) String() string { return decimal(uint32(s), s.Name()) }

// ParseServiceStart returns the value for the words that System 7040 and 7045 log on
// an English system, and whether they are known.
func ParseServiceStart(words string) (ServiceStart, bool) {
	for n, name := range serviceStarts {
		if strings.EqualFold(words, name) {
			return ServiceStart(n), true
		}
	}
	return 0, false
}

// ServiceType is what a service is: ServiceType of Security 4697, and Type of its
// registry key. The bits are those of [QUERY_SERVICE_CONFIG] and of winnt.h.
//
// [QUERY_SERVICE_CONFIG]: https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-query_service_configw
type ServiceType uint32

// Names returns the names of what the service is, and the other bits in hexadecimal.
func (t ServiceType) Names() []string { return flagNames(uint32(t), serviceTypes) }

// String returns the number and the names, as in "0x110 (own process, interactive)".
func (t ServiceType) String() string { return flagged(uint32(t), t.Names()) }

var serviceTypes = []flag{
	{0x001, "kernel driver"},
	{0x002, "file system driver"},
	{0x004, "adapter"},
	{0x008, "file system recognizer"},
	{0x010, "own process"},
	{0x020, "shared process"},
	{0x040, "user service"},
	{0x080, "instance of a user service"},
	{0x100, "interactive"},
	{0x200, "packaged"},
}
