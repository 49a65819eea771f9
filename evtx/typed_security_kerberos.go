package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record Kerberos tickets and checks of credentials.

// Security4768 records that a ticket-granting ticket was issued or refused. A domain
// controller writes it.
//
// Policy: Audit Kerberos Authentication Service (success and failure).
type Security4768 struct {
	System
	TargetUserName                  string
	TargetDomainName                string
	TargetSid                       string `evtx:",sid,dash"`
	ServiceName                     string
	ServiceSid                      string               `evtx:",sid,dash"`
	TicketOptions                   winid.TicketOptions  `evtx:",hex"`
	Status                          winid.KerberosError  `evtx:",hex"`
	TicketEncryptionType            winid.EncryptionType `evtx:",hex"`
	PreAuthType                     winid.PreAuthType    `evtx:",dash"`
	IpAddress                       string
	IpPort                          string
	CertIssuerName                  string
	CertSerialNumber                string
	CertThumbprint                  string
	ResponseTicket                  string               `evtx:",since=1"`
	AccountSupportedEncryptionTypes string               `evtx:",since=2"`
	AccountAvailableKeys            string               `evtx:",since=2"`
	ServiceSupportedEncryptionTypes string               `evtx:",since=2"`
	ServiceAvailableKeys            string               `evtx:",since=2"`
	DCSupportedEncryptionTypes      string               `evtx:",since=2"`
	DCAvailableKeys                 string               `evtx:",since=2"`
	ClientAdvertizedEncryptionTypes string               `evtx:",since=2"`
	SessionKeyEncryptionType        winid.EncryptionType `evtx:",hex,since=2"`
	PreAuthEncryptionType           winid.EncryptionType `evtx:",hex,since=2"`
	Extra                           []Field
}

var _ = declare[Security4768](security, 4768, written{versions: []uint8{0, 1, 2}, task: auditKerberosAuthentication, keywords: auditSuccess},
	`a ticket-granting ticket was requested for {TargetDomainName\TargetUserName}[, from {IpAddress}]: status {Status}, encryption {TicketEncryptionType}, pre-authentication {PreAuthType}`)

// Security4769 records that a service ticket was issued or refused. A domain
// controller writes it. The account has the form user@REALM.
//
// Policy: Audit Kerberos Service Ticket Operations (success and failure).
type Security4769 struct {
	System
	TargetUserName                  string // user@REALM
	TargetDomainName                string
	ServiceName                     string
	ServiceSid                      string               `evtx:",sid,dash"`
	TicketOptions                   winid.TicketOptions  `evtx:",hex"`
	TicketEncryptionType            winid.EncryptionType `evtx:",hex"`
	IpAddress                       string
	IpPort                          string
	Status                          winid.KerberosError `evtx:",hex"`
	LogonGuid                       GUID
	TransmittedServices             string               `evtx:",dash"`
	RequestTicketHash               string               `evtx:",since=1"`
	ResponseTicketHash              string               `evtx:",since=1"`
	AccountSupportedEncryptionTypes string               `evtx:",since=2"`
	AccountAvailableKeys            string               `evtx:",since=2"`
	ServiceSupportedEncryptionTypes string               `evtx:",since=2"`
	ServiceAvailableKeys            string               `evtx:",since=2"`
	DCSupportedEncryptionTypes      string               `evtx:",since=2"`
	DCAvailableKeys                 string               `evtx:",since=2"`
	ClientAdvertizedEncryptionTypes string               `evtx:",since=2"`
	SessionKeyEncryptionType        winid.EncryptionType `evtx:",hex,since=2"`
	Extra                           []Field
}

var _ = declare[Security4769](security, 4769, written{versions: []uint8{0, 1, 2}, task: auditKerberosTicket, keywords: auditSuccess},
	`{TargetUserName} requested a ticket for the service {ServiceName}[, from {IpAddress}]: status {Status}, encryption {TicketEncryptionType}`)

// Security4770 records that a ticket was renewed. A domain controller writes it.
//
// Policy: Audit Kerberos Service Ticket Operations (success).
type Security4770 struct {
	System
	TargetUserName       string
	TargetDomainName     string
	ServiceName          string
	ServiceSid           string               `evtx:",sid,dash"`
	TicketOptions        winid.TicketOptions  `evtx:",hex"`
	TicketEncryptionType winid.EncryptionType `evtx:",hex"`
	IpAddress            string
	IpPort               string
	RequestTicketHash    string `evtx:",since=1"`
	ResponseTicketHash   string `evtx:",since=1"`
	Extra                []Field
}

var _ = declare[Security4770](security, 4770, written{versions: []uint8{0, 1}, task: auditKerberosTicket, keywords: auditSuccess},
	`{TargetUserName} renewed a ticket for the service {ServiceName}[, from {IpAddress}]: encryption {TicketEncryptionType}`)

// Security4771 records that Kerberos pre-authentication failed, for example by a wrong
// password. A domain controller writes it.
//
// Policy: Audit Kerberos Authentication Service (failure).
type Security4771 struct {
	System
	TargetUserName   string
	TargetSid        string `evtx:",sid,dash"`
	ServiceName      string
	TicketOptions    winid.TicketOptions `evtx:",hex"`
	Status           winid.KerberosError `evtx:",hex"`
	PreAuthType      winid.PreAuthType
	IpAddress        string
	IpPort           string
	CertIssuerName   string
	CertSerialNumber string
	CertThumbprint   string
	Extra            []Field
}

var _ = declare[Security4771](security, 4771, written{task: auditKerberosAuthentication, keywords: auditFailure},
	`Kerberos pre-authentication of {TargetUserName} failed[, from {IpAddress}]: status {Status}, pre-authentication {PreAuthType}`)

// Security4772 records that a request for a ticket-granting ticket failed. The event
// is defined, but Windows writes 4768 instead.
//
// Policy: Audit Kerberos Authentication Service (failure).
type Security4772 struct {
	System
	TargetUserName   string
	TargetDomainName string
	ServiceName      string
	TicketOptions    string
	FailureCode      string
	IpAddress        string
	IpPort           string
	Extra            []Field
}

var _ = declare[Security4772](security, 4772, written{task: auditKerberosAuthentication, keywords: auditFailure},
	`a ticket-granting ticket was refused for {TargetDomainName\TargetUserName}[, from {IpAddress}]: {FailureCode}`)

// Security4773 records that a request for a service ticket failed. The event is
// defined, but Windows writes 4769 instead.
//
// Policy: Audit Kerberos Service Ticket Operations (failure).
type Security4773 struct {
	System
	TargetUserName   string
	TargetDomainName string
	ServiceName      string
	TicketOptions    string
	FailureCode      string
	IpAddress        string
	IpPort           string
	Extra            []Field
}

var _ = declare[Security4773](security, 4773, written{task: auditKerberosTicket, keywords: auditFailure},
	`a ticket for the service {ServiceName} was refused for {TargetDomainName\TargetUserName}[, from {IpAddress}]: {FailureCode}`)

// Security4774 records that a certificate or another name was mapped to an account for
// a logon.
//
// Policy: Audit Credential Validation (success and failure).
type Security4774 struct {
	System
	MappingBy      string
	ClientUserName string
	MappedName     string
	Extra          []Field
}

var _ = declare[Security4774](security, 4774, written{task: auditCredentialValidation, keywords: auditSuccess},
	`{ClientUserName} was mapped to {MappedName} by {MappingBy}`)

// Security4775 records that a certificate or another name could not be mapped to an
// account for a logon.
//
// Policy: Audit Credential Validation (failure).
type Security4775 struct {
	System
	ClientUserName string
	MappingBy      string
	Extra          []Field
}

var _ = declare[Security4775](security, 4775, written{task: auditCredentialValidation, keywords: auditFailure},
	`{ClientUserName} could not be mapped to an account by {MappingBy}`)

// Security4776 records that credentials were checked with NTLM. The machine that has
// the account writes it: a domain controller, or the machine itself for a local
// account.
//
// Policy: Audit Credential Validation (success and failure).
type Security4776 struct {
	System
	PackageName    string
	TargetUserName string
	Workstation    string
	Status         winid.NTStatus `evtx:",hex"`
	Extra          []Field
}

var _ = declare[Security4776](security, 4776, written{task: auditCredentialValidation, keywords: auditSuccess},
	`{PackageName} checked the credentials of {TargetUserName}[, workstation {Workstation}]: status {Status}`)

// Security4777 records that a domain controller could not check credentials. The event
// is defined, but Windows writes 4776 instead.
//
// Policy: Audit Credential Validation (failure).
type Security4777 struct {
	System
	ClientUserName string
	TargetUserName string
	Workstation    string
	Status         string
	Extra          []Field
}

var _ = declare[Security4777](security, 4777, written{task: auditCredentialValidation, keywords: auditFailure},
	`the credentials of {TargetUserName} could not be checked[, workstation {Workstation}]: {Status}`)

// Security4820 records that a ticket-granting ticket was refused because the device
// does not meet the authentication policy.
//
// Policy: Audit Kerberos Authentication Service (failure).
type Security4820 struct {
	System
	TargetUserName       string
	TargetDomainName     string
	TargetSid            string `evtx:",sid"`
	DeviceName           string
	ServiceName          string
	ServiceSid           string               `evtx:",sid"`
	TicketOptions        winid.TicketOptions  `evtx:",hex"`
	Status               winid.NTStatus       `evtx:",hex"`
	TicketEncryptionType winid.EncryptionType `evtx:",hex"`
	PreAuthType          winid.PreAuthType
	IpAddress            string
	IpPort               string
	CertIssuerName       string
	CertSerialNumber     string
	CertThumbprint       string
	SiloName             string
	PolicyName           string
	TGTLifetime          uint32
	Extra                []Field
}

var _ = declare[Security4820](security, 4820, written{task: auditKerberosAuthentication, keywords: auditFailure},
	`a ticket-granting ticket was refused for {TargetDomainName\TargetUserName} on {DeviceName}[, from {IpAddress}]: status {Status}, policy {PolicyName}`)

// Security4821 records that a service ticket was refused because the user or device
// does not meet the authentication policy.
//
// Policy: Audit Kerberos Service Ticket Operations (failure).
type Security4821 struct {
	System
	TargetUserName       string
	TargetDomainName     string
	DeviceName           string
	ServiceName          string
	ServiceSid           string               `evtx:",sid"`
	TicketOptions        winid.TicketOptions  `evtx:",hex"`
	TicketEncryptionType winid.EncryptionType `evtx:",hex"`
	IpAddress            string
	IpPort               string
	Status               winid.NTStatus `evtx:",hex"`
	LogonGuid            GUID
	TransitedServices    string
	SiloName             string
	PolicyName           string
	Extra                []Field
}

var _ = declare[Security4821](security, 4821, written{task: auditKerberosTicket, keywords: auditFailure},
	`a ticket for the service {ServiceName} was refused for {TargetUserName} on {DeviceName}[, from {IpAddress}]: status {Status}, policy {PolicyName}`)

// Security4822 records that NTLM was refused because the account is a member of
// Protected Users.
//
// Policy: Audit Credential Validation (failure).
type Security4822 struct {
	System
	AccountName string
	DeviceName  string
	Status      winid.NTStatus `evtx:",hex"`
	Extra       []Field
}

var _ = declare[Security4822](security, 4822, written{task: auditCredentialValidation, keywords: auditFailure},
	`NTLM was refused for {AccountName} on {DeviceName}, a member of Protected Users: status {Status}`)

// Security4823 records that NTLM was refused because the authentication policy does
// not allow it.
//
// Policy: Audit Credential Validation (failure).
type Security4823 struct {
	System
	AccountName string
	DeviceName  string
	Status      winid.NTStatus `evtx:",hex"`
	SiloName    string
	PolicyName  string
	Extra       []Field
}

var _ = declare[Security4823](security, 4823, written{task: auditCredentialValidation, keywords: auditFailure},
	`NTLM was refused for {AccountName} on {DeviceName}: status {Status}, policy {PolicyName}`)

// Security4824 records that Kerberos pre-authentication with DES or RC4 was refused
// because the account is a member of Protected Users.
//
// Policy: Audit Kerberos Authentication Service (failure).
type Security4824 struct {
	System
	TargetUserName   string
	TargetSid        string `evtx:",sid"`
	ServiceName      string
	TicketOptions    winid.TicketOptions `evtx:",hex"`
	Status           winid.NTStatus      `evtx:",hex"`
	PreAuthType      winid.PreAuthType
	IpAddress        string
	IpPort           string
	CertIssuerName   string
	CertSerialNumber string
	CertThumbprint   string
	Extra            []Field
}

var _ = declare[Security4824](security, 4824, written{task: auditKerberosAuthentication, keywords: auditFailure},
	`Kerberos pre-authentication of {TargetUserName}, a member of Protected Users, was refused[, from {IpAddress}]: status {Status}, pre-authentication {PreAuthType}`)
