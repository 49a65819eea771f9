package winid

// DisconnectReason is why a session of the remote desktop was disconnected: Reason of
// TerminalServices-LocalSessionManager 40, the numbers of [ExtendedDisconnectReasonCode].
//
// [ExtendedDisconnectReasonCode]: https://learn.microsoft.com/windows/win32/termserv/extendeddisconnectreasoncode
type DisconnectReason uint32

// Name returns the reason in our own words, such as "replaced by another connection"
// for 5, and "" for a number that is not in the table.
func (r DisconnectReason) Name() string { return disconnectReasons[r] }

// String returns the number and the reason, as in "5 (replaced by another connection)",
// or the number alone.
func (r DisconnectReason) String() string { return decimal(uint32(r), r.Name()) }

var disconnectReasons = map[DisconnectReason]string{
	0:   "no information, as when the client closed the window or the network failed",
	1:   "disconnected by a program",
	2:   "logged off by a program",
	3:   "idle for too long",
	4:   "connected for too long",
	5:   "replaced by another connection",
	6:   "out of memory",
	7:   "refused by the server",
	8:   "refused by the server for its FIPS policy",
	9:   "user lacks the right to connect",
	10:  "fresh credentials required",
	11:  "disconnected by the user",
	12:  "logged off by the user",
	256: "internal licensing error",
	257: "no license server",
	258: "no license",
	259: "invalid licensing message from the client",
	260: "license is for other hardware",
	261: "client's license not valid",
	262: "licensing failed in the network",
	263: "licensing ended by the client",
	264: "licensing message wrongly encrypted",
	265: "license cannot be upgraded",
	266: "no license for remote connections",
	267: "license store cannot be written",
	768: "invalid credentials",
}
