package evtx

// These events record decisions of the Network Policy Server (RADIUS). That server writes
// them.

// Security6272 records that the server granted access to a user.
//
// Policy: Audit Network Policy Server (success).
type Security6272 struct {
	System
	SubjectUserSid                   string `evtx:",sid"`
	SubjectUserName                  string
	SubjectDomainName                string
	FullyQualifiedSubjectUserName    string
	SubjectMachineSID                string `evtx:",sid,dash"`
	SubjectMachineName               string
	FullyQualifiedSubjectMachineName string
	MachineInventory                 string `evtx:",until=1"`
	CalledStationID                  string
	CallingStationID                 string
	NASIPv4Address                   string
	NASIPv6Address                   string
	NASIdentifier                    string
	NASPortType                      string
	NASPort                          string
	ClientName                       string
	ClientIPAddress                  string
	ProxyPolicyName                  string
	NetworkPolicyName                string
	AuthenticationProvider           string
	AuthenticationServer             string
	AuthenticationType               string
	EAPType                          string
	AccountSessionIdentifier         string
	QuarantineState                  string `evtx:",until=1"`
	QuarantineSessionIdentifier      string `evtx:",until=1"`
	LoggingResult                    string `evtx:",since=1"`
	Extra                            []Field
}

var _ = declare[Security6272](security, 6272, written{versions: []uint8{0, 1, 2}, task: auditNetworkPolicyServer, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} was granted network access[, from {CallingStationID}], client {ClientName}, policy {NetworkPolicyName}`)

// Security6273 records that the server denied access to a user.
//
// Policy: Audit Network Policy Server (failure).
type Security6273 struct {
	System
	SubjectUserSid                   string `evtx:",sid"`
	SubjectUserName                  string
	SubjectDomainName                string
	FullyQualifiedSubjectUserName    string
	SubjectMachineSID                string `evtx:",sid,dash"`
	SubjectMachineName               string
	FullyQualifiedSubjectMachineName string
	MachineInventory                 string `evtx:",until=1"`
	CalledStationID                  string
	CallingStationID                 string
	NASIPv4Address                   string
	NASIPv6Address                   string
	NASIdentifier                    string
	NASPortType                      string
	NASPort                          string
	ClientName                       string
	ClientIPAddress                  string
	ProxyPolicyName                  string
	NetworkPolicyName                string
	AuthenticationProvider           string
	AuthenticationServer             string
	AuthenticationType               string
	EAPType                          string
	AccountSessionIdentifier         string
	ReasonCode                       string
	Reason                           string
	LoggingResult                    string `evtx:",since=1"`
	Extra                            []Field
}

var _ = declare[Security6273](security, 6273, written{versions: []uint8{0, 1, 2}, task: auditNetworkPolicyServer, keywords: auditFailure},
	`{SubjectDomainName\SubjectUserName} was denied network access[, from {CallingStationID}], client {ClientName}: {Reason} ({ReasonCode})`)

// Security6274 records that the server discarded the request of a user.
//
// Policy: Audit Network Policy Server (failure).
type Security6274 struct {
	System
	SubjectUserSid                   string `evtx:",sid"`
	SubjectUserName                  string
	SubjectDomainName                string
	FullyQualifiedSubjectUserName    string
	SubjectMachineSID                string `evtx:",sid,dash"`
	SubjectMachineName               string
	FullyQualifiedSubjectMachineName string
	MachineInventory                 string `evtx:",until=0"`
	CalledStationID                  string
	CallingStationID                 string
	NASIPv4Address                   string
	NASIPv6Address                   string
	NASIdentifier                    string
	NASPortType                      string
	NASPort                          string
	ClientName                       string
	ClientIPAddress                  string
	ProxyPolicyName                  string
	NetworkPolicyName                string
	AuthenticationProvider           string
	AuthenticationServer             string
	AuthenticationType               string
	EAPType                          string
	AccountSessionIdentifier         string
	ReasonCode                       string
	Reason                           string
	Extra                            []Field
}

var _ = declare[Security6274](security, 6274, written{versions: []uint8{0, 1}, task: auditNetworkPolicyServer, keywords: auditFailure},
	`the request of {SubjectDomainName\SubjectUserName} for network access was discarded[, from {CallingStationID}], client {ClientName}: {Reason} ({ReasonCode})`)

// Security6276 records that the server quarantined a user.
//
// Policy: Audit Network Policy Server (success).
type Security6276 struct {
	System
	SubjectUserSid                   string `evtx:",sid"`
	SubjectUserName                  string
	SubjectDomainName                string
	FullyQualifiedSubjectUserName    string
	SubjectMachineSID                string `evtx:",sid,dash"`
	SubjectMachineName               string
	FullyQualifiedSubjectMachineName string
	MachineInventory                 string
	CalledStationID                  string
	CallingStationID                 string
	NASIPv4Address                   string
	NASIPv6Address                   string
	NASIdentifier                    string
	NASPortType                      string
	NASPort                          string
	ClientName                       string
	ClientIPAddress                  string
	ProxyPolicyName                  string
	NetworkPolicyName                string
	AuthenticationProvider           string
	AuthenticationServer             string
	AuthenticationType               string
	EAPType                          string
	AccountSessionIdentifier         string
	QuarantineState                  string
	ExtendedQuarantineState          string
	QuarantineSessionID              string
	QuarantineHelpURL                string
	QuarantineSystemHealthResult     string
	Extra                            []Field
}

var _ = declare[Security6276](security, 6276, written{task: auditNetworkPolicyServer, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} was quarantined[, from {CallingStationID}], client {ClientName}, policy {NetworkPolicyName}`)

// Security6277 records that the server granted access to a user for a time, because
// his machine does not meet the health policy.
//
// Policy: Audit Network Policy Server (success).
type Security6277 struct {
	System
	SubjectUserSid                   string `evtx:",sid"`
	SubjectUserName                  string
	SubjectDomainName                string
	FullyQualifiedSubjectUserName    string
	SubjectMachineSID                string `evtx:",sid,dash"`
	SubjectMachineName               string
	FullyQualifiedSubjectMachineName string
	MachineInventory                 string
	CalledStationID                  string
	CallingStationID                 string
	NASIPv4Address                   string
	NASIPv6Address                   string
	NASIdentifier                    string
	NASPortType                      string
	NASPort                          string
	ClientName                       string
	ClientIPAddress                  string
	ProxyPolicyName                  string
	NetworkPolicyName                string
	AuthenticationProvider           string
	AuthenticationServer             string
	AuthenticationType               string
	EAPType                          string
	AccountSessionIdentifier         string
	QuarantineState                  string
	ExtendedQuarantineState          string
	QuarantineSessionID              string
	QuarantineHelpURL                string
	QuarantineSystemHealthResult     string
	QuarantineGraceTime              string
	Extra                            []Field
}

var _ = declare[Security6277](security, 6277, written{task: auditNetworkPolicyServer, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} was granted network access on probation[, from {CallingStationID}], client {ClientName}, policy {NetworkPolicyName}`)

// Security6278 records that the server granted full access to a user, because his
// machine meets the health policy.
//
// Policy: Audit Network Policy Server (success).
type Security6278 struct {
	System
	SubjectUserSid                   string `evtx:",sid"`
	SubjectUserName                  string
	SubjectDomainName                string
	FullyQualifiedSubjectUserName    string
	SubjectMachineSID                string `evtx:",sid,dash"`
	SubjectMachineName               string
	FullyQualifiedSubjectMachineName string
	MachineInventory                 string
	CalledStationID                  string
	CallingStationID                 string
	NASIPv4Address                   string
	NASIPv6Address                   string
	NASIdentifier                    string
	NASPortType                      string
	NASPort                          string
	ClientName                       string
	ClientIPAddress                  string
	ProxyPolicyName                  string
	NetworkPolicyName                string
	AuthenticationProvider           string
	AuthenticationServer             string
	AuthenticationType               string
	EAPType                          string
	AccountSessionIdentifier         string
	QuarantineState                  string
	ExtendedQuarantineState          string
	QuarantineSessionID              string
	QuarantineHelpURL                string
	QuarantineSystemHealthResult     string
	Extra                            []Field
}

var _ = declare[Security6278](security, 6278, written{task: auditNetworkPolicyServer, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} was granted full network access[, from {CallingStationID}], client {ClientName}, policy {NetworkPolicyName}`)

// Security6279 records that the server locked out a user after failed requests.
//
// Policy: Audit Network Policy Server (success).
type Security6279 struct {
	System
	SubjectUserSid                string `evtx:",sid"`
	SubjectUserName               string
	SubjectDomainName             string
	FullyQualifiedSubjectUserName string
	Extra                         []Field
}

var _ = declare[Security6279](security, 6279, written{task: auditNetworkPolicyServer, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} was locked out of network access`)

// Security6280 records that the server unlocked a user.
//
// Policy: Audit Network Policy Server (success).
type Security6280 struct {
	System
	SubjectUserSid                string `evtx:",sid"`
	SubjectUserName               string
	SubjectDomainName             string
	FullyQualifiedSubjectUserName string
	Extra                         []Field
}

var _ = declare[Security6280](security, 6280, written{task: auditNetworkPolicyServer, keywords: auditSuccess},
	`{SubjectDomainName\SubjectUserName} was unlocked for network access`)
