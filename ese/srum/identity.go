package srum

import (
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// IdentityType is what an Identity names.
type IdentityType uint8

// The types of identities.
const (
	AppID     IdentityType = 0 // the path of a program, or "!!" and what is known of it
	ServiceID IdentityType = 1 // the name of a service
	PackageID IdentityType = 2 // the full name of a package
	UserID    IdentityType = 3 // a SID
)

// Identity is the program or account that a number names.
type Identity struct {
	Index int32
	Type  IdentityType
	Text  string // a path, a name or a SID; "" if there is none
	Known bool   // the number is in the table of identities
}

// Path returns the path of a program, which begins with the device of a volume, or "".
func (id Identity) Path() string {
	if id.Type == AppID && strings.HasPrefix(id.Text, `\`) {
		return id.Text
	}
	return ""
}

// Image is what an identity says about a program without its path.
type Image struct {
	Name     string    // of the file
	Linked   time.Time // link time of the PE header; zero if it was not written as a time
	Checksum string    // of the PE header, in hexadecimal
	Services string    // as they were written: "[netsvcs] [BITS]"
}

// Image returns what an identity that begins with "!!" says, and whether it is one.
func (id Identity) Image() (Image, bool) {
	rest, ok := strings.CutPrefix(id.Text, "!!")
	if id.Type != AppID || !ok {
		return Image{}, false
	}
	parts := strings.SplitN(rest, "!", 4)
	img := Image{Name: parts[0]}
	if len(parts) > 1 {
		img.Linked, _ = time.Parse("2006/01/02:15:04:05", parts[1])
	}
	if len(parts) > 2 {
		img.Checksum = parts[2]
	}
	if len(parts) > 3 {
		img.Services = strings.TrimSpace(parts[3])
	}
	return img, true
}

// String returns the text, or the number if it is not known.
func (id Identity) String() string {
	if id.Text == "" {
		return fmt.Sprintf("#%d", id.Index)
	}
	return id.Text
}

// maxIdentity is how much of an identity is read, in bytes. Windows paths have up to 64 KiB.
const maxIdentity = 64 << 10

// readIdentities reads the table of identities.
func (r *Reader) readIdentities() error {
	budget := r.db.NewBudget()
	t := r.db.Table("SruDbIdMapTable")
	kind, index, blob := t.Column("IdType"), t.Column("IdIndex"), t.Column("IdBlob")
	for row, err := range t.Rows() {
		if err != nil {
			if !damage.Is(err) {
				return err
			}
			r.note(err)
			continue
		}
		var v [3]ese.Value
		for i, c := range [...]*ese.Column{kind, index, blob} {
			var err error
			if v[i], err = budget.Value(&row, c); err != nil {
				r.note(err)
			}
		}
		id := Identity{Index: int32(v[1].Int()), Type: IdentityType(v[0].Int()), Known: true}
		b := v[2].Bytes()
		if len(b) > maxIdentity {
			r.note(row.Damage("IdBlob", fmt.Sprintf("%d bytes", len(b)), fmt.Sprintf("≤ %d", maxIdentity)))
			continue
		}
		if id.Type == UserID && len(b) > 0 {
			sid, err := winid.DecodeSID(b)
			if err != nil {
				r.note(row.Damage("IdBlob", fmt.Sprintf("% x", b[:min(len(b), 16)]), "a SID"))
			} else {
				id.Text = sid.String()
			}
		} else {
			id.Text = wtf8.String(wtf8.Trim(b))
		}
		r.ids[id.Index] = id
	}
	return nil
}
