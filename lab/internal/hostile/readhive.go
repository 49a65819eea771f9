package hostile

import "github.com/birthmark-dfir/birthmark/registry"

// moreRegistry looks for autostarts and decodes keys and values.
func moreRegistry(path string) {
	r, err := registry.Open(path)
	if err != nil {
		return
	}
	defer r.Close()
	readHive(r)
	other, err := registry.Open(path) // as another hive of the machine
	if err != nil {
		return
	}
	defer other.Close()
	for range registry.Autostarts(r, registry.WithMachine(registry.HiveOf{Reader: other, User: "alice"})) {
	}
}

// readHive calls the functions of a hive that its keys and values do not need.
func readHive(r *registry.Reader) {
	r.Type()
	r.CurrentControlSet()
	for a, err := range registry.Autostarts(r) {
		if err == nil {
			registry.HostedPath(a.Command)
		}
	}
	registry.RootAccounts(r)
	registry.Contradiction(r, r)
	moreMachine(r)
	for range registry.Diff(r, r) {
	}
	keys := 0
	for k, err := range r.Keys() {
		if err != nil {
			continue
		}
		k.LinkTarget()
		k.SecurityDescriptor()
		if keys++; keys <= 100 { // each call walks down from the root
			r.OpenKey(k.Path())
		}
		for v, err := range k.Values() {
			if err == nil {
				text, _ := v.Text()
				registry.ParseFirewallRule(text)
				registry.ParseAuthorizedApplication(v.Name, text)
				v.Strings()
				v.Uint64()
				_ = v.Type.String()
			}
		}
	}
	readDeleted(r.Deleted())
	for range registry.DeletedAutostarts(r) {
	}
}

// readDeleted reads all keys and values that are deleted.
func readDeleted(d *registry.Deleted) {
	for k := range d.Keys() {
		for _, v := range k.Values {
			v.Data()
			v.Any()
		}
	}
	for v := range d.Values() {
		v.Data()
		v.Any()
	}
}

// moreMachine reads all about accounts, the machine and its networks.
func moreMachine(r *registry.Reader) {
	for a, err := range registry.Accounts(r) {
		if err == nil {
			a.Properties()
		}
	}
	for range registry.Groups(r) {
	}
	for range registry.Profiles(r) {
	}
	for range registry.SIDNames(r) {
	}
	for range registry.PolicyDomains(r) {
	}
	for range registry.CachedLogons(r) {
	}
	for range registry.FormerVersions(r) {
	}
	for range registry.Interfaces(r) {
	}
	for range registry.Routes(r) {
	}
	for range registry.PortProxies(r) {
	}
	computer, _ := registry.ComputerOf(r)
	for n, err := range registry.Networks(r) {
		if err == nil {
			computer.Zone.UTC(n.LastConnected)
		}
	}
	w, _ := registry.WindowsOf(r)
	w.Name()
	registry.MachineGUID(r)
	registry.MachineSID(r)
	registry.PolicyOf(r)
}
