package registry_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/marvin"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// FuzzReader reads everything in a hive. Whatever the bytes, the size of the
// input bounds what comes out.
func FuzzReader(f *testing.F) {
	for minor := uint32(1); minor <= 6; minor++ {
		f.Add(write(f, tiny(minor)))
	}
	dirty := tiny(5)
	dirty.Dirty = true
	f.Add(write(f, dirty))
	f.Add(write(f, graveyard(5)))
	f.Add(write(f, hiveOfTasks(f, aTask(1))))
	f.Add(write(f, samOf(f)))
	for _, h := range machineHives(f) {
		f.Add(write(f, h))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			r, err = registry.NewReader(bytes.NewReader(data), int64(len(data)), registry.WithFragments())
		}
		if err != nil {
			return
		}
		readAll(t, r, len(data))
	})
}

// FuzzLogs reads everything in a hive after a replay of two logs, which have right
// checksums and hashes if seal is set. A log counts for the bounds as the hive does.
func FuzzLogs(f *testing.F) {
	s := tiny(5)
	states := [][]byte{write(f, s)}
	for i := range 3 {
		s.Set(fmt.Sprintf(`Software\Change %d`, i), when, registrytest.Binary("data", pattern(600)))
		states = append(states, write(f, s))
	}
	dirty := registrytest.Interrupted(states[0], 8)
	for _, seal := range []bool{false, true} {
		f.Add(dirty, registrytest.NewLog(7, states[0], states[1], states[2]), registrytest.NewLog(9, states[2], states[3]), seal)
		f.Add(dirty, registrytest.OldLog(dirty, states[3]), []byte{}, seal)
		f.Add(states[0][:0], registrytest.NewLog(7, states[0], states[1]), registrytest.OldLog(dirty, states[3]), seal)
	}
	f.Fuzz(func(t *testing.T, hive, log1, log2 []byte, seal bool) {
		if seal {
			log1, log2 = sealedLog(log1), sealedLog(log2)
		}
		r, err := registry.NewReader(bytes.NewReader(hive), int64(len(hive)),
			registry.WithLogs(aLog("1", log1), aLog("2", log2)))
		if err != nil {
			return
		}
		readAll(t, r, 2*(len(hive)+len(log1)+len(log2)))
		if without, err := registry.NewReader(bytes.NewReader(hive), int64(len(hive))); err == nil {
			n := 0
			for range registry.Diff(without, r) {
				n++
			}
			if n > 2*(len(hive)+len(log1)+len(log2)) {
				t.Errorf("%d changes", n)
			}
		}
		for _, u := range r.Logs() {
			if u.Applied == (u.Unused != "") || u.Bytes > int64(len(log1)+len(log2)) {
				t.Errorf("%+v", u)
			}
		}
	})
}

// sealedLog returns a log with right checksums and hashes.
func sealedLog(log []byte) []byte {
	if len(log) < 512 {
		return log
	}
	log = bytes.Clone(log)
	seal(log[:512])
	le := binary.LittleEndian
	for at := 512; at+40 <= len(log); {
		size := int64(le.Uint32(log[at+4:]))
		if string(log[at:at+4]) != "HvLE" || size < 512 || size > int64(len(log)-at) {
			at += 512
			continue
		}
		e := log[at : at+int(size)]
		le.PutUint64(e[24:], marvin.Sum64(e[40:], marvin.LogSeed))
		le.PutUint64(e[32:], marvin.Sum64(e[:32], marvin.LogSeed))
		at += int(size) &^ 511
	}
	return log
}

// readAll reads everything of a hive that was made of so many bytes.
func readAll(t *testing.T, r *registry.Reader, given int) {
	var keys, size int
	for k, err := range r.Keys() {
		if err != nil {
			continue
		}
		keys++
		if k.Path(); k.LastWrite.Location() == nil {
			t.Error("no time zone")
		}
		_, _ = k.Class()
		_, _ = k.OwnerSID()
		_, _ = k.LinkTarget()
		for v, err := range k.Values() {
			if err != nil {
				continue
			}
			b, _ := v.Data()
			size += len(b)
			_, _ = v.Text()
			_, _ = v.Strings()
			_, _ = v.Uint64()
			_ = v.String()
		}
	}
	if keys > given/76 || size > 4*given {
		t.Errorf("%d keys and %d bytes of data out of %d bytes", keys, size, given)
	}
	n := 0
	for range r.Problems() {
		n++
	}
	if n > given {
		t.Errorf("%d problems in %d bytes", n, given)
	}
	for range registry.Autostarts(r, registry.WithAllLocations(), registry.WithClassesOf(r)) {
	}
	for c, err := range registry.Diff(r, r) {
		if err == nil {
			t.Errorf("a hive differs from itself: %s %s", c.Kind, c.Path)
		}
	}
	deleted(t, r, given)
	machine(t, r, given)
}

// machine reads all about accounts, the machine and its networks.
func machine(t *testing.T, r *registry.Reader, given int) {
	size, n := 0, 0
	for a := range registry.Accounts(r) {
		n++
		size += len(a.Name) + len(a.FullName) + len(a.Comment) + len(a.Names)
	}
	for g := range registry.Groups(r) {
		n++
		size += len(g.Name) + len(g.Members)
	}
	for p := range registry.Profiles(r) {
		n++
		size += len(p.Path)
	}
	for s := range registry.SIDNames(r) {
		n++
		size += len(s.Name)
	}
	for i := range registry.Interfaces(r) {
		n++
		size += len(i.Name) + len(i.Leases)
	}
	for w := range registry.Networks(r) {
		n++
		size += len(w.Name) + len(w.Signatures)
	}
	for range registry.PolicyDomains(r) {
		n++
	}
	for range registry.CachedLogons(r) {
		n++
	}
	for range registry.FormerVersions(r) {
		n++
	}
	for range registry.Routes(r) {
		n++
	}
	for range registry.PortProxies(r) {
		n++
	}
	_, _ = registry.MachineSID(r)
	_, _ = registry.PolicyOf(r)
	_, _ = registry.WindowsOf(r)
	_, _ = registry.MachineGUID(r)
	if c, _ := registry.ComputerOf(r); c.Zone.Known() {
		c.Zone.UTC(when)
	}
	if n > given || size > 16*given {
		t.Errorf("%d records with %d bytes out of %d bytes", n, size, given)
	}
}

// deleted reads everything that is deleted in a hive.
func deleted(t *testing.T, r *registry.Reader, given int) {
	d := r.Deleted()
	n, size := 0, 0
	value := func(v registry.DeletedValue) {
		n++
		b, _ := v.Data()
		size += len(b) + len(v.Path)
		_, _ = v.Any()
	}
	for k := range d.Keys() {
		n++
		size += len(k.Path)
		for _, v := range k.Values {
			value(v)
		}
	}
	for v := range d.Values() {
		value(v)
	}
	if n > 2*given/20 || size > 16*(given+1<<16) {
		t.Errorf("%d deleted keys and values with %d bytes out of %d bytes", n, size, given)
	}
}

// tiny returns a hive with little data, so that mutations hit structures.
func tiny(minor uint32) registrytest.Hive {
	h := registrytest.Hive{Minor: minor}
	h.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, when, registrytest.SZ("a", `"C:\a b.exe" -x`))
	h.Set(`ControlSet001\Services\svc`, when, registrytest.ExpandSZ("ImagePath", `%SystemRoot%\x.exe`), registrytest.DWord("Start", 2))
	h.Set(`ControlSet001\Services\svc\Parameters`, when, registrytest.MultiSZ("ServiceDll", "x", "y"))
	h.Set(`Select`, when, registrytest.DWord("Current", 1))
	h.Set(`日本`, when, registrytest.Link(`\x`))
	h.Key(`日本`, when).Link = true
	h.Key(`Select`, when).Class = "class"
	return h
}

func FuzzExecutablePath(f *testing.F) {
	for _, tt := range commandTests {
		f.Add(tt.command)
	}
	f.Fuzz(func(t *testing.T, command string) {
		path := registry.ExecutablePath(command)
		if len(path) > len(command)+len(`%SystemRoot%\`) {
			t.Errorf("ExecutablePath(%q) = %q", command, path)
		}
		registry.HostedPath(command)
	})
}
