package records

import "github.com/birthmark-dfir/birthmark/lab/internal/child"

// Parsers returns our parsers by the name of their format.
func Parsers() map[string]child.Parser {
	return map[string]child.Parser{
		"evtx":             EVTX,
		"mft":              MFT,
		"ntfs":             NTFS,
		"i30":              Index,
		"vss":              Snapshots,
		"vsscarve":         CarvedSnapshots,
		"registry":         Registry,
		"pe":               PE,
		"catalog":          Catalog,
		"weblog":           WebLog,
		"task":             Task,
		"lnk":              Link,
		"jumplist":         JumpList,
		"logfile":          LogFile,
		"usn":              Journal,
		"mplog":            ProtectionLog,
		"prefetch":         Prefetch,
		"ese":              Database,
		"recyclebin":       RecycleBin,
		"pca":              PCA,
		"detectionhistory": Detection,
		"bits":             Queue,
	}
}
