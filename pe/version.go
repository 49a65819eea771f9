package pe

// VersionInfo holds the strings of the version resource. The named fields are
// those of the first language that states them.
type VersionInfo struct {
	CompanyName      string
	FileDescription  string
	FileVersion      string
	InternalName     string
	LegalCopyright   string
	OriginalFilename string
	ProductName      string
	ProductVersion   string

	// FixedFileVersion and FixedProductVersion are the binary versions of
	// VS_FIXEDFILEINFO as "major.minor.build.revision"; empty without one.
	FixedFileVersion, FixedProductVersion string

	Strings []StringPair // all strings of all languages, in the order of the file
}

// StringPair is one string of a version resource.
type StringPair struct {
	Lang  string // language and code page, eight hexadecimal digits: "040904b0"
	Name  string
	Value string
}
