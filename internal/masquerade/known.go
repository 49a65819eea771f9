package masquerade

import (
	"path"
	"strings"
)

// traits say what the rules make of a well-known name.
type traits uint8

const (
	own      traits = 1 << iota // of Windows itself, which keeps copies of its files in its stores
	imitated                    // names that resemble it are signs
	placed                      // it is a sign if it is elsewhere
	distinct                    // so peculiar that it is a sign with another extension too
	word                        // a word of English, which is a common name of libraries and scripts
)

// entry is a well-known name.
type entry struct {
	name, stem, ext string // in lower case
	drawn           string // stem, as drawn returns it
	traits
	places []string // patterns as in the groups, for people
	match  [][]string
}

func (e *entry) is(t traits) bool { return e.traits&t != 0 }

// group is a row of the table of well-known names: names that share their places. A
// place is anchored at the root of a volume; * is any part of a folder's name, and **
// any number of folders. A name without an extension ends in .exe.
type group struct {
	traits
	places []string
	names  string
}

// stores are where Windows keeps copies of its own files.
var stores = []string{
	`\Windows\WinSxS\*_*_*\**`, `\Windows\WinSxS\Temp\**`, `\Windows\servicing\**`, `\Windows\SoftwareDistribution\Download\**`, `\Windows\CbsTemp\**`,
	`\Windows.old*\Windows\**`, `\$WINDOWS.~BT\**`, `\$WinREAgent\**`, `\Windows\System32\dllcache`, `\Windows\ServicePackFiles\**`,
	`\Windows\$Nt*\**`, `\Windows\$hf_mig$\**`, `\Windows\LastGood*\**`, `\I386\**`,
	`\ProgramData\Microsoft\Windows\Containers\**\Files\Windows\**`, `\Windows\Containers\**`,
}

// byName and imitable are the table of well-known names by name, and those that
// disguises imitate, in the order of the table.
var (
	byName   = map[string]*entry{}
	imitable []*entry
)

func init() {
	kept := patterns(stores)
	for _, g := range groups {
		match := patterns(g.places)
		if g.traits&own != 0 {
			match = append(match, kept...)
		}
		for _, name := range strings.Fields(g.names) {
			stem, ext := cutExt(name)
			if ext == "" {
				name, ext = name+".exe", ".exe"
			}
			e := &entry{name: name, stem: stem, ext: ext, drawn: drawn(stem), traits: g.traits, places: g.places, match: match}
			byName[name] = e
			if e.is(imitated) {
				imitable = append(imitable, e)
			}
		}
	}
}

// patterns splits places into the names of folders, in lower case.
func patterns(places []string) [][]string {
	var list [][]string
	for _, p := range places {
		list = append(list, strings.Split(strings.ToLower(strings.Trim(p, `\`)), `\`))
	}
	return list
}

// placedIn reports whether a file with the name in these folders is in one of its
// places. Windows NT and 2000 are in \WINNT.
func (e *entry) placedIn(folders []string) bool {
	lower := make([]string, len(folders))
	for i, f := range folders {
		lower[i] = strings.ToLower(f)
	}
	if len(lower) > 0 && lower[0] == "winnt" {
		lower[0] = "windows"
	}
	for _, p := range e.match {
		if matches(p, lower) {
			return true
		}
	}
	return false
}

// matches reports whether folders are of a pattern.
func matches(pattern, folders []string) bool {
	for i, p := range pattern {
		if p == "**" {
			for n := range len(folders) + 1 {
				if matches(pattern[i+1:], folders[n:]) {
					return true
				}
			}
			return false
		}
		if len(folders) == 0 {
			return false
		}
		if ok, err := path.Match(p, folders[0]); !ok || err != nil {
			return false
		}
		folders = folders[1:]
	}
	return len(folders) == 0
}
