package origin

import (
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"
)

// computedAccount names an account of Windows whose SID has its number, or follows from
// the name of an application pool that IIS or what is installed into it brings; or "".
func computedAccount(sid string) string {
	if n, ok := strings.CutPrefix(sid, "S-1-5-90-0-"); ok {
		return `Window Manager\DWM-` + n
	}
	if n, ok := strings.CutPrefix(sid, "S-1-5-96-0-"); ok {
		return `Font Driver Host\UMFD-` + n
	}
	if pool := usualPoolAccounts[sid]; pool != "" {
		return poolDomain + pool
	}
	return ""
}

// The authorities of the SIDs that Windows computes from names.
const (
	serviceAuthority = 80 // of services, from the name in upper case
	poolAuthority    = 82 // of application pools of IIS, from the name in lower case
)

// nameSID returns the SID that Windows computes from a name: the SHA-1 of its UTF-16,
// as five numbers.
func nameSID(authority int, name string) string {
	var data []byte
	for _, u := range utf16.Encode([]rune(name)) {
		data = binary.LittleEndian.AppendUint16(data, u)
	}
	sum := sha1.Sum(data)
	sid := fmt.Sprintf("S-1-5-%d", authority)
	for i := 0; i < len(sum); i += 4 {
		sid += fmt.Sprintf("-%d", binary.LittleEndian.Uint32(sum[i:]))
	}
	return sid
}

// poolDomain begins the names of the accounts of application pools.
const poolDomain = `IIS APPPOOL\`

// usualPools are the application pools that IIS and what is installed into it bring.
var usualPools = [...]string{
	"DefaultAppPool", "Classic .NET AppPool", ".NET v2.0", ".NET v2.0 Classic", ".NET v4.5", ".NET v4.5 Classic", "ASP.NET v4.0", "ASP.NET v4.0 Classic",
	"MSExchangeECPAppPool", "MSExchangeOWAAppPool", "MSExchangePowerShellAppPool", "MSExchangePowerShellFrontEndAppPool", "MSExchangeSyncAppPool",
	"MSExchangeServicesAppPool", "MSExchangeAutodiscoverAppPool", "MSExchangeMapiFrontEndAppPool", "SharePoint Central Administration v4", "WsusPool",
}

// usualPoolAccounts are the SIDs of their accounts.
var usualPoolAccounts = func() map[string]string {
	all := map[string]string{}
	for _, name := range usualPools {
		all[poolSID(name)] = name
	}
	return all
}()

// poolSID returns the SID of the account of an application pool. Windows computes it
// from the name in lower case.
func poolSID(name string) string { return nameSID(poolAuthority, strings.ToLower(name)) }
