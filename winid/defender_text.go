package winid

// DefenderText is a text in which Microsoft Defender logs the number of one of its
// messages instead of the words: the fields of Windows Defender 1006 to 1151 whose
// names end in Name or in state, such as Source Name and Action Name, hold %%818 or
// %%809 on some versions, and words on others.
type DefenderText string

// String returns the text with the words of the messages in our own wording instead
// of their numbers. A number that is not in the table stays, as does a text without
// any.
func (t DefenderText) String() string {
	return expand(string(t), func(number uint32) string { return defenderMessages[number] })
}

// defenderMessages are the messages of MpEvMsg.dll, of version 4 and later, that
// fields refer to.
var defenderMessages = map[uint32]string{
	// Kinds of signatures, of updates and of scans.
	800: "antivirus",
	801: "antispyware",
	802: "antimalware",
	803: "full",
	804: "delta",
	805: "full scan",
	806: "quick scan",
	807: "custom scan",

	// What was done, and what the process did.
	808: "remove",
	809: "quarantine",
	810: "clean",
	811: "allow",
	812: "unknown",
	813: "suspended",
	814: "allowed",
	832: "not applicable",
	848: "executing",
	887: "not applicable",
	890: "block",
	903: "blocked",
	904: "ignored",

	// What found it.
	815: "user",
	816: "scheduled",
	817: "folder of signature updates",
	818: "real-time protection",
	819: "downloads and attachments",
	820: "system",
	833: "downloads of Internet Explorer and attachments of Outlook Express",
	834: "on access",
	835: "behavior monitoring",
	874: "information protection control",
	886: "network inspection",
	891: "extension check of Internet Explorer",
	893: "early launch antimalware",
	894: "inspection of the TCG log",
	895: "remote server",
	897: "AMSI",
	898: "AMSI for UAC",
	899: "Defender for Endpoint",

	// How it was found.
	821: "heuristics",
	822: "concrete signature",
	823: "generic signature",
	843: "suspicious",
	862: "dynamic signature",

	// Where it was found.
	844: "unknown",
	845: "local machine",
	846: "network share",
	847: "Internet",
	888: "outgoing traffic",
	889: "incoming traffic",

	// Signatures that are loaded, and where they come from.
	824: "current",
	825: "backup",
	826: "default",
	849: "internal update server",
	850: "file share",
	851: "Microsoft Malware Protection Center",
	852: "search",
	853: "download",
	854: "install",
	859: "Microsoft Update",
	863: "signature update",
	864: "notification to disable a signature",
	865: "version of the signatures",
	866: "time",
	867: "no limit",
	868: "manual",
	869: "automatic",
	870: "duration",
	871: "none",
	900: "shared root of signatures",

	// Products.
	827: "Microsoft Defender Antivirus",
	828: "Microsoft Forefront Endpoint Protection",
	829: "Microsoft Standalone System Sweeper",
	860: "Microsoft Antimalware",
	861: "Microsoft Antimalware",

	// Failures.
	830: "crash",
	831: "hang",
	836: "filter driver restarted",
	837: "filter driver unloaded unexpectedly",
	838: "filter driver lets everything pass, perhaps for lack of resources",
	839: "filter driver examines again",
	840: "real-time protection stopped for an unknown reason",
	841: "real-time protection runs again after an unknown failure",
	842: "filter driver needs newer signatures",
	858: "signatures stopped working for an unknown reason",
	892: "network inspection lacks updates of the system",
	896: "network inspection did not start",

	// Levels.
	855: "low",
	856: "medium",
	857: "high",

	// State of a threat and of a feature.
	875: "unknown",
	876: "detected",
	877: "cleaned",
	878: "quarantined",
	879: "removed",
	880: "allowed",
	881: "cleaning failed",
	882: "quarantine failed",
	883: "removal failed",
	884: "allowing failed",
	885: "unknown",
	901: "enabled",
	902: "disabled",
}
