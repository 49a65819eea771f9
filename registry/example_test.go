package registry_test

import (
	"bytes"
	"fmt"
	"log"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

func exampleHive() *registry.Reader {
	h := registrytest.Hive{Name: `C:\Windows\System32\config\SYSTEM`}
	t := time.Date(2026, 3, 1, 12, 30, 0, 500, time.UTC)
	h.Set(`Select`, t, registrytest.DWord("Current", 1))
	h.Set(`ControlSet001\Services\SQLServer`, t,
		registrytest.ExpandSZ("ImagePath", `"C:\ProgramData\sqlserver.exe" -s`),
		registrytest.DWord("Type", 0x10), registrytest.DWord("Start", 2))
	data, err := h.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		log.Fatal(err)
	}
	return r
}

func ExampleAutostarts() {
	r := exampleHive() // registry.Open("SYSTEM")
	for a, err := range registry.Autostarts(r) {
		if err != nil {
			fmt.Println("damaged:", err)
			continue
		}
		fmt.Println(a.Category, a.Name, "runs", a.Path, "since", a.LastWrite.Format(time.RFC3339Nano))
	}
	// Output:
	// service SQLServer runs C:\ProgramData\sqlserver.exe since 2026-03-01T12:30:00.0000005Z
}

func ExampleReader_OpenKey() {
	r := exampleHive()
	set, err := r.CurrentControlSet()
	if err != nil {
		log.Fatal(err)
	}
	k, err := r.OpenKey(set + `\services\sqlserver`)
	if err != nil {
		log.Fatal(err)
	}
	for v, err := range k.Values() {
		if err != nil {
			fmt.Println("damaged:", err)
			continue
		}
		data, err := v.Data()
		fmt.Println(v.Name, v.Type, len(data), err)
	}
	// Output:
	// ImagePath REG_EXPAND_SZ 68 <nil>
	// Type REG_DWORD 4 <nil>
	// Start REG_DWORD 4 <nil>
}
