package registry

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// A Policy is what the local security authority records in a SECURITY hive about the
// machine and its domain. Its secrets are not read. A field is zero if the hive does not
// record it.
type Policy struct {
	AccountDomain    PolicyName // of the local accounts: the machine; on a domain controller its domain
	AccountDomainSID PolicySID  // of the machine; on a domain controller of its domain
	Domain           PolicyName // NetBIOS name of the domain, or of the workgroup
	DomainSID        PolicySID  // zero in a workgroup
	DNSDomain        PolicyName // DNS name of the domain
	Forest           PolicyName // DNS name of the forest
}

// A PolicyName is a name in a SECURITY hive.
type PolicyName struct {
	Name      string
	Key       string
	Offset    int64     // of the value's cell
	LastWrite time.Time // of the key
}

// A PolicySID is a SID in a SECURITY hive.
type PolicySID struct {
	SID       winid.SID
	Key       string
	Offset    int64     // of the value's cell
	LastWrite time.Time // of the key
}

// PolicyOf reads the policy of a SECURITY hive. The error is about what is damaged; the
// rest is read.
func PolicyOf(r *Reader) (Policy, error) {
	var p Policy
	var damaged error
	for _, row := range [...]struct {
		key  string
		name *PolicyName
		sid  *PolicySID
	}{
		{"PolAcDmN", &p.AccountDomain, nil}, {"PolAcDmS", nil, &p.AccountDomainSID}, {"PolPrDmN", &p.Domain, nil}, {"PolPrDmS", nil, &p.DomainSID},
		{"PolDnDDN", &p.DNSDomain, nil}, {"PolDnTrN", &p.Forest, nil},
	} {
		k, err := r.OpenKey(`Policy\` + row.key)
		var v *Value
		if err == nil {
			v, err = k.Value("")
		}
		var b []byte
		if err == nil {
			b, err = v.Data()
		}
		switch {
		case err != nil || len(b) == 0:
		case row.name != nil:
			var text []byte
			text, err = policyText(b)
			*row.name = PolicyName{strings.TrimRight(wtf8.String(text), "\x00"), k.Path(), v.Offset, k.LastWrite}
			err = inValue(v, err)
		default:
			var sid winid.SID
			if sid, err = winid.DecodeSID(b); err == nil {
				*row.sid = PolicySID{sid, k.Path(), v.Offset, k.LastWrite}
			}
			err = inValue(v, err)
		}
		if damage.Is(err) {
			damaged = errors.Join(damaged, err)
		}
	}
	return p, damaged
}

// policyText returns the characters of a text of the policy: its size in 2 bytes, the room
// for it in 2, the offset of the characters in 4, then they.
func policyText(b []byte) ([]byte, error) {
	const header = 8
	if len(b) < header {
		return nil, damage.New("text of the policy", -1, len(b), fmt.Sprintf("≥ %d bytes", header))
	}
	size, at := uint64(binary.LittleEndian.Uint16(b)), uint64(binary.LittleEndian.Uint32(b[4:]))
	if at+size > uint64(len(b)) {
		return nil, damage.New("text of the policy", -1, fmt.Sprintf("end %d", at+size), fmt.Sprintf("≤ %d, the size of the value", len(b)))
	}
	return b[at : at+size], nil
}

// A CachedLogon is an entry of the cache in a SECURITY hive with which accounts of a domain
// log on while no domain controller answers. Its names are encrypted, and not read.
type CachedLogon struct {
	Value   string    // name of the value: NL$1, NL$2, …
	Key     string    // path of the key
	Offset  int64     // of the value's cell
	Written time.Time // when the account logged on with a domain controller last

	RID          uint32 // of the account in its domain
	PrimaryGroup uint32 // RID
	NameSize     int    // of the encrypted name of the account, in bytes
	DomainSize   int    // of the encrypted name of its domain, in bytes
}

// The beginning of an entry of the cache, which is not encrypted. Offsets and sizes in
// bytes:
//
//	 0  2  size of the name of the account
//	 2  2  size of the name of the domain
//	16  4  RID of the account
//	20  4  RID of the primary group
//	32  8  FILETIME at which the entry was written
const (
	cachedSize    = 96
	cachedDomain  = 2
	cachedRID     = 16
	cachedGroup   = 20
	cachedWritten = 32
)

// CachedLogons yields the entries of the cache that are in use.
func CachedLogons(r *Reader) iter.Seq2[CachedLogon, error] {
	return func(yield func(CachedLogon, error) bool) {
		k, err := r.OpenKey("Cache")
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) || damage.Is(err) {
				yield(CachedLogon{}, err)
			}
			return
		}
		for v, err := range k.Values() {
			if err == nil && !strings.HasPrefix(v.Name, "NL$") {
				continue // NL$Control is shorter than an entry
			}
			var b []byte
			if err == nil {
				b, err = v.Data()
			}
			if err == nil && len(b) < cachedSize {
				continue
			}
			le := binary.LittleEndian
			if err != nil {
				if !yield(CachedLogon{}, err) {
					return
				}
				continue
			}
			c := CachedLogon{Value: v.Name, Key: k.Path(), Offset: v.Offset, Written: filetime.Time(le.Uint64(b[cachedWritten:])),
				RID: le.Uint32(b[cachedRID:]), PrimaryGroup: le.Uint32(b[cachedGroup:]), NameSize: int(le.Uint16(b)), DomainSize: int(le.Uint16(b[cachedDomain:]))}
			if c.NameSize != 0 && !yield(c, nil) {
				return
			}
		}
	}
}
