package winid

// EncryptionType is the algorithm that protects a Kerberos ticket or key:
// TicketEncryptionType of Security 4768, 4769 and 4770, and the encryption types that
// newer systems add to them. The numbers are those of the [IANA registry], and those
// of Windows ([MS-KILE] 2.2.7 and ntsecapi.h) below zero.
//
// [IANA registry]: https://www.iana.org/assignments/kerberos-parameters
// [MS-KILE]: https://learn.microsoft.com/openspecs/windows_protocols/ms-kile
type EncryptionType uint32

// Name returns the name of the type, such as RC4-HMAC, and "" for one that is not in
// the table. A name that the registry has in lower case only is in upper case here,
// as Windows writes it.
func (t EncryptionType) Name() string { return encryptionTypes[t] }

// String returns the number and the name, as in "0x17 (RC4-HMAC)", or the number
// alone.
func (t EncryptionType) String() string { return hexadecimal(uint32(t), t.Name()) }

var encryptionTypes = map[EncryptionType]string{
	0x01:       "DES-CBC-CRC",
	0x02:       "DES-CBC-MD4",
	0x03:       "DES-CBC-MD5",
	0x05:       "DES3-CBC-MD5",
	0x07:       "DES3-CBC-SHA1",
	0x09:       "DSA-SHA1-CMS",
	0x0a:       "RSA-MD5-CMS",
	0x0b:       "RSA-SHA1-CMS",
	0x0c:       "RC2-CBC-ENV",
	0x0d:       "RSA-ENV",
	0x0e:       "RSA-ES-OAEP-ENV",
	0x0f:       "DES-EDE3-CBC-ENV",
	0x10:       "DES3-CBC-SHA1-KD",
	0x11:       "AES128-CTS-HMAC-SHA1-96",
	0x12:       "AES256-CTS-HMAC-SHA1-96",
	0x13:       "AES128-CTS-HMAC-SHA256-128",
	0x14:       "AES256-CTS-HMAC-SHA384-192",
	0x17:       "RC4-HMAC",
	0x18:       "RC4-HMAC-EXP",
	0x19:       "CAMELLIA128-CTS-CMAC",
	0x1a:       "CAMELLIA256-CTS-CMAC",
	0xffffff80: "RC4-MD4",
	0xffffff7f: "RC4-PLAIN2",
	0xffffff7e: "RC4-LM",
	0xffffff7d: "RC4-SHA",
	0xffffff7c: "DES-PLAIN",
	0xffffff7b: "RC4-HMAC-OLD",
	0xffffff7a: "RC4-PLAIN-OLD",
	0xffffff79: "RC4-HMAC-OLD-EXP",
	0xffffff78: "RC4-PLAIN-OLD-EXP",
	0xffffff74: "RC4-PLAIN",
	0xffffff73: "RC4-PLAIN-EXP",
	0xffffff6c: "AES128-CTS-HMAC-SHA1-96-PLAIN",
	0xffffff6b: "AES256-CTS-HMAC-SHA1-96-PLAIN",
	0xffffffff: "none, the request failed",
}

// TicketOptions are the options of a request for a Kerberos ticket: TicketOptions of
// Security 4768 to 4771. The bits are those of KDCOptions in [RFC 4120] 5.4.1, in
// which bit 0 is the highest.
//
// [RFC 4120]: https://www.rfc-editor.org/rfc/rfc4120
type TicketOptions uint32

// Names returns the names of the options that are set, and the other bits in
// hexadecimal.
func (o TicketOptions) Names() []string { return flagNames(uint32(o), ticketOptions) }

// String returns the number and the names, as in "0x40810000 (forwardable, renewable,
// canonicalize)".
func (o TicketOptions) String() string { return flagged(uint32(o), o.Names()) }

var ticketOptions = []flag{
	{1 << 30, "forwardable"},
	{1 << 29, "forwarded"},
	{1 << 28, "proxiable"},
	{1 << 27, "proxy"},
	{1 << 26, "allow-postdate"},
	{1 << 25, "postdated"},
	{1 << 23, "renewable"},
	{1 << 20, "opt-hardware-auth"},
	{1 << 17, "cname-in-addl-tkt"}, // constrained delegation
	{1 << 16, "canonicalize"},
	{1 << 15, "request-anonymous"},
	{1 << 5, "disable-transited-check"},
	{1 << 4, "renewable-ok"},
	{1 << 3, "enc-tkt-in-skey"},
	{1 << 1, "renew"},
	{1 << 0, "validate"},
}

// PreAuthType is how an account proved who it is before it got a ticket: PreAuthType of
// Security 4768, 4771 and 4820, which log the number as text, or a dash. The numbers
// are those of the [IANA registry].
//
// [IANA registry]: https://www.iana.org/assignments/kerberos-parameters
type PreAuthType string

// Name returns the name of the type, such as PA-ENC-TIMESTAMP, and "" for a text that
// is not in the table.
func (t PreAuthType) Name() string { return t.row().name }

// Meaning returns what the type means, and "" for a text that is not in the table.
func (t PreAuthType) Meaning() string { return t.row().meaning }

func (t PreAuthType) row() named {
	n, ok := parseNumber(string(t))
	if !ok {
		return named{}
	}
	return preAuthTypes[n]
}

// String returns the text of the log and the meaning, as in "2 (encrypted time, from
// a password)", or the text alone.
func (t PreAuthType) String() string { return labelled(string(t), t.Meaning()) }

var preAuthTypes = map[uint32]named{
	0:   {"", "none"},
	2:   {"PA-ENC-TIMESTAMP", "encrypted time, from a password"},
	11:  {"PA-ETYPE-INFO", "question for the encryption type"},
	14:  {"PA-PK-AS-REQ_OLD", "certificate, old form"},
	15:  {"PA-PK-AS-REP_OLD", "certificate, old form, answer"},
	16:  {"PA-PK-AS-REQ", "certificate"},
	17:  {"PA-PK-AS-REP", "certificate, answer"},
	19:  {"PA-ETYPE-INFO2", "question for the encryption type"},
	20:  {"PA-SVR-REFERRAL-INFO", "referral to another realm"},
	128: {"PA-PAC-REQUEST", "question for the PAC"},
	136: {"PA-FX-FAST", "armored (FAST)"},
	138: {"PA-ENCRYPTED-CHALLENGE", "encrypted challenge, armored (FAST)"},
	165: {"PA-SUPPORTED-ETYPES", "supported encryption types"},
}
