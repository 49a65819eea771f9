package registry

const cryptography = `Microsoft\Cryptography\`

// securityLocations hold what the local security authority, the logon user interface
// and the cryptographic programs load.
var securityLocations = []location{
	{"lsa", system, `Control\Lsa`, named("Authentication Packages", "Security Packages", "Notification Packages"), libraries, byProtectedLSA, 0, "NT 3.5"},
	{"lsa", system, `Control\Lsa\OSConfig`, named("Security Packages"), libraries, byProtectedLSA, 0, "8"},
	{"lsa", system, `Control\SecurityProviders`, named("SecurityProviders"), libraries, byProtectedLSA, blanks, "NT 4.0"},
	{"lsa", system, `Control\LsaExtensionConfig\*`, named("Extensions"), libraries, byProtectedLSA, 0, "8"},
	{"lsa", system, `Control\LsaExtensionConfig\Interfaces\*`, named("Extension"), libraries, byProtectedLSA, 0, "8"},
	{"lsa", system, `Services\NTDS`, named("LsaDbExtPt", "DirectoryServiceExtPt"), libraries, byProtectedLSA, 0, "2008"},
	{"credential-provider", machine, windows + `Authentication\Credential Providers\*`, theDefault, classKeys, byDisabled | byExcluded, 0, "Vista"},
	{"credential-provider", machine, windows + `Authentication\Credential Provider Filters|PLAP Providers\*`, theDefault, classKeys, byDisabled, 0, "Vista"},
	{"crypto", machine, cryptography + `Providers\Trust\*\*`, named("$DLL"), libraries, never, both, "98"},
	{"crypto", machine, cryptography + `OID\*\*\*`, named("Dll"), libraryLists, never, both, "98"},
	{"crypto", machine, cryptography + `Offload`, named("ExpoOffload"), libraries, never, both, "2000"},
	{"crypto", machine, cryptography + `Defaults\Provider\*`, named("Image Path"), libraries, never, both, "NT 4.0"},
	{"crypto", system, `Control\Cryptography\Providers\*\UM`, named("Image"), libraries, never, 0, "Vista"},
}
