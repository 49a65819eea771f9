package winid_test

import (
	"fmt"
	"log"

	"github.com/birthmark-dfir/birthmark/winid"
)

// Who owns a file, as its security descriptor says it in binary.
func ExampleDecodeSID() {
	owner, err := winid.DecodeSID([]byte("\x01\x02\x00\x00\x00\x00\x00\x05\x20\x00\x00\x00\x20\x02\x00\x00"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(owner, owner.WellKnown())
	// Output: S-1-5-32-544 BUILTIN\Administrators
}

// Two accounts are of the same machine if their domains are the same.
func ExampleSID_Domain() {
	alice, err := winid.ParseSID("S-1-5-21-2718281828-3141592653-1618033988-1001")
	if err != nil {
		log.Fatal(err)
	}
	admin, err := winid.ParseSID("S-1-5-21-2718281828-3141592653-1618033988-500")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(alice.Domain() == admin.Domain(), alice.RID(), admin.WellKnown())
	// Output: true 1001 Administrator
}

func ExampleParseGUID() {
	g, err := winid.ParseGUID("{5770385f-c22a-43e0-bf4c-06f5698ffbd9}")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g)
	// Output: 5770385F-C22A-43E0-BF4C-06F5698FFBD9
}

// A dash in a record is nothing.
func ExampleAccount() {
	fmt.Println(winid.Account("WEB01", "svc_sql"))
	fmt.Println(winid.Account("-", "ANONYMOUS LOGON"))
	fmt.Printf("%q\n", winid.Account("WEB01", "-"))
	// Output:
	// WEB01\svc_sql
	// ANONYMOUS LOGON
	// ""
}

// Why a logon failed, as Security 4625 logs it.
func ExampleNTStatus() {
	fmt.Println(winid.NTStatus(0xc000006d))
	fmt.Println(winid.NTStatus(0xc0000064).Name(), "means:", winid.NTStatus(0xc0000064).Meaning())
	// Output:
	// 0xc000006d (unknown account or wrong password)
	// STATUS_NO_SUCH_USER means: account does not exist
}

// What a client wanted to do with a file on a share, as Security 5145 logs it twice.
func ExampleParameterText() {
	fmt.Println(winid.ParameterText("%%1537\r\n\t\t\t\t%%4423\r\n\t\t\t\t"))
	fmt.Println(winid.FileAccess(0x10080))
	// Output:
	// delete, read attributes
	// 0x10080 (read attributes, delete)
}

// The rights of a mask are those of the type of the object.
func ExampleAccessMask_Of() {
	fmt.Println(winid.AccessMask(0x10).Of("File"))
	fmt.Println(winid.AccessMask(0x10).Of("Process"))
	// Output:
	// 0x10 (write extended attributes)
	// 0x10 (read memory)
}
