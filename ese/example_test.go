package ese_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
)

func ExampleTable_Rows() {
	raw, err := esetest.Bytes(esetest.Database{Tables: []esetest.Table{{
		Name:    "ROLE_IDS",
		Columns: []esetest.Column{{Name: "RoleGuid", Type: ese.Long}, {Name: "RoleName", Type: ese.Text}},
		Rows:    [][]any{{1, "File Server"}, {2, "Web Server"}},
	}}})
	if err != nil {
		log.Fatal(err)
	}
	r, err := ese.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	fmt.Println(r.Header().State)
	t := r.Table("ROLE_IDS")
	name := t.Column("RoleName")
	for row, err := range t.Rows() {
		if err != nil {
			fmt.Println(err) // damage: the next row follows
			continue
		}
		v, err := row.Value(name)
		fmt.Println(v.Text(), err)
	}
	// Output:
	// clean shutdown
	// File Server <nil>
	// Web Server <nil>
}
