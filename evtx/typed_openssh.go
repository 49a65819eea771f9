package evtx

// The events of OpenSSH for Windows.

var openSSH = source{
	name: "openssh", provider: "OpenSSH",
	guid: "{c4b57d35-0636-4bc3-a262-370f249f9802}", channel: "OpenSSH/Operational",
}

// OpenSSH4 records a message of OpenSSH, such as a login.
//
// Policy: none; the messages depend on LogLevel in sshd_config.
type OpenSSH4 struct {
	System
	Process string `evtx:"process"`
	Payload string `evtx:"payload"`
	Extra   []Field
}

var _ = declare[OpenSSH4](openSSH, 4, written{level: 4, keywords: 0x4000000000000000},
	`{Process}: {Payload}`)
