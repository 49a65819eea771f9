package cim_test

import (
	"fmt"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/cim"
	"github.com/birthmark-dfir/birthmark/cim/cimtest"
)

func ExampleReader_Consumers() {
	var repository cimtest.Repository
	repository.Subscribe("CommandLineEventConsumer", "Updater", "SELECT * FROM __InstanceModificationEvent", time.Time{}, map[string]any{"CommandLineTemplate": `C:\Windows\Temp\up.exe`})
	files, err := repository.Files()
	if err != nil {
		fmt.Println(err)
		return
	}
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys["Repository/"+name] = &fstest.MapFile{Data: data}
	}
	r, err := cim.OpenFS(fsys, "Repository")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	for c, err := range r.Consumers() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(c.Namespace, c.Name, c.Command)
		for _, f := range c.Filters {
			fmt.Println("when", f.Query)
		}
	}
	// Output:
	// root\subscription Updater C:\Windows\Temp\up.exe
	// when SELECT * FROM __InstanceModificationEvent
}
