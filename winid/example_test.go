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
