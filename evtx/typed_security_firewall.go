package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record changes of the firewall, and its start.

// Security4944 records that the firewall started with this policy.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4944 struct {
	System
	GroupPolicyApplied              string
	Profile                         string
	OperationMode                   string
	RemoteAdminEnabled              string
	MulticastFlowsEnabled           string
	LogDroppedPacketsEnabled        string
	LogSuccessfulConnectionsEnabled string
	Extra                           []Field
}

var _ = declare[Security4944](security, 4944, written{task: auditFirewallRule, keywords: auditSuccess},
	`the firewall started with the profile {Profile}: {OperationMode}`)

// Security4945 records that the firewall started with this rule.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4945 struct {
	System
	ProfileUsed string
	RuleId      string
	RuleName    string
	Extra       []Field
}

var _ = declare[Security4945](security, 4945, written{task: auditFirewallRule, keywords: auditSuccess},
	`the firewall started with the rule {RuleName} ({RuleId}), profile {ProfileUsed}`)

// Security4946 records that a rule was added to the exceptions of the firewall.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4946 struct {
	System
	ProfileChanged string
	RuleId         string
	RuleName       string
	Extra          []Field
}

var _ = declare[Security4946](security, 4946, written{task: auditFirewallRule, keywords: auditSuccess},
	`the firewall rule {RuleName} ({RuleId}) was added, profile {ProfileChanged}`)

// Security4947 records that a rule of the exceptions of the firewall was changed.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4947 struct {
	System
	ProfileChanged string
	RuleId         string
	RuleName       string
	Extra          []Field
}

var _ = declare[Security4947](security, 4947, written{task: auditFirewallRule, keywords: auditSuccess},
	`the firewall rule {RuleName} ({RuleId}) was changed, profile {ProfileChanged}`)

// Security4948 records that a rule was deleted from the exceptions of the firewall.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4948 struct {
	System
	ProfileChanged string
	RuleId         string
	RuleName       string
	Extra          []Field
}

var _ = declare[Security4948](security, 4948, written{task: auditFirewallRule, keywords: auditSuccess},
	`the firewall rule {RuleName} ({RuleId}) was deleted, profile {ProfileChanged}`)

// Security4949 records that the settings of the firewall were restored to the
// defaults.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4949 struct {
	System
	Extra []Field
}

var _ = declare[Security4949](security, 4949, written{task: auditFirewallRule, keywords: auditSuccess},
	`the settings of the firewall were restored to the defaults`)

// Security4950 records that a setting of the firewall was changed.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4950 struct {
	System
	ProfileChanged string
	SettingType    string
	SettingValue   string
	Extra          []Field
}

var _ = declare[Security4950](security, 4950, written{task: auditFirewallRule, keywords: auditSuccess},
	`the firewall setting {SettingType} was set to {SettingValue}, profile {ProfileChanged}`)

// Security4951 records that the firewall ignored a rule of a version that it does not
// know.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (failure).
type Security4951 struct {
	System
	Profile  string
	RuleId   string
	RuleName string
	Extra    []Field
}

var _ = declare[Security4951](security, 4951, written{task: auditFirewallRule, keywords: auditFailure},
	`the firewall ignored the rule {RuleName} ({RuleId}) of an unknown version, profile {Profile}`)

// Security4952 records that the firewall ignored parts of a rule of a version that it
// does not know, and applies the rest.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (failure).
type Security4952 struct {
	System
	Profile  string
	RuleId   string
	RuleName string
	Extra    []Field
}

var _ = declare[Security4952](security, 4952, written{task: auditFirewallRule, keywords: auditFailure},
	`the firewall ignored parts of the rule {RuleName} ({RuleId}), profile {Profile}`)

// Security4953 records that the firewall ignored a rule that it could not parse.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (failure).
type Security4953 struct {
	System
	Profile            string
	ReasonForRejection string
	RuleId             string
	RuleName           string
	Extra              []Field
}

var _ = declare[Security4953](security, 4953, written{task: auditFirewallRule, keywords: auditFailure},
	`the firewall ignored the rule {RuleName} ({RuleId}): {ReasonForRejection}`)

// Security4954 records that a group policy for the firewall was changed and applied.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4954 struct {
	System
	Extra []Field
}

var _ = declare[Security4954](security, 4954, written{task: auditFirewallRule, keywords: auditSuccess},
	`the group policy of the firewall was changed`)

// Security4956 records that another profile of the firewall became active.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (success).
type Security4956 struct {
	System
	ActiveProfile string
	Extra         []Field
}

var _ = declare[Security4956](security, 4956, written{task: auditFirewallRule, keywords: auditSuccess},
	`the active profile of the firewall is now {ActiveProfile}`)

// Security4957 records that the firewall did not apply a rule.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (failure).
type Security4957 struct {
	System
	RuleId   string
	RuleName string
	RuleAttr string
	Extra    []Field
}

var _ = declare[Security4957](security, 4957, written{task: auditFirewallRule, keywords: auditFailure},
	`the firewall did not apply the rule {RuleName} ({RuleId}): {RuleAttr}`)

// Security4958 records that the firewall did not apply a rule that refers to something
// which the machine does not have.
//
// Policy: Audit MPSSVC Rule-Level Policy Change (failure).
type Security4958 struct {
	System
	RuleId   string
	RuleName string
	Error    string
	Reason   string
	Extra    []Field
}

var _ = declare[Security4958](security, 4958, written{task: auditFirewallRule, keywords: auditFailure},
	`the firewall did not apply the rule {RuleName} ({RuleId}): {Reason}`)

// Security5024 records that the service of the firewall started.
//
// Policy: Audit Other System Events (success).
type Security5024 struct {
	System
	Extra []Field
}

var _ = declare[Security5024](security, 5024, written{task: auditOtherSystem, keywords: auditSuccess},
	`the firewall service started`)

// Security5025 records that the service of the firewall stopped.
//
// Policy: Audit Other System Events (success).
type Security5025 struct {
	System
	Extra []Field
}

var _ = declare[Security5025](security, 5025, written{task: auditOtherSystem, keywords: auditSuccess},
	`the firewall service stopped`)

// Security5027 records that the firewall could not read its policy from the machine
// and goes on with the one that it has.
//
// Policy: Audit Other System Events (failure).
type Security5027 struct {
	System
	ErrorCode winid.Win32Error
	Extra     []Field
}

var _ = declare[Security5027](security, 5027, written{task: auditOtherSystem, keywords: auditFailure},
	`the firewall could not read its policy: error {ErrorCode}`)

// Security5028 records that the firewall could not parse a new policy and goes on with
// the one that it has.
//
// Policy: Audit Other System Events (failure).
type Security5028 struct {
	System
	ErrorCode winid.Win32Error
	Extra     []Field
}

var _ = declare[Security5028](security, 5028, written{task: auditOtherSystem, keywords: auditFailure},
	`the firewall could not parse the new policy: error {ErrorCode}`)

// Security5029 records that the firewall could not start its driver.
//
// Policy: Audit Other System Events (failure).
type Security5029 struct {
	System
	ErrorCode winid.Win32Error
	Extra     []Field
}

var _ = declare[Security5029](security, 5029, written{task: auditOtherSystem, keywords: auditFailure},
	`the firewall could not start its driver: error {ErrorCode}`)

// Security5030 records that the service of the firewall could not start.
//
// Policy: Audit Other System Events (failure).
type Security5030 struct {
	System
	ErrorCode winid.Win32Error
	Extra     []Field
}

var _ = declare[Security5030](security, 5030, written{task: auditOtherSystem, keywords: auditFailure},
	`the firewall service could not start: error {ErrorCode}`)

// Security5032 records that the firewall could not notify the user that it blocked an
// application.
//
// Policy: Audit Other System Events (failure).
type Security5032 struct {
	System
	ErrorCode winid.Win32Error
	Extra     []Field
}

var _ = declare[Security5032](security, 5032, written{task: auditOtherSystem, keywords: auditFailure},
	`the firewall could not notify the user that it blocked an application: error {ErrorCode}`)

// Security5033 records that the driver of the firewall started.
//
// Policy: Audit Other System Events (success).
type Security5033 struct {
	System
	Extra []Field
}

var _ = declare[Security5033](security, 5033, written{task: auditOtherSystem, keywords: auditSuccess},
	`the firewall driver started`)

// Security5034 records that the driver of the firewall stopped.
//
// Policy: Audit Other System Events (success).
type Security5034 struct {
	System
	Extra []Field
}

var _ = declare[Security5034](security, 5034, written{task: auditOtherSystem, keywords: auditSuccess},
	`the firewall driver stopped`)

// Security5035 records that the driver of the firewall could not start.
//
// Policy: Audit Other System Events (failure).
type Security5035 struct {
	System
	ErrorCode winid.Win32Error
	Extra     []Field
}

var _ = declare[Security5035](security, 5035, written{task: auditOtherSystem, keywords: auditFailure},
	`the firewall driver could not start: error {ErrorCode}`)

// Security5037 records that the driver of the firewall stopped because of an error.
//
// Policy: Audit Other System Events (failure).
type Security5037 struct {
	System
	ErrorCode winid.Win32Error
	Extra     []Field
}

var _ = declare[Security5037](security, 5037, written{task: auditOtherSystem, keywords: auditFailure},
	`the firewall driver stopped: error {ErrorCode}`)
