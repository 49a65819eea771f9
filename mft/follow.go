package mft

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A Link is a junction or a symbolic link that a path leads over.
type Link struct {
	Path   string // of the link, slash-separated
	Target string // as Windows writes it
}

// maxLinks is how many links a path may lead over, as in Windows.
const maxLinks = 63

// Follow resolves the junctions and symbolic links in a path of the volume, which Open
// does not: the content of a link is the link itself. Drive is the letter of the volume,
// "" if it is not known. The path that is returned does not lead over a link; it need not
// exist. If a link leads to another drive, elsewhere is the path there as Windows writes
// it, and the path is empty. Links are those that were followed, in order.
func (v *Volume) Follow(name, drive string) (path, elsewhere string, links []Link, err error) {
	for {
		at, rest, target := v.firstLink(name)
		if target == "" {
			return name, "", links, nil
		}
		if len(links) == maxLinks {
			return "", "", links, v.in(damage.New("links in a path", -1, fmt.Sprintf("more than %d", maxLinks), "an end"), name)
		}
		links = append(links, Link{at, target})
		name, elsewhere = redirect(at, target, rest, drive)
		if elsewhere != "" {
			return "", elsewhere, links, nil
		}
	}
}

// firstLink returns the first link in a path, what follows it, and its target.
func (v *Volume) firstLink(name string) (at, rest, target string) {
	if !fs.ValidPath(name) {
		return "", "", ""
	}
	for end := 0; end < len(name); {
		next := strings.IndexByte(name[end:], '/')
		if next < 0 {
			next = len(name) - end
		}
		end += next
		info, err := v.stat("stat", name[:end])
		if err != nil {
			return "", "", ""
		}
		if target := info.rec.ReparseTarget(); target != "" && isLink(info.rec.ReparseTag) {
			return name[:end], strings.TrimPrefix(name[end:], "/"), target
		}
		end++
	}
	return "", "", ""
}

// redirect returns where a path leads over a link: on the same volume, or elsewhere.
func redirect(at, target, rest, drive string) (name, elsewhere string) {
	t := strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(target, `\??\`), `\\?\`), `\`, "/")
	switch {
	case len(t) >= 2 && t[1] == ':':
		if !strings.EqualFold(t[:1], drive) && drive != "" {
			return "", winpath.Windows(strings.ToUpper(t[:1]), path.Join(strings.TrimPrefix(t[2:], "/"), rest))
		}
		t = t[2:]
	case strings.HasPrefix(target, `\??\`), strings.HasPrefix(target, `\\`): // a volume by its identifier, or a share
		return "", target + `\` + strings.ReplaceAll(rest, "/", `\`)
	case !strings.HasPrefix(t, "/"): // a symbolic link that is relative to its folder
		t = path.Join(path.Dir(at), t)
	}
	name = path.Join(strings.TrimPrefix(path.Clean("/"+t), "/"), rest)
	if name == "" {
		name = "."
	}
	return name, ""
}
