package origin

import "strings"

// shortNames returns a short name for each artifact of the coverage: the log for an
// event log, the file name for others. Artifacts that would share a short name have
// none.
func shortNames(coverage []Coverage) map[string]string {
	short := make(map[string]string, len(coverage))
	users := map[string]int{}
	for _, c := range coverage {
		name := shortName(c.Artifact)
		short[c.Artifact] = name
		users[strings.ToUpper(name)]++
	}
	for artifact, name := range short {
		if users[strings.ToUpper(name)] > 1 {
			delete(short, artifact)
		}
	}
	return short
}

// shortName returns the usual name of an artifact: Sysmon for
// Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx.
func shortName(artifact string) string {
	name := artifact[strings.LastIndexByte(artifact, '/')+1:]
	log, ok := strings.CutSuffix(name, ".evtx")
	if !ok {
		return name
	}
	log = strings.TrimPrefix(log, "Microsoft-Windows-")
	log = strings.TrimSuffix(log, "%4Operational")
	if log = strings.ReplaceAll(log, "%4", "/"); log == "" {
		return name
	}
	return log
}
