package origintest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
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

// fixedRevision is the revision of the value F: that of the structure with AES in the low
// half.
const fixedRevision = 1<<16 | 3

// A samAccount is a local account.
type samAccount struct {
	rid                    uint32
	name, comment          string
	flags                  uint32
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

func rid(a account) uint32 { return sidOf(a.sid).RID() }

// sidOf is a SID of the story.
func sidOf(text string) winid.SID {
	sid, err := winid.ParseSID(text)
	if err != nil {
		panic(err)
	}
	return sid
}

const samDomain = `SAM\Domains\Account`

// samHiveOf is the SAM: the SID of the machine, and its accounts.
func samHiveOf() *registrytest.Hive {
	h := &registrytest.Hive{Name: `\SystemRoot\System32\Config\SAM`, LastWrite: lastLogon}
	h.Set(samDomain, installed, registrytest.Binary("F", domainFixed()))
	h.SetMachineSID(sidOf(machineSID), installed)
	for _, a := range samAccounts {
		changed := installed
		if !a.lastLogon.IsZero() {
			changed = a.lastLogon
		}
		made := installed
		if a.rid >= 1000 {
			made = a.passwordSet
		}
		h.SetAccount(registry.Account{LastWrite: changed, RID: a.rid, Name: a.name, Comment: a.comment, Control: a.flags, PrimaryGroup: 513, Logons: a.logons,
			PasswordSet: a.passwordSet, LastLogon: a.lastLogon, Names: []registry.AccountName{{Name: a.name, LastWrite: made}}})
	}
	return h
}

// securityHiveOf is the hive of the local security authority: whose accounts the SAM
// holds. The machine is in no domain.
func securityHiveOf() *registrytest.Hive {
	h := &registrytest.Hive{Name: `\SystemRoot\System32\Config\SECURITY`, LastWrite: at("22:02:57")}
	h.SetPolicy(registry.Policy{
		AccountDomain: registry.PolicyName{Name: computer, LastWrite: installed}, AccountDomainSID: registry.PolicySID{SID: sidOf(machineSID), LastWrite: installed},
		Domain: registry.PolicyName{Name: workgroup, LastWrite: installed},
	})
	h.Set(`Policy\PolMachineAccountS`, installed, registrytest.Value{}) // REG_NONE
	return h
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
