package registrytest_test

import (
	"bytes"
	"fmt"
	"log"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

func Example() {
	t := time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)
	h := registrytest.Hive{Name: `C:\Windows\System32\config\SOFTWARE`, LastWrite: t}
	h.Set(`Microsoft\Windows\CurrentVersion\Run`, t, registrytest.SZ("Updater", `C:\Users\Public\u.exe`))
	data, err := h.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		log.Fatal(err)
	}
	k, err := r.OpenKey(`microsoft\windows\currentversion\run`)
	if err != nil {
		log.Fatal(err)
	}
	v, err := k.Value("updater")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v.Text())
	// Output: C:\Users\Public\u.exe <nil>
}

func TestSet(t *testing.T) {
	early, late := time.Unix(1, 0), time.Unix(2, 0)
	var h registrytest.Hive
	h.Set(`A\B`, early, registrytest.DWord("n", 1), registrytest.SZ("s", "x"))
	h.Set(`a\b\C`, late)
	h.Set(`A\b`, late, registrytest.DWord("N", 2))
	if len(h.Root.Keys) != 1 || h.Root.Keys[0].Name != "A" || !h.Root.Keys[0].LastWrite.Equal(early) {
		t.Errorf("root holds %+v", h.Root.Keys)
	}
	b := h.Key("A\\B", early)
	if !b.LastWrite.Equal(late) || len(b.Values) != 2 || b.Values[0].Name != "N" || b.Values[0].Data[0] != 2 || len(b.Keys) != 1 {
		t.Errorf("A\\B is %+v", b)
	}
}

func TestWhatIsNoHive(t *testing.T) {
	keys := func(names ...string) (list []registrytest.Key) {
		for _, name := range names {
			list = append(list, registrytest.Key{Name: name})
		}
		return list
	}
	for _, tt := range []struct {
		hive registrytest.Hive
		want string
	}{
		{registrytest.Hive{Minor: 7}, "registrytest: minor version 7: want 1 to 6"},
		{registrytest.Hive{Root: registrytest.Key{Keys: keys("a", "B", "A")}}, `registrytest: key "ROOT": two keys named "A"`},
		{registrytest.Hive{Root: registrytest.Key{Keys: keys("")}}, `registrytest: key name "": want 1 to 256 characters without a backslash`},
		{registrytest.Hive{Root: registrytest.Key{Keys: keys(`a\b`)}}, `registrytest: key name "a\\b": want 1 to 256 characters without a backslash`},
		{registrytest.Hive{Root: registrytest.Key{Keys: keys(strings.Repeat("x", 257))}},
			`registrytest: key name "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx": want 1 to 256 characters without a backslash`},
		{registrytest.Hive{Root: registrytest.Key{Owner: "bob"}}, `registrytest: key "ROOT": owner: SID "bob": want S-1-authority[-subauthority…]`},
		{registrytest.Hive{Root: registrytest.Key{Class: strings.Repeat("x", 1<<15)}}, `registrytest: class name of key "ROOT": 65536 bytes, want ≤ 65535`},
		{registrytest.Hive{Root: registrytest.Key{Values: []registrytest.Value{{Name: "v"}, {Name: "V"}}}}, `registrytest: key "ROOT": two values named "V"`},
	} {
		if _, err := tt.hive.Bytes(); err == nil || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}
