package winid

// SigningLevel is how well an image is signed, or has to be: RequestedSigningLevel
// and ValidatedSigningLevel of CodeIntegrity 3033, 3063, 3076 and 3077. The numbers are
// those that the provider's manifest maps.
type SigningLevel uint8

// Name returns the name of the level, such as Authenticode for 4, and "" for a number
// above 15.
func (l SigningLevel) Name() string {
	return index(uint32(l), "unchecked", "unsigned", "enterprise", "custom 1", "Authenticode", "custom 2", "Store",
		"antimalware", "Microsoft", "custom 4", "custom 5", "generated code", "Windows", "protected process light",
		"Windows TCB", "custom 6")
}

// String returns the number and the name, as in "4 (Authenticode)", or the number
// alone.
func (l SigningLevel) String() string { return decimal(uint32(l), l.Name()) }
