package origin

import "github.com/birthmark-dfir/birthmark/timeline"

// aboutFile are the kinds of events that count only if they name the subject. There
// may be millions of them.
var aboutFile = map[timeline.Kind]bool{
	timeline.FileCreatedByProcess: true, timeline.FileTimeChanged: true, timeline.FileDeleted: true, timeline.StreamCreated: true,
	timeline.RegistryValueSet: true, timeline.ShareAccessed: true, timeline.ObjectAccessed: true,
	timeline.PowerShellScript: true, timeline.WMISubscribed: true, timeline.ProgramRan: true, timeline.ProgramUsed: true, timeline.NetworkUsed: true, timeline.ProgramCached: true, timeline.ProgramSeen: true, timeline.ProgramRegistered: true, timeline.FirewallRuleHeld: true, timeline.CommandTyped: true, timeline.FileInventoried: true, timeline.FileRecycled: true, timeline.FileOpened: true, timeline.FileLinked: true, timeline.FileScanned: true, timeline.MalwareDetected: true, timeline.MalwareActed: true,
}
