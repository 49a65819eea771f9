package timeline

import "io/fs"

// FindFile returns the name under which vol knows a file, for fs functions. The
// path may be a Windows path with or without drive, or slash-separated below the
// volume's root; case is ignored as Windows ignores it. It reports false where
// there is no such file.
func FindFile(vol fs.FS, path string) (name string, ok bool) {
	name = slashPath(path)
	if !fs.ValidPath(name) {
		return "", false
	}
	return resolve(vol, name)
}
