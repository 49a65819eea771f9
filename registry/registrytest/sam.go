package registrytest

import (
	"fmt"
	"math"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/winid"
)

const (
	samAccounts = `SAM\Domains\Account`
	samUsers    = samAccounts + `\Users`
	samBuiltin  = `SAM\Domains\Builtin`
)

// Revisions of the values F and V of a SAM: that of the structure with AES in the low half.
const (
	fixedRevision    = 1<<16 | 3
	variableRevision = 1<<16 | 2
)

// SetMachineSID writes the SID of the machine into a SAM hive.
func (h *Hive) SetMachineSID(sid winid.SID, lastWrite time.Time) {
	b, _ := sid.MarshalBinary() // it has no error
	h.Set(samAccounts, lastWrite, Binary("V", variable(emptyDescriptor(), b, nil, nil)))
}

// SetAccount adds an account to a SAM hive: the key of its RID, which has no password, and
// the keys of its Names. Key, Offset, SID and Findings do not count. A FixedRID of 0 is
// the RID.
func (h *Hive) SetAccount(a registry.Account) {
	if a.LastWrite.IsZero() && len(a.Names) > 0 {
		a.LastWrite = a.Names[0].LastWrite
	}
	values := []Value{Binary("F", fixed(&a)), Binary("V", account(&a))}
	if a.InternetName != "" {
		values = append(values, Binary("InternetUserName", wtf8.Encode(a.InternetName)))
	}
	if a.Hint != "" {
		values = append(values, Binary("UserPasswordHint", wtf8.Encode(a.Hint)))
	}
	h.Set(fmt.Sprintf(`%s\%08X`, samUsers, a.RID), a.LastWrite, values...)
	for _, n := range a.Names {
		h.Set(samUsers+`\Names\`+n.Name, n.LastWrite, Value{Type: registry.ValueType(a.RID)}) // the type of the default value is the RID
	}
}

// fixed is the value F of an account: what has the same size in all accounts.
func fixed(a *registry.Account) []byte {
	b := make([]byte, 80)
	rid, expires := a.FixedRID, filetime.Ticks(a.Expires)
	if rid == 0 {
		rid = a.RID
	}
	if expires == 0 {
		expires = math.MaxInt64 // never
	}
	le.PutUint32(b, fixedRevision)
	le.PutUint64(b[8:], filetime.Ticks(a.LastLogon))
	le.PutUint64(b[16:], filetime.Ticks(a.LastLogoff))
	le.PutUint64(b[24:], filetime.Ticks(a.PasswordSet))
	le.PutUint64(b[32:], expires)
	le.PutUint64(b[40:], filetime.Ticks(a.LastBadPassword))
	le.PutUint32(b[48:], rid)
	le.PutUint32(b[52:], a.PrimaryGroup)
	le.PutUint32(b[56:], a.Control)
	le.PutUint16(b[64:], a.BadPasswords)
	le.PutUint16(b[66:], a.Logons)
	return b
}

// account is the value V of an account.
func account(a *registry.Account) []byte {
	noHash := le.AppendUint32(nil, 2<<16) // revision 2, nothing encrypted
	noHash = append(noHash, make([]byte, 20)...)
	text := wtf8.Encode
	return variable(emptyDescriptor(), text(a.Name), text(a.FullName), text(a.Comment), text(a.UserComment),
		nil, text(a.HomeDirectory), text(a.HomeDrive), text(a.Script), text(a.Profile), text(a.Workstations), nil, nil, // nil are parameters, hours and groups
		noHash, noHash, noHash, noHash)
}

// variable joins attributes of any size: for each the offset behind the table, the size
// and a number, 12 bytes; then the attributes. The number is the revision in the first
// of them.
func variable(attributes ...[]byte) []byte {
	var table, data []byte
	for i, a := range attributes {
		number := uint32(0)
		if i == 0 {
			number = variableRevision
		}
		table = le.AppendUint32(table, uint32(len(data)))
		table = le.AppendUint32(table, uint32(len(a)))
		table = le.AppendUint32(table, number)
		data = append(data, a...)
		data = append(data, make([]byte, -len(a)&3)...)
	}
	return append(table, data...)
}

// emptyDescriptor is a self-relative security descriptor without owner and lists.
func emptyDescriptor() []byte {
	b := make([]byte, 20)
	b[0], b[3] = 1, 0x80
	return b
}

// SetGroup adds a local group to a SAM hive, below Builtin if its SID begins with S-1-5-32.
// Key and Offset do not count.
func (h *Hive) SetGroup(g registry.Group) {
	domain := samAccounts
	if g.SID.Domain() == winid.WellKnownSID(`BUILTIN\Administrators`).Domain() {
		domain = samBuiltin
	}
	var members []byte
	for _, sid := range g.Members {
		members, _ = sid.AppendBinary(members) // it has no error
	}
	b := make([]byte, 52)
	le.PutUint32(b, g.RID)
	at, data := 0, []byte{}
	for _, part := range []struct {
		at   int
		data []byte
	}{{4, emptyDescriptor()}, {16, wtf8.Encode(g.Name)}, {28, wtf8.Encode(g.Comment)}, {40, members}} {
		le.PutUint32(b[part.at:], uint32(at))
		le.PutUint32(b[part.at+4:], uint32(len(part.data)))
		data = append(data, part.data...)
		data = append(data, make([]byte, -len(part.data)&3)...)
		at = len(data)
	}
	le.PutUint32(b[48:], uint32(len(g.Members)))
	h.Set(fmt.Sprintf(`%s\Aliases\%08X`, domain, g.RID), g.LastWrite, Binary("C", append(b, data...)))
	h.Set(domain+`\Aliases\Names\`+g.Name, g.LastWrite, Value{Type: registry.ValueType(g.RID)})
}
