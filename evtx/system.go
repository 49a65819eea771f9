package evtx

// System7045 is a service that was installed, in the System log.
type System7045 struct {
	System
	ServiceName string
	ImagePath   string
	ServiceType string
	StartType   string
	AccountName string
}

// System104 says that a log other than Security was cleared. Its Channel is the
// log that was cleared, System.Channel the one that holds this event.
type System104 struct {
	System
	SubjectUserName   string
	SubjectDomainName string
	Channel           string
	BackupPath        string
}
