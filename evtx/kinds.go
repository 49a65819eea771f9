package evtx

// The kinds of the typed events: the log in short, and the event identifier.

// Kind returns "security-4624".
func (*Security4624) Kind() string { return "security-4624" }

// Kind returns "security-4625".
func (*Security4625) Kind() string { return "security-4625" }

// Kind returns "security-4634".
func (*Security4634) Kind() string { return "security-4634" }

// Kind returns "security-4647".
func (*Security4647) Kind() string { return "security-4647" }

// Kind returns "security-4648".
func (*Security4648) Kind() string { return "security-4648" }

// Kind returns "security-4672".
func (*Security4672) Kind() string { return "security-4672" }

// Kind returns "security-4688".
func (*Security4688) Kind() string { return "security-4688" }

// Kind returns "security-4689".
func (*Security4689) Kind() string { return "security-4689" }

// Kind returns "security-4697".
func (*Security4697) Kind() string { return "security-4697" }

// Kind returns "security-4698".
func (*Security4698) Kind() string { return "security-4698" }

// Kind returns "security-4720".
func (*Security4720) Kind() string { return "security-4720" }

// Kind returns "security-1102".
func (*Security1102) Kind() string { return "security-1102" }

// Kind returns "system-7045".
func (*System7045) Kind() string { return "system-7045" }

// Kind returns "system-104".
func (*System104) Kind() string { return "system-104" }

// Kind returns "sysmon-1".
func (*Sysmon1) Kind() string { return "sysmon-1" }

// Kind returns "sysmon-2".
func (*Sysmon2) Kind() string { return "sysmon-2" }

// Kind returns "sysmon-3".
func (*Sysmon3) Kind() string { return "sysmon-3" }

// Kind returns "sysmon-5".
func (*Sysmon5) Kind() string { return "sysmon-5" }

// Kind returns "sysmon-11".
func (*Sysmon11) Kind() string { return "sysmon-11" }

// Kind returns "sysmon-12".
func (*Sysmon12) Kind() string { return "sysmon-12" }

// Kind returns "sysmon-13".
func (*Sysmon13) Kind() string { return "sysmon-13" }

// Kind returns "sysmon-14".
func (*Sysmon14) Kind() string { return "sysmon-14" }

// Kind returns "sysmon-15".
func (*Sysmon15) Kind() string { return "sysmon-15" }

// Kind returns "sysmon-23".
func (*Sysmon23) Kind() string { return "sysmon-23" }

// Kind returns "sysmon-26".
func (*Sysmon26) Kind() string { return "sysmon-26" }

// Kind returns "rdp-1149".
func (*RDP1149) Kind() string { return "rdp-1149" }

// Kind returns "rdp-21".
func (*RDP21) Kind() string { return "rdp-21" }

// Kind returns "rdp-22".
func (*RDP22) Kind() string { return "rdp-22" }

// Kind returns "rdp-23".
func (*RDP23) Kind() string { return "rdp-23" }

// Kind returns "rdp-24".
func (*RDP24) Kind() string { return "rdp-24" }

// Kind returns "rdp-25".
func (*RDP25) Kind() string { return "rdp-25" }

// Kind returns "rdp-39".
func (*RDP39) Kind() string { return "rdp-39" }

// Kind returns "rdp-40".
func (*RDP40) Kind() string { return "rdp-40" }
