package timeline

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// The places of artifacts on a volume with Windows.
const (
	windowsFolder = "Windows/System32"
	logFolder     = "Windows/System32/winevt/Logs"
	hiveFolder    = "Windows/System32/config"
	amcacheName   = "Windows/AppCompat/Programs/Amcache.hve"
	mftName       = "$MFT"
)

// The hives of a profile.
const (
	profileHive   = "NTUSER.DAT"
	mandatoryHive = "NTUSER.MAN" // which Windows loads in its place
	packageFolder = "Helium"     // of the hives of a package of the Store
)

var hivesOfProfile = [...]string{profileHive, mandatoryHive, "AppData/Local/Microsoft/Windows/UsrClass.dat",
	"Local Settings/Application Data/Microsoft/Windows/UsrClass.dat"}

// expected lists what is looked for on a volume with Windows. What is missing limits what
// an investigation can find, so it is part of the coverage, also if that Windows does not
// write it: servers have no prefetch files, and others no User Access Logging. An entry
// without a name is met by any artifact of its type.
var expected = [...]struct{ name, artifact, sourceType string }{
	{mftName, mftName, TypeMFT},
	{"Security", logFolder + "/Security.evtx", TypeEVTX},
	{"System", logFolder + "/System.evtx", TypeEVTX},
	{"Microsoft-Windows-Sysmon/Operational", logFolder + "/Microsoft-Windows-Sysmon%4Operational.evtx", TypeEVTX},
	{"Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
		logFolder + "/Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx", TypeEVTX},
	{"Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
		logFolder + "/Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational.evtx", TypeEVTX},
	{"SYSTEM", hiveFolder + "/SYSTEM", TypeRegistry},
	{"SOFTWARE", hiveFolder + "/SOFTWARE", TypeRegistry},
	{"SAM", hiveFolder + "/SAM", TypeRegistry},
	{"SECURITY", hiveFolder + "/SECURITY", TypeRegistry},
	{"DEFAULT", hiveFolder + "/DEFAULT", TypeRegistry},
	{"NTUSER", "Users/*/NTUSER.DAT", TypeRegistry},
	{"USRCLASS", "Users/*/" + hivesOfProfile[2], TypeRegistry},
	{"AMCACHE", amcacheName, TypeRegistry},
	{"", prefetchFolder + "/*.pf", TypePrefetch},
	{"", srumFolder + "/SRUDB.dat", TypeSRUM},
	{"", ualFolder + "/*.mdb", TypeUAL},
	{"", pcaFolder + "/*.txt", TypePCA},
	{"", "$Recycle.Bin/*/$I*", TypeRecycleBin},
	{"", protectionFolder + "/MPLog-*.log", TypeMPLog},
	{"", detectionFolder + "/*/*", TypeDetection},
	{"", bitsFolder + "/qmgr*", TypeBITS},
	{"", "Users/*/" + recentFolder + "/AutomaticDestinations/*", TypeJumpList},
	{"", "Users/*/" + recentFolder + "/*.lnk", TypeLink},
	{"", webLogFolder, TypeWebLog},
}

// findArtifacts returns the event logs, hives, tasks, files in startup folders, web logs
// and $MFT files of a volume, and the configuration of IIS.
// On a volume with Windows they are in the places of Windows, and in the profiles that are
// elsewhere. In a bare folder they
// may be anywhere, and hives may have any name.
func findArtifacts(ctx context.Context, vol fs.FS, elsewhere []string) ([]found, error) {
	if _, ok := resolve(vol, windowsFolder); !ok {
		return searchFolder(ctx, vol)
	}
	var list []found
	addFile := func(name, sourceType string) {
		if name, ok := resolve(vol, name); ok && isRegular(vol, name) {
			list = append(list, found{name, sourceType})
		}
	}
	addFile(mftName, TypeMFT)
	for _, folder := range [...]string{logFolder, hiveFolder} { // before Windows Vista, logs were beside the hives
		dir, ok := resolve(vol, folder)
		if !ok {
			continue
		}
		for _, e := range readDir(vol, dir) {
			if artifact.Named(e.Name()) == artifact.EVTX {
				addFile(path.Join(dir, e.Name()), TypeEVTX)
			}
		}
	}
	for _, name := range [...]string{"SYSTEM", "SOFTWARE", "SAM", "SECURITY", "DEFAULT"} {
		addFile(path.Join(hiveFolder, name), TypeRegistry)
	}
	addFile(amcacheName, TypeRegistry)
	for _, folder := range profileFolders {
		dir, ok := resolve(vol, folder)
		if !ok {
			continue
		}
		for _, profile := range readDir(vol, dir) {
			for _, hive := range hivesOfProfile {
				addFile(path.Join(dir, profile.Name(), hive), TypeRegistry)
			}
		}
	}
	for _, profile := range slices.Concat(systemProfiles[:], elsewhere) {
		for _, hive := range hivesOfProfile {
			addFile(path.Join(profile, hive), TypeRegistry)
		}
	}
	list = append(list, journalsBelow(vol)...)
	list = append(list, transactionLogsBelow(vol)...)
	list = append(list, tasksBelow(ctx, vol)...)
	list = append(list, startupsBelow(vol, elsewhere)...)
	list = append(list, wholeFilesBelow(vol, elsewhere)...)
	addFile(webConfigName, TypeWebConfig)
	return append(list, webLogsIn(vol, webLogPlaces[:], map[string]bool{})...), ctx.Err()
}

// searchFolder finds artifacts by content, or by the names that Windows gives them.
func searchFolder(ctx context.Context, vol fs.FS) ([]found, error) {
	var list []found
	if _, ok := vol.(*mft.Volume); ok {
		list = journalsBelow(vol)
	}
	err := fs.WalkDir(vol, ".", func(name string, d fs.DirEntry, err error) error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil || !d.Type().IsRegular() {
			if name == "." && err != nil {
				return err
			}
			return nil // an unreadable folder hides only what is in it
		}
		if t := typeOf(vol, name); t != "" {
			list = append(list, found{name, t})
		}
		return nil
	})
	return list, err
}

// typeOf returns the source type of a file by its content, else by its name or place,
// or "". A file that is only named like an artifact is one too: it is then in the
// coverage, as damaged.
func typeOf(vol fs.FS, name string) string {
	if winpath.SameName(path.Base(name), path.Base(webConfigName)) {
		return TypeWebConfig
	}
	if isWebLog(vol, name) {
		return TypeWebLog
	}
	switch {
	case taskRoot(name) != "":
		return TypeTask
	case inStartupFolder(name):
		return TypeStartup
	case wholeFileOf(name) != "":
		return wholeFileOf(name)
	}
	kind := artifact.OfFile(vol, name)
	if kind == artifact.ESE {
		return databaseType(vol, name)
	}
	if t := types[kind]; t != "" && t != TypeWebLog {
		return t
	}
	return types[artifact.Named(name)]
}

// types are the source types of the kinds of artifacts that have events.
var types = map[string]string{
	artifact.MFT: TypeMFT, artifact.EVTX: TypeEVTX, artifact.Registry: TypeRegistry, artifact.WebLog: TypeWebLog,
	artifact.USN: TypeUSN, artifact.LogFile: TypeLogFile, artifact.Prefetch: TypePrefetch, artifact.Link: TypeLink, artifact.Task: TypeTask,
	artifact.DetectionHistory: TypeDetection, artifact.BITS: TypeBITS,
}

// missing returns the coverage of the expected artifacts that are not in list,
// neither in their place nor, by the name in the artifact, anywhere else.
func missing(list []Coverage, wants func(sourceType string) bool) []Coverage {
	var absent []Coverage
	for _, want := range expected {
		if wants(want.sourceType) && !slices.ContainsFunc(list, func(c Coverage) bool {
			return c.Type == want.sourceType &&
				(want.name == "" || strings.EqualFold(c.Name, want.name) || winpath.Same(c.Artifact, want.artifact))
		}) {
			absent = append(absent, Coverage{Artifact: want.artifact, Name: want.name, Type: want.sourceType, State: Absent})
		}
	}
	return absent
}
