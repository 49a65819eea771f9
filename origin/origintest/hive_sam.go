package origintest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The keys that protect the passwords of the SAM. No account has a password there, but
// programs check that the first decrypts the second.
var bootKey, samKey = first16("boot key"), first16("SAM key")

func first16(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:16]
}

// Account control bits of the SAM.
const (
	accountDisabled = 0x0001
	accountNormal   = 0x0010
	accountNoExpiry = 0x0200 // of the password
)

// Revisions of the values F and V: that of the structure with AES in the low half.
const (
	fixedRevision    = 1<<16 | 3
	variableRevision = 1<<16 | 2
)

// A samAccount is a local account.
type samAccount struct {
	rid                    uint32
	name, comment          string
	flags                  uint16
	logons                 uint16
	passwordSet, lastLogon time.Time
}

// samAccounts are those that Windows makes, and the two of the story.
var samAccounts = []samAccount{
	{500, "Administrator", "Built-in account for administering the computer/domain", accountNormal | accountDisabled, 4, installed, installed.Add(25 * time.Minute)},
	{501, "Guest", "Built-in account for guest access to the computer/domain", accountNormal | accountNoExpiry | accountDisabled, 0, time.Time{}, time.Time{}},
	{503, "DefaultAccount", "A user account managed by the system.", accountNormal | accountNoExpiry | accountDisabled, 0, time.Time{}, time.Time{}},
	{rid(svcAdmin), svcAdmin.name, "", accountNormal | accountNoExpiry, 61, installed.Add(20 * time.Minute), lastLogon},
	{rid(portalAdmin), portalAdmin.name, "Runs the portal", accountNormal | accountNoExpiry, 138, installed.Add(50 * time.Hour), at("22:05:30.966")},
}

func rid(a account) uint32 {
	sid, err := winid.ParseSID(a.sid)
	if err != nil {
		panic(err)
	}
	return sid.RID()
}

// samHiveOf is the SAM: the SID of the machine, and its accounts.
func samHiveOf() *registrytest.Hive {
	h := &registrytest.Hive{Name: `\SystemRoot\System32\Config\SAM`, LastWrite: lastLogon}
	const domain = `SAM\Domains\Account`
	h.Set(domain, installed, registrytest.Binary("F", domainFixed()), registrytest.Binary("V", variable(emptyDescriptor(), sidBytes(machineSID), nil, nil)))
	for _, a := range samAccounts {
		changed := installed
		if !a.lastLogon.IsZero() {
			changed = a.lastLogon
		}
		made := installed
		if a.rid >= 1000 {
			made = a.passwordSet
		}
		h.Set(fmt.Sprintf(`%s\Users\%08X`, domain, a.rid), changed, registrytest.Binary("F", a.fixed()), registrytest.Binary("V", a.variable()))
		// The type of the default value is the RID.
		h.Set(domain+`\Users\Names\`+a.name, made, registrytest.Value{Type: registry.ValueType(a.rid)})
	}
	return h
}

// securityHiveOf is the hive of the local security authority: whose accounts the SAM
// holds. The machine is in no domain.
func securityHiveOf() *registrytest.Hive {
	h := &registrytest.Hive{Name: `\SystemRoot\System32\Config\SECURITY`, LastWrite: at("22:02:57")}
	policy := func(name string, data []byte) {
		h.Set(`Policy\`+name, installed, registrytest.Value{Data: data}) // REG_NONE
	}
	policy("PolAcDmN", lsaString(computer))
	policy("PolAcDmS", sidBytes(machineSID))
	policy("PolPrDmN", lsaString(workgroup))
	policy("PolMachineAccountS", nil)
	return h
}

// lsaString is a text of the policy: its size twice, the offset of its characters, and
// they.
func lsaString(text string) []byte {
	data := wtf8.Encode(text)
	b := binary.LittleEndian.AppendUint16(nil, uint16(len(data)))
	b = binary.LittleEndian.AppendUint16(b, uint16(len(data)))
	b = binary.LittleEndian.AppendUint32(b, 8)
	return append(b, data...)
}

// fixed is the value F of an account: what has the same size in all accounts.
func (a *samAccount) fixed() []byte {
	b := make([]byte, 80)
	le := binary.LittleEndian
	when := func(offset int, t time.Time) {
		if !t.IsZero() {
			le.PutUint64(b[offset:], filetime.Ticks(t))
		}
	}
	le.PutUint32(b, fixedRevision)
	when(8, a.lastLogon)
	when(24, a.passwordSet)
	le.PutUint64(b[32:], math.MaxInt64) // expires: never
	le.PutUint32(b[48:], a.rid)
	le.PutUint32(b[52:], 513) // primary group
	le.PutUint16(b[56:], a.flags)
	le.PutUint16(b[66:], a.logons)
	return b
}

// variable is the value V of an account.
func (a *samAccount) variable() []byte {
	noHash := binary.LittleEndian.AppendUint32(nil, 2<<16) // revision 2, nothing encrypted
	noHash = append(noHash, make([]byte, 20)...)
	return variable(emptyDescriptor(), wtf8.Encode(a.name), nil, wtf8.Encode(a.comment), // full name is empty
		nil, nil, nil, nil, nil, nil, nil, nil, nil, // user comment to groups
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
		table = binary.LittleEndian.AppendUint32(table, uint32(len(data)))
		table = binary.LittleEndian.AppendUint32(table, uint32(len(a)))
		table = binary.LittleEndian.AppendUint32(table, number)
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

// domainFixed is the value F of the domain of local accounts: policies, and the key of
// the SAM encrypted with the boot key.
func domainFixed() []byte {
	b := make([]byte, 104)
	le := binary.LittleEndian
	le.PutUint32(b, fixedRevision)
	le.PutUint64(b[8:], filetime.Ticks(installed))
	le.PutUint32(b[72:], 1005) // next RID
	le.PutUint32(b[88:], 1)    // the domain is enabled
	le.PutUint16(b[92:], 3)    // and primary
	salt, sum := first16("salt"), sha256.Sum256(samKey)
	key, check := encrypt(salt, samKey), encrypt(salt, sum[:])
	b = le.AppendUint32(b, 2) // revision: AES
	b = le.AppendUint32(b, uint32(32+len(key)+len(check)))
	b = le.AppendUint32(b, uint32(len(check)))
	b = le.AppendUint32(b, uint32(len(key)))
	b = append(b, salt...)
	b = append(b, key...)
	return append(b, check...)
}

// encrypt encrypts data with the boot key by AES-CBC, padded as by PKCS #7.
func encrypt(iv, data []byte) []byte {
	block, err := aes.NewCipher(bootKey)
	if err != nil {
		panic(err)
	}
	padding := aes.BlockSize - len(data)%aes.BlockSize
	out := append([]byte{}, data...)
	for range padding {
		out = append(out, byte(padding))
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out
}
