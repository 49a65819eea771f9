package pe

import "fmt"

// Machine is the processor that an image is for (IMAGE_FILE_HEADER Machine).
type Machine uint16

// The machines that Windows runs or ran on.
const (
	I386  Machine = 0x014c
	ARM   Machine = 0x01c0
	ARMNT Machine = 0x01c4
	IA64  Machine = 0x0200
	EBC   Machine = 0x0ebc
	AMD64 Machine = 0x8664
	ARM64 Machine = 0xaa64
)

var machineNames = map[Machine]string{
	I386: "I386", ARM: "ARM", ARMNT: "ARMNT", IA64: "IA64", EBC: "EBC", AMD64: "AMD64", ARM64: "ARM64",
}

// String returns the name without IMAGE_FILE_MACHINE_, or the number.
func (m Machine) String() string {
	if s, ok := machineNames[m]; ok {
		return s
	}
	return fmt.Sprintf("%#04x", uint16(m))
}

// Subsystem is what an image needs to run (IMAGE_OPTIONAL_HEADER Subsystem).
type Subsystem uint16

// The subsystems.
const (
	Unknown                Subsystem = 0
	Native                 Subsystem = 1
	WindowsGUI             Subsystem = 2
	WindowsCUI             Subsystem = 3
	OS2CUI                 Subsystem = 5
	PosixCUI               Subsystem = 7
	NativeWindows          Subsystem = 8
	WindowsCEGUI           Subsystem = 9
	EFIApplication         Subsystem = 10
	EFIBootServiceDriver   Subsystem = 11
	EFIRuntimeDriver       Subsystem = 12
	EFIROM                 Subsystem = 13
	Xbox                   Subsystem = 14
	WindowsBootApplication Subsystem = 16
)

var subsystemNames = map[Subsystem]string{
	Unknown: "UNKNOWN", Native: "NATIVE", WindowsGUI: "WINDOWS_GUI", WindowsCUI: "WINDOWS_CUI", OS2CUI: "OS2_CUI",
	PosixCUI: "POSIX_CUI", NativeWindows: "NATIVE_WINDOWS", WindowsCEGUI: "WINDOWS_CE_GUI",
	EFIApplication: "EFI_APPLICATION", EFIBootServiceDriver: "EFI_BOOT_SERVICE_DRIVER",
	EFIRuntimeDriver: "EFI_RUNTIME_DRIVER", EFIROM: "EFI_ROM", Xbox: "XBOX",
	WindowsBootApplication: "WINDOWS_BOOT_APPLICATION",
}

// String returns the name without IMAGE_SUBSYSTEM_, or the number.
func (s Subsystem) String() string {
	if name, ok := subsystemNames[s]; ok {
		return name
	}
	return fmt.Sprintf("%d", uint16(s))
}
