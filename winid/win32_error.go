package winid

import "strconv"

// Win32Error is a result of a program, a service or a component: a system error code
// such as 1053, an HRESULT such as 0x80070005, or a status of the kernel. The events
// of the Service Control Manager, the Task Scheduler (201 ResultCode), BITS, WMI,
// WinRM, Defender and the print service log one. The values are those of [MS-ERREF]
// 2.1 and 2.2; the meanings are in our own words.
//
// [MS-ERREF]: https://learn.microsoft.com/openspecs/windows_protocols/ms-erref
type Win32Error uint32

// Facilities of an HRESULT, its bits 16 to 26, with the bit for failure.
const (
	failureWin32 = 0x8007 // the low half is a system error code
	failureHTTP  = 0x8019 // the low half is the status of an HTTP answer
)

// Name returns the name of the error, such as ERROR_ACCESS_DENIED for 5 and for
// 0x80070005, and "" for one that is not in the table.
func (e Win32Error) Name() string { return e.row().name }

// Meaning returns what the error means, such as "access denied", and "" for one that
// is not in the table.
func (e Win32Error) Meaning() string {
	if e>>16 == failureHTTP {
		return "HTTP status " + strconv.Itoa(int(e&0xffff))
	}
	return e.row().meaning
}

func (e Win32Error) row() named {
	switch {
	case e <= 0xffff:
		return win32Errors[e]
	case e>>16 == failureWin32:
		return win32Errors[e&0xffff]
	case e>>30 == 3: // of the severity that an HRESULT does not have
		return ntStatuses[NTStatus(e&^(1<<28))]
	}
	return hresults[e]
}

// String returns the number and the meaning, as in "5 (access denied)" and
// "0x80070005 (access denied)", or the number alone.
func (e Win32Error) String() string {
	if e <= 0xffff {
		return decimal(uint32(e), e.Meaning())
	}
	return hexadecimal(uint32(e), e.Meaning())
}
