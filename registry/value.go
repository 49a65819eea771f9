package registry

// ValueType is the type of a value's data.
type ValueType uint32

// The types of values.
const (
	None                     ValueType = iota // REG_NONE
	SZ                                        // REG_SZ
	ExpandSZ                                  // REG_EXPAND_SZ
	Binary                                    // REG_BINARY
	DWord                                     // REG_DWORD
	DWordBigEndian                            // REG_DWORD_BIG_ENDIAN
	Link                                      // REG_LINK
	MultiSZ                                   // REG_MULTI_SZ
	ResourceList                              // REG_RESOURCE_LIST
	FullResourceDescriptor                    // REG_FULL_RESOURCE_DESCRIPTOR
	ResourceRequirementsList                  // REG_RESOURCE_REQUIREMENTS_LIST
	QWord                                     // REG_QWORD
)

// Value is a value of a key.
type Value struct {
	Name   string // "" is the default value
	Type   ValueType
	Offset int64 // of its cell, in bytes from the beginning of the hive file
}

// Data returns the value's data.
func (v *Value) Data() ([]byte, error) { return nil, nil }

// Text returns the data as text.
func (v *Value) Text() (string, error) { return "", nil }

// Strings returns the strings of a MultiSZ value.
func (v *Value) Strings() ([]string, error) { return nil, nil }

// Uint64 returns the number in the data.
func (v *Value) Uint64() (uint64, error) { return 0, nil }
