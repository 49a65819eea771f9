package timeline

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A wholeFile is a row of the table of artifacts that are small, and read as a whole when
// they are collected: their events are kept.
type wholeFile struct {
	sourceType string
	folder     string                 // where Windows has it: slash-separated, * is any name
	named      func(name string) bool // whether a file may be one, by its name
	add        func(t *Timeline, ctx context.Context, artifact string) error
}

// wholeFiles is the table.
var wholeFiles = [...]wholeFile{
	{TypeMPLog, protectionFolder, isProtectionLog, (*Timeline).addProtectionLog},
	{TypePrefetch, prefetchFolder, isPrefetch, (*Timeline).addPrefetch},
	{TypeRecycleBin, "$Recycle.Bin/*", recycleNamed, (*Timeline).addRecycled},
	{TypePCA, pcaFolder, pcaNamed, (*Timeline).addPCA},
	{TypeSRUM, srumFolder, isSRUM, (*Timeline).addSRUM},
	{TypeUAL, ualFolder, isUAL, (*Timeline).addUAL},
	{TypeWMI, wmiFolder, isRepository, (*Timeline).addRepository},
	{TypeBITS, bitsFolder, isQueue, (*Timeline).addQueue},
	{TypeBITS, bitsFolderXP, isQueue, (*Timeline).addQueue},
	{TypeDetection, detectionFolder + "/*", isDetection, (*Timeline).addDetection},
	{TypeJumpList, "Users/*/" + recentFolder + "/AutomaticDestinations", isJumpList, (*Timeline).addJumpList},
	{TypeJumpList, "Users/*/" + recentFolder + "/CustomDestinations", isJumpList, (*Timeline).addJumpList},
	{TypeLink, "Users/*/" + recentFolder, isLink, (*Timeline).addLink},
	{TypeLink, "Users/*/" + officeFolder, isLink, (*Timeline).addLink},
	{TypeLink, "Users/*/Desktop", isLink, (*Timeline).addLink},
	{TypeLink, "Documents and Settings/*/Recent", isLink, (*Timeline).addLink},
	{TypeLink, "Documents and Settings/*/Application Data/Microsoft/Office/Recent", isLink, (*Timeline).addLink},
	{TypeLink, "Documents and Settings/*/Desktop", isLink, (*Timeline).addLink},
}

// wholeFilesBelow returns the files of the table on a volume with Windows.
func wholeFilesBelow(vol fs.FS, elsewhere []string) []found {
	var list []found
	for i := range wholeFiles {
		row := &wholeFiles[i]
		folders := foldersBelow(vol, strings.Split(row.folder, "/"))
		if below, ok := strings.CutPrefix(row.folder, "Users/*/"); ok {
			for _, profile := range elsewhere {
				if folder, ok := resolve(vol, path.Join(profile, below)); ok {
					folders = append(folders, folder)
				}
			}
		}
		for _, folder := range folders {
			for _, d := range readDir(vol, folder) {
				if name := path.Join(folder, d.Name()); d.Type().IsRegular() && row.named(name) {
					list = append(list, found{name, row.sourceType})
				}
			}
		}
	}
	return list
}

// wholeFileOf returns the type of a file in any folder by its name, or "".
func wholeFileOf(name string) string {
	for i := range wholeFiles {
		if wholeFiles[i].named(name) {
			return wholeFiles[i].sourceType
		}
	}
	return ""
}

// addWhole reads a file of the table.
func (t *Timeline) addWhole(ctx context.Context, f found) error {
	i := slices.IndexFunc(wholeFiles[:], func(row wholeFile) bool { return row.sourceType == f.sourceType })
	return wholeFiles[i].add(t, ctx, f.artifact)
}

func isWhole(sourceType string) bool {
	return slices.ContainsFunc(wholeFiles[:], func(row wholeFile) bool { return row.sourceType == sourceType })
}
