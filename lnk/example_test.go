package lnk_test

import (
	"bytes"
	"fmt"

	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
)

func ExampleNewReader() {
	raw, err := lnktest.File{Link: lnk.Link{LocalPath: `C:\Users\Public\up.exe`, Arguments: "-q", MachineID: "web01"}}.Bytes()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := lnk.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	l := r.Link()
	fmt.Println(l.CommandLine(), "on", l.MachineID)
	// Output: C:\Users\Public\up.exe -q on web01
}
