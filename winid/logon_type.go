package winid

// LogonType is how an account logged on, as the Security log numbers it: the field
// LogonType of 4624, 4625, 4634, 4647, 4648 and 4964.
type LogonType uint32

// logonTypes are the names that Windows' documentation gives the types
// (SECURITY_LOGON_TYPE).
var logonTypes = map[LogonType]string{
	0: "System", 2: "Interactive", 3: "Network", 4: "Batch", 5: "Service", 7: "Unlock", 8: "NetworkCleartext",
	9: "NewCredentials", 10: "RemoteInteractive", 11: "CachedInteractive", 12: "CachedRemoteInteractive", 13: "CachedUnlock",
}

// Name returns the name of the type, such as RemoteInteractive for 10, and "" for
// a number that Windows does not use.
func (t LogonType) Name() string { return logonTypes[t] }

// String returns the number and the name, as in "10 (RemoteInteractive)", or the
// number alone.
func (t LogonType) String() string { return decimal(uint32(t), t.Name()) }
