package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// These events record the providers, filters and callouts of the Windows Filtering Platform:
// those that are present when it starts, and changes.

// Security5440 records that a callout was present when the platform started.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5440 struct {
	System
	ProviderKey  GUID
	ProviderName string
	CalloutKey   GUID
	CalloutName  string `evtx:",dash"`
	CalloutType  winid.ParameterText
	CalloutId    uint32
	LayerKey     GUID
	LayerName    winid.ParameterText
	LayerId      uint32
	Extra        []Field
}

var _ = declare[Security5440](security, 5440, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`the callout {CalloutName} of {ProviderName} was present at the start: {LayerName}`)

// Security5441 records that a filter was present when the platform started.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5441 struct {
	System
	ProviderKey  GUID
	ProviderName string
	FilterKey    GUID
	FilterName   string
	FilterType   winid.ParameterText
	FilterId     uint64
	LayerKey     GUID
	LayerName    winid.ParameterText
	LayerId      uint32
	Weight       uint64
	Conditions   string
	Action       winid.ParameterText
	CalloutKey   GUID
	CalloutName  string `evtx:",dash"`
	Extra        []Field
}

var _ = declare[Security5441](security, 5441, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`the filter {FilterName} of {ProviderName} was present at the start: {LayerName}, {Action}`)

// Security5442 records that a provider was present when the platform started.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5442 struct {
	System
	ProviderKey  GUID
	ProviderName string
	ProviderType string
	Extra        []Field
}

var _ = declare[Security5442](security, 5442, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`the provider {ProviderName} was present at the start`)

// Security5443 records that a context of a provider was present when the platform
// started.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5443 struct {
	System
	ProviderKey         GUID
	ProviderName        string
	ProviderContextKey  GUID
	ProviderContextName string
	ProviderContextType string
	Extra               []Field
}

var _ = declare[Security5443](security, 5443, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`the context {ProviderContextName} of {ProviderName} was present at the start`)

// Security5444 records that a sublayer was present when the platform started.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5444 struct {
	System
	ProviderKey  GUID
	ProviderName string
	SubLayerKey  GUID
	SubLayerName string
	SubLayerType string
	Weight       uint32
	Extra        []Field
}

var _ = declare[Security5444](security, 5444, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`the sublayer {SubLayerName} of {ProviderName} was present at the start`)

// Security5446 records that a callout of the filtering platform was changed.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5446 struct {
	System
	ProcessId    uint32
	UserSid      string `evtx:",sid"`
	UserName     string
	ProviderKey  GUID
	ProviderName string
	ChangeType   winid.ParameterText
	CalloutKey   GUID
	CalloutName  string `evtx:",dash"`
	CalloutType  winid.ParameterText
	CalloutId    uint32
	LayerKey     GUID
	LayerName    winid.ParameterText
	LayerId      uint32
	Extra        []Field
}

var _ = declare[Security5446](security, 5446, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`{UserName} (process {ProcessId}) changed the callout {CalloutName} of {LayerName}: {ChangeType}`)

// Security5447 records that a filter of the filtering platform was added or deleted.
// The firewall writes it for each of its rules.
//
// Policy: Audit Other Policy Change Events (success).
type Security5447 struct {
	System
	ProcessId    uint32
	UserSid      string `evtx:",sid"`
	UserName     string
	ProviderKey  GUID
	ProviderName string
	ChangeType   winid.ParameterText
	FilterKey    GUID
	FilterName   string
	FilterType   winid.ParameterText
	FilterId     uint64
	LayerKey     GUID
	LayerName    winid.ParameterText
	LayerId      uint32
	Weight       uint64
	Conditions   string
	Action       winid.ParameterText
	CalloutKey   GUID
	CalloutName  string `evtx:",dash"`
	Extra        []Field
}

var _ = declare[Security5447](security, 5447, written{task: auditOtherPolicy, keywords: auditSuccess},
	`{UserName} (process {ProcessId}) changed the filter {FilterName} of {LayerName}: {ChangeType}, {Action}`)

// Security5448 records that a provider was changed.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5448 struct {
	System
	ProcessId    uint32
	UserSid      string `evtx:",sid"`
	UserName     string
	ChangeType   winid.ParameterText
	ProviderKey  GUID
	ProviderName string
	ProviderType string
	Extra        []Field
}

var _ = declare[Security5448](security, 5448, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`{UserName} (process {ProcessId}) changed the provider {ProviderName}: {ChangeType}`)

// Security5449 records that a context of a provider was changed.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5449 struct {
	System
	ProcessId           uint32
	UserSid             string `evtx:",sid"`
	UserName            string
	ProviderKey         GUID
	ProviderName        string
	ChangeType          winid.ParameterText
	ProviderContextKey  GUID
	ProviderContextName string
	ProviderContextType string
	Extra               []Field
}

var _ = declare[Security5449](security, 5449, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`{UserName} (process {ProcessId}) changed the context {ProviderContextName} of {ProviderName}: {ChangeType}`)

// Security5450 records that a sublayer was changed.
//
// Policy: Audit Filtering Platform Policy Change (success).
type Security5450 struct {
	System
	ProcessId    uint32
	UserSid      string `evtx:",sid"`
	UserName     string
	ProviderKey  GUID
	ProviderName string
	ChangeType   winid.ParameterText
	SubLayerKey  GUID
	SubLayerName string
	SubLayerType string
	Weight       uint32
	Extra        []Field
}

var _ = declare[Security5450](security, 5450, written{task: auditFilteringPolicy, keywords: auditSuccess},
	`{UserName} (process {ProcessId}) changed the sublayer {SubLayerName} of {ProviderName}: {ChangeType}`)
