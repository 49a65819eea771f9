package registry

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Log is a file that may be a transaction log of a hive, for WithLogs.
type Log struct {
	Name string // in errors, problems and LogUse
	io.ReaderAt
	Size int64 // in bytes
}

// LogNames returns which of the names in a folder are those of transaction logs of a
// hive: the name of the hive with .LOG, .LOG1 or .LOG2 at its end, ignoring case. So
// Windows names them, and so do tools that collect them.
func LogNames(hive string, names []string) []string {
	var logs []string
	for _, name := range names {
		rest, ok := winpath.CutPrefix(name, hive+".LOG")
		if ok && (rest == "" || rest == "1" || rest == "2") {
			logs = append(logs, name)
		}
	}
	slices.Sort(logs)
	return logs
}

// logsBeside reads the logs beside a hive of the operating system.
func logsBeside(name string) []logFile {
	entries, err := os.ReadDir(filepath.Dir(name))
	if err != nil {
		return nil // the folder cannot be listed, but the hive in it was opened
	}
	return readBeside(filepath.Base(name), entries, func(log string) (*fsfile.File, string, error) {
		full := filepath.Join(filepath.Dir(name), log)
		f, err := fsfile.OpenOS(full)
		return f, full, err
	})
}

// logsBesideIn reads the logs beside a hive of fsys.
func logsBesideIn(fsys fs.FS, name string) []logFile {
	entries, err := fs.ReadDir(fsys, path.Dir(name))
	if err != nil {
		return nil
	}
	return readBeside(path.Base(name), entries, func(log string) (*fsfile.File, string, error) {
		full := path.Join(path.Dir(name), log)
		f, err := fsfile.Open(fsys, full)
		return f, full, err
	})
}

func readBeside(hive string, entries []fs.DirEntry, open func(log string) (*fsfile.File, string, error)) []logFile {
	var names []string
	for _, e := range entries {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	var logs []logFile
	for _, name := range LogNames(hive, names) {
		f, full, err := open(name)
		if err != nil {
			logs = append(logs, logFile{name: full, err: err})
			continue
		}
		logs = append(logs, readLog(Log{full, f, f.Size}))
		f.Close()
	}
	return logs
}

// logFile is a log in memory, or why it is not.
type logFile struct {
	name string
	data []byte
	err  error
}

func readLog(l Log) logFile {
	data, err := readHive(l, l.Size)
	return logFile{l.Name, data, err}
}
