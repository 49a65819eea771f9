package main

import (
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A kind of artifacts is recognized by the end of a path, folded as Windows compares names:
// elements that path.Match compares. More elements bind a kind to its place.
type kind struct {
	name    string
	pattern string
}

// kinds are the artifacts that an investigation asks for. If several match, the first
// counts.
var kinds = []kind{
	{"master file table", "$mft"},
	{"change journal", "$j"},
	{"change journal", "$usnjrnl*"},
	{"transaction log of NTFS", "$logfile"},
	{"event logs", "*.evtx"},
	{"event logs of Windows XP", "*.evt"},
	{"hives of the system", "config/system"},
	{"hives of the system", "config/software"},
	{"hives of the system", "config/sam"},
	{"hives of the system", "config/security"},
	{"hives of the system", "config/default"},
	{"hives of users", "ntuser.dat"},
	{"hives of users", "usrclass.dat"},
	{"Amcache", "amcache.hve"},
	{"prefetch files", "prefetch/*.pf"},
	{"resource usage (SRUM)", "srudb.dat"},
	{"user access logs", "sum/*.mdb"},
	{"scheduled tasks", "system32/tasks/*"},
	{"scheduled tasks", "system32/tasks/*/*"},
	{"scheduled tasks", "system32/tasks/*/*/*"},
	{"scheduled tasks", "system32/tasks/*/*/*/*"},
	{"protection logs of Defender", "mplog-*.log"},
	{"detection history of Defender", "detectionhistory/*/*"},
	{"recycle bin", "$recycle.bin/*/$i*"},
	{"program compatibility", "appcompat/pca/*.txt"},
	{"web logs of IIS", "u_ex*.log"},
	{"web logs of IIS", "httperr*.log"},
	{"configuration of IIS", "applicationhost.config"},
	{"web logs", "access.log*"},
	{"web logs", "access_log*"},
	{"startup folders", "startup/*"},
	{"jump lists", "*.automaticdestinations-ms"},
	{"jump lists", "*.customdestinations-ms"},
	{"recent files", "recent/*.lnk"},
	{"browser history", "default/history"},
	{"browser history", "profile */history"},
	{"browser history", "places.sqlite"},
	{"browser history", "webcachev01.dat"},
	{"PowerShell history", "consolehost_history.txt"},
	{"BITS queue", "downloader/qmgr*"},
	{"WMI repository", "repository/objects.data"},
	{"crash reports", "*.wer"},
	{"memory images", "hiberfil.sys"},
	{"memory images", "pagefile.sys"},
	{"memory images", "memory.dmp"},
}

// kindOf returns the index of the first kind of the same name as that of a file, or -1.
func kindOf(name string) int {
	parts := strings.Split(winpath.FoldName(name), "/")
	for i, pattern := range patterns {
		if n := len(pattern); n > len(parts) || !matches(pattern, parts[len(parts)-n:]) {
			continue
		}
		for i > 0 && kinds[i].name == kinds[i-1].name {
			i--
		}
		return i
	}
	return -1
}

// patterns are those of the kinds, folded and cut into elements.
var patterns = func() [][]string {
	list := make([][]string, len(kinds))
	for i := range kinds {
		list[i] = strings.Split(winpath.FoldName(kinds[i].pattern), "/")
	}
	return list
}()

// matches compares elements from the last on, which excludes most files.
func matches(pattern, parts []string) bool {
	for i := len(parts) - 1; i >= 0; i-- {
		if ok, _ := path.Match(pattern[i], parts[i]); !ok {
			return false
		}
	}
	return true
}
