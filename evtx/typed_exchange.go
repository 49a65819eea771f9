package evtx

// The events of Exchange about the commands of its management shell.

var exchange = source{
	name: "exchange", provider: "MSExchange CmdletLogs",
	channel: "MSExchange Management",
}

// Exchange1 records that a command succeeded.
//
// Policy: none; always written.
type Exchange1 struct {
	System
	Cmdlet     string `evtx:"#0"`
	Parameters string `evtx:"#1"`
	User       string `evtx:"#2"`
	CallerSID  string `evtx:"#3"`
	AccountSID string `evtx:"#4"`
	Host       string `evtx:"#5"`
	Process    string `evtx:"#6"`
	Text7      string `evtx:"#7"`
	Thread     string `evtx:"#8"`
	Duration   string `evtx:"#9"`
	Scope      string `evtx:"#10"`
	Error      string `evtx:"#11"`
	Text12     string `evtx:"#12"`
	Text13     string `evtx:"#13"`
	Text14     string `evtx:"#14"`
	Text15     string `evtx:"#15"`
	Text16     string `evtx:"#16"`
	Text17     string `evtx:"#17"`
	Text18     string `evtx:"#18"`
	Proxied    string `evtx:"#19"`
	Text20     string `evtx:"#20"`
	Text21     string `evtx:"#21"`
	Text22     string `evtx:"#22"`
	Activity   string `evtx:"#23"`
	Tenant     string `evtx:"#24"`
	Text25     string `evtx:"#25"`
	Culture    string `evtx:"#26"`
	Extra      []Field
}

var _ = declare[Exchange1](exchange, 1, written{level: 4, task: 1, qualifiers: 16384, keywords: 0x80000000000000},
	`{User} ran {Cmdlet} {Parameters}`)

// Exchange6 records that a command failed.
//
// Policy: none; always written.
type Exchange6 struct {
	System
	Cmdlet     string `evtx:"#0"`
	Parameters string `evtx:"#1"`
	User       string `evtx:"#2"`
	CallerSID  string `evtx:"#3"`
	AccountSID string `evtx:"#4"`
	Host       string `evtx:"#5"`
	Process    string `evtx:"#6"`
	Text7      string `evtx:"#7"`
	Thread     string `evtx:"#8"`
	Duration   string `evtx:"#9"`
	Scope      string `evtx:"#10"`
	Error      string `evtx:"#11"`
	Text12     string `evtx:"#12"`
	Text13     string `evtx:"#13"`
	Text14     string `evtx:"#14"`
	Text15     string `evtx:"#15"`
	Text16     string `evtx:"#16"`
	Text17     string `evtx:"#17"`
	Text18     string `evtx:"#18"`
	Proxied    string `evtx:"#19"`
	Text20     string `evtx:"#20"`
	Text21     string `evtx:"#21"`
	Text22     string `evtx:"#22"`
	Activity   string `evtx:"#23"`
	Tenant     string `evtx:"#24"`
	Text25     string `evtx:"#25"`
	Culture    string `evtx:"#26"`
	Extra      []Field
}

var _ = declare[Exchange6](exchange, 6, written{level: 2, task: 1, qualifiers: 49152, keywords: 0x80000000000000},
	`{User} failed to run {Cmdlet} {Parameters}[: {Error}]`)
