package timeline

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/registry"
)

// A keyTrace is a row of the table of keys in which Windows keeps what was used or was
// there. But for a few, their values have no time: what is known is when the key was last
// written, at which time they were there at the latest.
type keyTrace struct {
	hive registry.HiveType
	key  string // from the root of the hive, where * is any one key
	kind Kind
	read func(k *registry.Key) ([]timedValue, error)
}

const explorerKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\`

// keyTraces is the table.
var keyTraces = [...]keyTrace{
	{registry.User, explorerKey + `RunMRU`, CommandTyped, readRunMRU},
	{registry.User, `Software\Microsoft\Windows\CurrentVersion\Search\RecentApps\*`, ProgramRan, readRecentApp},
	{registry.User, explorerKey + `FeatureUsage\*`, ProgramSeen, readFeatureUsage},
	{registry.User, explorerKey + `MountPoints2\##*`, ShareMounted, readMountPoint},
	{registry.User, `Software\Microsoft\Terminal Server Client\Servers\*`, RDPOutgoing, readTerminalServer},
	{registry.User, `Software\Microsoft\Windows\ShellNoRoam\MUICache`, ProgramSeen, readMUICache},
	{registry.UserClasses, `Local Settings\Software\Microsoft\Windows\Shell\MuiCache`, ProgramSeen, readMUICache},
	{registry.User, `Software\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Compatibility Assistant\Store`, ProgramSeen, readAssistantStore},
	{registry.User, `Software\Microsoft\Windows NT\CurrentVersion\AppCompatFlags\Compatibility Assistant\Persisted`, ProgramSeen, readAssistantStore},
	{registry.Software, `Microsoft\Windows\CurrentVersion\App Paths\*`, ProgramRegistered, readAppPath},
	{registry.User, `Software\Microsoft\Windows\CurrentVersion\App Paths\*`, ProgramRegistered, readAppPath},
	{registry.System, firewallKey + `FirewallRules`, FirewallRuleHeld, readFirewallRules},
	{registry.System, firewallKey + `RestrictedServices\*\System`, FirewallRuleHeld, readFirewallRules},
	{registry.System, firewallKey + `StandardProfile\AuthorizedApplications\List`, FirewallRuleHeld, readAuthorizedApplications},
	{registry.System, firewallKey + `DomainProfile\AuthorizedApplications\List`, FirewallRuleHeld, readAuthorizedApplications},
	{registry.Software, firewallPolicy, FirewallRuleHeld, readFirewallRules},
	{registry.User, explorerKey + `ComDlg32\OpenSavePidlMRU\*`, FileOpened, readOpenSave},
	{registry.User, explorerKey + `ComDlg32\LastVisitedPidlMRU`, FolderOpened, readLastVisited},
	{registry.User, explorerKey + `RecentDocs`, FileOpened, readRecentDocs},
	{registry.User, explorerKey + `RecentDocs\.*`, FileOpened, readRecentDocs},
	{registry.User, explorerKey + `RecentDocs\Folder`, FolderOpened, readRecentDocs},
	{registry.User, explorerKey + `TypedPaths`, FolderOpened, readTypedPaths},
	{registry.User, `Software\Microsoft\Windows\Shell\BagMRU`, FolderOpened, readBags},
	{registry.UserClasses, `Local Settings\Software\Microsoft\Windows\Shell\BagMRU`, FolderOpened, readBags},
}

// tracesIn reads the keys of a hive that hold traces, and the files of an Amcache.
func tracesIn(r *registry.Reader, artifact string, c *Coverage) []keyTime {
	hive := r.Type()
	if hive == registry.Amcache {
		return amcacheIn(r, artifact, c)
	}
	root, err := r.Root()
	if err != nil {
		return nil // the walk over all keys reports it
	}
	var list []keyTime
	for i := range keyTraces {
		row := &keyTraces[i]
		if row.hive != hive {
			continue
		}
		for _, k := range keysLike(root, strings.Split(row.key, `\`)) {
			found, err := row.read(k)
			for _, t := range found {
				if t.at.IsZero() {
					t.at, t.desc = k.LastWrite, "Content Modification Time"
				}
				if filetime.Ticks(t.at) != 0 && len(list) < maxTimed {
					list = append(list, keyTime{row.kind, t, k.Path(), t.value, cmp.Or(t.offset, k.Offset)})
				}
			}
			if bad, ok := errors.AsType[*damage.Error](err); ok {
				c.add(damage.Note(damage.Malformed, bad, artifact, k.Path()))
			}
		}
	}
	return list
}

// textsOf returns the values of a key that are texts, and the damage of others.
func textsOf(k *registry.Key) (map[string]string, error) {
	texts := map[string]string{}
	var damaged error
	for v, err := range k.Values() {
		if err == nil {
			var text string
			if text, err = v.Text(); err == nil {
				texts[v.Name] = text
				continue
			}
		}
		if damage.Is(err) {
			damaged = cmp.Or(damaged, err)
		}
	}
	return texts, damaged
}

// readRunMRU reads what a user typed into Run of the start menu. The value MRUList has the
// names of the others in order, the last one first. Commands end with \1. Only the last one
// was typed when the key was written.
func readRunMRU(k *registry.Key) ([]timedValue, error) {
	texts, err := textsOf(k)
	var list []timedValue
	for i, name := range texts["MRUList"] {
		command, ok := texts[string(name)]
		if !ok {
			continue
		}
		command = strings.TrimSuffix(command, `\1`)
		t := timedValue{value: string(name), says: command + " was typed into Run last", fields: []Field{{"Command", command}, {"Order", fmt.Sprint(i)}}}
		if i > 0 {
			t.says = fmt.Sprintf("%s was typed into Run, %d before the last", command, i)
		}
		list = append(list, t)
		delete(texts, string(name))
	}
	return list, err
}

// readTypedPaths reads which paths a user typed into the address bar of the Explorer: url1
// is the last one.
func readTypedPaths(k *registry.Key) ([]timedValue, error) {
	texts, err := textsOf(k)
	var list []timedValue
	for i := range len(texts) {
		name := "url" + strconv.Itoa(i+1)
		path := texts[name]
		if path == "" {
			continue
		}
		t := timedValue{value: name, path: path, says: path + " was typed into the address bar, the last one", fields: []Field{{"Path", path}, {"Order", fmt.Sprint(i)}}}
		if i > 0 {
			t.says = fmt.Sprintf("%s was typed into the address bar, %d before the last", path, i)
		}
		list = append(list, t)
	}
	return list, err
}

// readRecentApp reads when a user last used a program: LastAccessedTime, and LaunchCount.
func readRecentApp(k *registry.Key) ([]timedValue, error) {
	texts, err := textsOf(k)
	path := cmp.Or(texts["AppPath"], texts["AppId"])
	v, missing := k.Value("LastAccessedTime")
	if path == "" || missing != nil {
		return nil, err
	}
	data, err := v.Data()
	if err != nil || len(data) < 8 {
		return nil, err
	}
	t := timedValue{at: filetime.Time(binary.LittleEndian.Uint64(data)), desc: "Last Access Time", value: v.Name, offset: v.Offset,
		path: knownFolder(path), says: path + " was used by a user", fields: []Field{{"Path", path}}}
	if n, err := k.Value("LaunchCount"); err == nil {
		if b, err := n.Data(); err == nil && len(b) >= 4 {
			t.fields = append(t.fields, Field{"Runs", fmt.Sprint(binary.LittleEndian.Uint32(b))})
		}
	}
	return []timedValue{t}, nil
}

// readFeatureUsage reads which programs of the task bar a user started, switched to or
// clicked, by the name of the key, and how often.
func readFeatureUsage(k *registry.Key) ([]timedValue, error) {
	var list []timedValue
	var damaged error
	for v, err := range k.Values() {
		var data []byte
		if err == nil {
			data, err = v.Data()
		}
		if err != nil {
			damaged = cmp.Or(damaged, err)
			continue
		}
		if v.Type != registry.DWord || len(data) != 4 || v.Name == "" {
			continue
		}
		n := binary.LittleEndian.Uint32(data)
		list = append(list, timedValue{value: v.Name, offset: v.Offset, path: knownFolder(v.Name),
			says: fmt.Sprintf("%s was in the task bar: %s %d", v.Name, k.Name, n), fields: []Field{{"Path", v.Name}, {k.Name, fmt.Sprint(n)}}})
	}
	return list, damaged
}

// readMountPoint reads which share a user opened: ##SERVER#SHARE is the name of the key.
func readMountPoint(k *registry.Key) ([]timedValue, error) {
	share := strings.ReplaceAll(k.Name, "#", `\`)
	return []timedValue{{path: share, says: share + " was connected", fields: []Field{{"Share", share}}}}, nil
}

// readTerminalServer reads to which machine a user connected by Remote Desktop, the name of
// the key, and as whom.
func readTerminalServer(k *registry.Key) ([]timedValue, error) {
	texts, err := textsOf(k)
	t := timedValue{says: "Remote Desktop was connected to " + k.Name, fields: []Field{{"Server", k.Name}}}
	if user := texts["UsernameHint"]; user != "" {
		t.says += " as " + user
		t.fields = append(t.fields, Field{"UsernameHint", user})
	}
	return []timedValue{t}, err
}

// readMUICache reads of which programs the shell has looked up the name, as it does when
// it starts them. The name of the value is the path, since Windows Vista with
// .FriendlyAppName or .ApplicationCompany behind it.
func readMUICache(k *registry.Key) ([]timedValue, error) {
	texts, err := textsOf(k)
	var list []timedValue
	for _, value := range slices.Sorted(maps.Keys(texts)) {
		path, company := strings.CutSuffix(value, ".ApplicationCompany")
		path = strings.TrimSuffix(path, ".FriendlyAppName")
		if company || !strings.Contains(path, `\`) || strings.HasPrefix(path, "@") {
			continue
		}
		t := timedValue{value: value, path: knownFolder(path), says: fmt.Sprintf("the shell had looked up the name of %s, %s", path, texts[value]), fields: []Field{{"Path", path}, {"Name", texts[value]}}}
		if by := texts[path+".ApplicationCompany"]; by != "" {
			t.fields = append(t.fields, Field{"Company", by})
		}
		list = append(list, t)
	}
	return list, err
}

// readAssistantStore reads the programs that a user started and the Program Compatibility
// Assistant watched: the name of the value is the path.
func readAssistantStore(k *registry.Key) ([]timedValue, error) {
	var list []timedValue
	var damaged error
	for v, err := range k.Values() {
		if err != nil {
			damaged = cmp.Or(damaged, err)
			continue
		}
		list = append(list, timedValue{value: v.Name, offset: v.Offset, path: v.Name, says: v.Name + " had been watched by the Program Compatibility Assistant", fields: []Field{{"Path", v.Name}}})
	}
	return list, damaged
}

// readAppPath reads which program the shell starts for a name: the name of the key, and the
// default value.
func readAppPath(k *registry.Key) ([]timedValue, error) {
	texts, err := textsOf(k)
	path := strings.Trim(texts[""], `"`)
	if path == "" {
		return nil, err
	}
	return []timedValue{{path: path, says: path + " is started for the name " + k.Name, fields: []Field{{"Path", path}, {"Name", k.Name}}}}, err
}

// amcacheIn reads the files of an Amcache.
func amcacheIn(r *registry.Reader, artifact string, c *Coverage) []keyTime {
	var list []keyTime
	add := func(f registry.AmcacheFile, err error) {
		if bad, ok := errors.AsType[*damage.Error](err); ok {
			c.add(damage.Note(damage.Malformed, bad, artifact, f.Key))
		}
		if f.Path == "" || f.LastWrite.IsZero() || len(list) == maxTimed {
			return
		}
		t := timedValue{at: f.LastWrite, desc: "Content Modification Time", path: f.Path, says: f.Path + " was there when Windows took stock of it", data: &f}
		field := func(name, value string) {
			if value != "" && value != "0" {
				t.fields = append(t.fields, Field{name, value})
			}
		}
		field("Path", f.Path)
		field("SHA1", f.SHA1)
		field("Size", fmt.Sprint(f.Size))
		field("LinkTime", filetime.Text(f.Linked))
		field("Created", filetime.Text(f.Created))
		field("Modified", filetime.Text(f.Modified))
		field("Publisher", f.Publisher)
		field("Product", f.Product)
		field("Version", f.Version)
		field("Service", f.Service)
		if f.SHA1 != "" {
			t.says += ", SHA-1 " + f.SHA1
			if f.Size > registry.AmcacheHashed {
				t.says += fmt.Sprintf(" of its first %d bytes", registry.AmcacheHashed)
			}
		}
		list = append(list, keyTime{FileInventoried, t, f.Key, "", f.Offset})
	}
	for f, err := range registry.AmcacheFiles(r) {
		add(f, err)
	}
	for f, err := range registry.AmcacheDrivers(r) {
		add(f, err)
	}
	return list
}
