package evtx

// These events record what Certification Services do. The certification authority writes
// them if its own properties ask for it too.

// Security4870 records that a certificate was revoked.
//
// Policy: Audit Certification Services (success).
type Security4870 struct {
	System
	CertificateSerialNumber string
	RevocationReason        string
	SubjectUserSid          string `evtx:",sid"`
	SubjectUserName         string
	SubjectDomainName       string
	SubjectLogonId          uint64 `evtx:",hex"`
	Extra                   []Field
}

var _ = declare[Security4870](security, 4870, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) revoked the certificate {CertificateSerialNumber}: reason {RevocationReason}`)

// Security4873 records that an extension of a request for a certificate was changed.
//
// Policy: Audit Certification Services (success).
type Security4873 struct {
	System
	RequestId            string
	ExtensionName        string
	ExtensionDataType    string
	ExtensionPolicyFlags string
	ExtensionData        string
	SubjectUserSid       string `evtx:",sid"`
	SubjectUserName      string
	SubjectDomainName    string
	SubjectLogonId       uint64 `evtx:",hex"`
	Extra                []Field
}

var _ = declare[Security4873](security, 4873, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the extension {ExtensionName} of the certificate request {RequestId} to {ExtensionData}`)

// Security4874 records that attributes of a request for a certificate were changed.
//
// Policy: Audit Certification Services (success).
type Security4874 struct {
	System
	RequestId         string
	Attributes        string
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4874](security, 4874, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the attributes of the certificate request {RequestId} to {Attributes}`)

// Security4876 records that a backup of the authority began.
//
// Policy: Audit Certification Services (success).
type Security4876 struct {
	System
	BackupType        string
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4876](security, 4876, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) began a backup of the certification authority: {BackupType}`)

// Security4877 records that a backup of the authority ended.
//
// Policy: Audit Certification Services (success).
type Security4877 struct {
	System
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4877](security, 4877, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) completed a backup of the certification authority`)

// Security4882 records that the permissions of the authority were changed.
//
// Policy: Audit Certification Services (success).
type Security4882 struct {
	System
	SecuritySettings  string
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4882](security, 4882, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the permissions of the certification authority: {SecuritySettings}`)

// Security4885 records that the filter of what the authority audits was changed.
//
// Policy: Audit Certification Services (success).
type Security4885 struct {
	System
	AuditFilter       string
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4885](security, 4885, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the audit filter of the certification authority to {AuditFilter}`)

// Security4886 records that a certificate was requested.
//
// Policy: Audit Certification Services (success).
type Security4886 struct {
	System
	RequestId              string
	Requester              string
	Attributes             string
	Subject                string `evtx:",since=1"`
	SubjectAlternativeName string `evtx:",since=1"`
	CertificateTemplate    string `evtx:",since=1"`
	RequestOSVersion       string `evtx:",since=1"`
	RequestCSPProvider     string `evtx:",since=1"`
	RequestClientInfo      string `evtx:",since=1"`
	AuthenticationService  string `evtx:",since=1"`
	AuthenticationLevel    string `evtx:",since=1"`
	DCOMorRPC              string `evtx:",since=1"`
	Extra                  []Field
}

var _ = declare[Security4886](security, 4886, written{versions: []uint8{0, 1}, task: auditCertification, keywords: auditSuccess},
	`{Requester} requested a certificate: request {RequestId}, {Attributes}[, subject {Subject}][, alternative name {SubjectAlternativeName}][, template {CertificateTemplate}]`)

// Security4887 records that a certificate was issued.
//
// Policy: Audit Certification Services (success).
type Security4887 struct {
	System
	RequestId              string
	Requester              string
	Attributes             string
	Disposition            string
	SubjectKeyIdentifier   string
	Subject                string
	SubjectAlternativeName string `evtx:",since=1"`
	CertificateTemplate    string `evtx:",since=1"`
	SerialNumber           string `evtx:",since=1"`
	AuthenticationService  string `evtx:",since=1"`
	AuthenticationLevel    string `evtx:",since=1"`
	DCOMorRPC              string `evtx:",since=1"`
	Extra                  []Field
}

var _ = declare[Security4887](security, 4887, written{versions: []uint8{0, 1}, task: auditCertification, keywords: auditSuccess},
	`a certificate was issued to {Requester}: request {RequestId}, subject {Subject}, {Attributes}[, alternative name {SubjectAlternativeName}][, template {CertificateTemplate}]`)

// Security4888 records that a request for a certificate was denied.
//
// Policy: Audit Certification Services (failure).
type Security4888 struct {
	System
	RequestId             string
	Requester             string
	Attributes            string
	Disposition           string
	SubjectKeyIdentifier  string
	Subject               string
	AuthenticationService string `evtx:",since=1"`
	AuthenticationLevel   string `evtx:",since=1"`
	DCOMorRPC             string `evtx:",since=1"`
	Extra                 []Field
}

var _ = declare[Security4888](security, 4888, written{versions: []uint8{0, 1}, task: auditCertification, keywords: auditFailure},
	`a certificate was denied to {Requester}: request {RequestId}, subject {Subject}, {Attributes}`)

// Security4890 records that the settings for managers of certificates were changed.
//
// Policy: Audit Certification Services (success).
type Security4890 struct {
	System
	EnableRestrictedPermissions string
	RestrictedPermissions       string
	SubjectUserSid              string `evtx:",sid"`
	SubjectUserName             string
	SubjectDomainName           string
	SubjectLogonId              uint64 `evtx:",hex"`
	Extra                       []Field
}

var _ = declare[Security4890](security, 4890, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the settings for certificate managers: {RestrictedPermissions}`)

// Security4892 records that a property of the authority was changed.
//
// Policy: Audit Certification Services (success).
type Security4892 struct {
	System
	PropertyName      string
	PropertyIndex     string
	PropertyType      string
	PropertyValue     string
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4892](security, 4892, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the property {PropertyName} of the certification authority to {PropertyValue}`)

// Security4896 records that rows of the database of the authority were deleted.
//
// Policy: Audit Certification Services (success).
type Security4896 struct {
	System
	TableId           string
	Filter            string
	RowsDeleted       string
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security4896](security, 4896, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) deleted {RowsDeleted} rows of the certificate database: table {TableId}, filter {Filter}`)

// Security4898 records that the authority loaded a template.
//
// Policy: Audit Certification Services (success).
type Security4898 struct {
	System
	TemplateInternalName  string
	TemplateVersion       string
	TemplateSchemaVersion string
	TemplateOID           string
	TemplateDSObjectFQDN  string
	DCDNSName             string
	TemplateContent       string
	SecurityDescriptor    string
	Extra                 []Field
}

var _ = declare[Security4898](security, 4898, written{task: auditCertification, keywords: auditSuccess},
	`the certificate template {TemplateInternalName} was loaded`)

// Security4899 records that a template was changed.
//
// Policy: Audit Certification Services (success).
type Security4899 struct {
	System
	TemplateInternalName  string
	TemplateVersion       string
	TemplateSchemaVersion string
	TemplateOID           string
	TemplateDSObjectFQDN  string
	DCDNSName             string
	NewTemplateContent    string
	OldTemplateContent    string
	Extra                 []Field
}

var _ = declare[Security4899](security, 4899, written{task: auditCertification, keywords: auditSuccess},
	`the certificate template {TemplateInternalName} was changed from {OldTemplateContent} to {NewTemplateContent}`)

// Security4900 records that the permissions of a template were changed.
//
// Policy: Audit Certification Services (success).
type Security4900 struct {
	System
	TemplateInternalName  string
	TemplateVersion       string
	TemplateSchemaVersion string
	TemplateOID           string
	TemplateDSObjectFQDN  string
	DCDNSName             string
	NewTemplateContent    string
	NewSecurityDescriptor string
	OldTemplateContent    string
	OldSecurityDescriptor string
	Extra                 []Field
}

var _ = declare[Security4900](security, 4900, written{task: auditCertification, keywords: auditSuccess},
	`the permissions of the certificate template {TemplateInternalName} were changed from {OldSecurityDescriptor} to {NewSecurityDescriptor}`)

// Security5120 records that the responder for certificate status (OCSP) started.
//
// Policy: Audit Certification Services (success).
type Security5120 struct {
	System
	Extra []Field
}

var _ = declare[Security5120](security, 5120, written{task: auditCertification, keywords: auditSuccess},
	`the OCSP responder service started`)

// Security5121 records that the responder for certificate status (OCSP) stopped.
//
// Policy: Audit Certification Services (success).
type Security5121 struct {
	System
	Extra []Field
}

var _ = declare[Security5121](security, 5121, written{task: auditCertification, keywords: auditSuccess},
	`the OCSP responder service stopped`)

// Security5123 records that a property of the configuration of the responder for
// certificate status (OCSP) was changed.
//
// Policy: Audit Certification Services (success).
type Security5123 struct {
	System
	PropertyName      string
	NewValue          string
	SubjectUserSid    string `evtx:",sid"`
	SubjectUserName   string
	SubjectDomainName string
	SubjectLogonId    uint64 `evtx:",hex"`
	Extra             []Field
}

var _ = declare[Security5123](security, 5123, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the property {PropertyName} of the OCSP responder to {NewValue}`)

// Security5124 records that the permissions of the responder for certificate status
// (OCSP) were changed.
//
// Policy: Audit Certification Services (success).
type Security5124 struct {
	System
	NewSecuritySettings string
	SubjectUserSid      string `evtx:",sid"`
	SubjectUserName     string
	SubjectDomainName   string
	SubjectLogonId      uint64 `evtx:",hex"`
	Extra               []Field
}

var _ = declare[Security5124](security, 5124, written{task: auditCertification, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} (LogonId {SubjectLogonId}) changed the permissions of the OCSP responder: {NewSecuritySettings}`)
