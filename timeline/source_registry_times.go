package timeline

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// A valueTime is a row of the table of values that hold times of their own: when
// something happened, and not when the value was written.
type valueTime struct {
	hive  registry.HiveType
	key   string // from the root of the hive, where * is any one key
	value string // "*" for all
	kind  Kind
	desc  string // what the time is, as timelines of other tools call it
	read  func(r *registry.Reader, v *registry.Value, data []byte, key *registry.Key) ([]timedValue, error)
}

// A timedValue is a time in a value.
type timedValue struct {
	at     time.Time
	desc   string // of this time, if it is not that of the row
	path   string // of a file, as the value has it
	says   string
	fields []Field

	// Of a trace, see keyTrace.
	user   string // account that the event is about
	value  string // name of the value; "" for the default value and the key itself
	offset int64  // of the value
	data   any    // of the event
}

// sets are the control sets of a SYSTEM hive.
const sets = "ControlSet*"

// valueTimes is the table.
var valueTimes = [...]valueTime{
	{registry.System, sets + `\Control\Windows`, "ShutdownTime", MachineStopped, "Last Shutdown Time", stampOf("the machine was shut down")},
	{registry.System, sets + `\Services\bam\State\UserSettings\*`, "*", ProgramRan, "Last Time Executed", readBAM},
	{registry.System, sets + `\Services\bam\UserSettings\*`, "*", ProgramRan, "Last Time Executed", readBAM},
	{registry.System, sets + `\Services\dam\State\UserSettings\*`, "*", ProgramRan, "Last Time Executed", readBAM},
	{registry.System, sets + `\Services\dam\UserSettings\*`, "*", ProgramRan, "Last Time Executed", readBAM},
	{registry.System, sets + `\Control\Session Manager\AppCompatCache`, "AppCompatCache", ProgramCached, "File Last Modification Time", readShimCache},
	{registry.System, sets + `\Control\Session Manager\AppCompatibility`, "AppCompatCache", ProgramCached, "File Last Modification Time", readShimCache}, // Windows XP
	{registry.System, sets + `\Enum\USBSTOR\*\*\Properties\{83da6326-97a6-4088-9453-a1923f573b29}\0064`, "", DeviceConnected, "Installation Time", stampOf("a USB storage device was installed")},
	{registry.System, sets + `\Enum\USBSTOR\*\*\Properties\{83da6326-97a6-4088-9453-a1923f573b29}\0065`, "", DeviceConnected, "First Connected Time", stampOf("a USB storage device was connected for the first time")},
	{registry.System, sets + `\Enum\USBSTOR\*\*\Properties\{83da6326-97a6-4088-9453-a1923f573b29}\0066`, "", DeviceConnected, "Last Connected Time", stampOf("a USB storage device was last connected")},
	{registry.System, sets + `\Enum\USBSTOR\*\*\Properties\{83da6326-97a6-4088-9453-a1923f573b29}\0067`, "", DeviceConnected, "Last Disconnected Time", stampOf("a USB storage device was last disconnected")},
	{registry.Software, `Microsoft\Windows NT\CurrentVersion`, "InstallTime", WindowsInstalled, "Installation Time", stampOf("Windows was installed or upgraded")},
	{registry.User, `Software\Microsoft\Windows\CurrentVersion\Explorer\UserAssist\*\Count`, "*", ProgramRan, "Last Time Executed", readUserAssist},
	{registry.User, `Software\Microsoft\Internet Explorer\TypedURLsTime`, "*", URLTyped, "Last Visited Time", readTypedURL},
}

// maxTimed bounds the times that are kept of a hive.
const maxTimed = 1 << 17

// A keyTime is an event of a time in a value.
type keyTime struct {
	kind Kind
	timedValue
	key    string
	value  string
	offset int64
}

// timesIn reads the values of a hive that hold times.
func timesIn(r *registry.Reader, artifact string, c *Coverage) []keyTime {
	root, err := r.Root()
	if err != nil {
		return nil // the walk over all keys reports it
	}
	hive := r.Type()
	var list []keyTime
	for i := range valueTimes {
		row := &valueTimes[i]
		if row.hive != hive {
			continue
		}
		for _, k := range keysLike(root, strings.Split(row.key, `\`)) {
			list = row.times(r, k, list, artifact, c)
		}
	}
	return list
}

// keysLike returns the keys below one that a pattern means. The walk over all keys
// reports what cannot be read.
func keysLike(k *registry.Key, pattern []string) []*registry.Key {
	if len(pattern) == 0 {
		return []*registry.Key{k}
	}
	var list []*registry.Key
	name, wild := strings.CutSuffix(pattern[0], "*")
	if !wild {
		if sub, err := k.Subkey(name); err == nil {
			list = keysLike(sub, pattern[1:])
		}
		return list
	}
	for sub, err := range k.Subkeys() {
		if _, fits := winpath.CutPrefix(sub.Name, name); err == nil && fits && len(list) < maxTimed {
			list = append(list, keysLike(sub, pattern[1:])...)
		}
	}
	return list
}

// times adds the times in the values of a key to a list.
func (row *valueTime) times(r *registry.Reader, k *registry.Key, list []keyTime, artifact string, c *Coverage) []keyTime {
	for v, err := range k.Values() {
		if err != nil || row.value != "*" && !winpath.SameName(v.Name, row.value) {
			continue
		}
		data, err := v.Data()
		if err != nil {
			continue
		}
		found, err := row.read(r, v, data, k)
		for _, t := range found {
			if ticks := filetime.Ticks(t.at); ticks == 0 || len(list) == maxTimed {
				continue
			}
			t.desc = cmp.Or(t.desc, row.desc)
			list = append(list, keyTime{row.kind, t, k.Path(), v.Name, v.Offset})
		}
		if bad, ok := errors.AsType[*damage.Error](err); ok {
			kind := damage.Malformed
			if errors.Is(err, registry.ErrShimCacheVersion) {
				kind = damage.Unsupported
			}
			c.add(damage.Note(kind, bad, artifact, k.Path()+`\`+v.Name))
		}
	}
	return list
}

// stampOf makes the reader of a value that is a FILETIME.
func stampOf(says string) func(*registry.Reader, *registry.Value, []byte, *registry.Key) ([]timedValue, error) {
	return func(_ *registry.Reader, _ *registry.Value, data []byte, k *registry.Key) ([]timedValue, error) {
		if len(data) < 8 {
			return nil, damage.New("FILETIME", -1, len(data), "8 bytes")
		}
		text := says
		if parts := strings.Split(k.Path(), `\`); len(parts) > 6 && winpath.SameName(parts[2], "USBSTOR") {
			text += ": " + parts[3] + `\` + parts[4]
		}
		return []timedValue{{at: filetime.Time(binary.LittleEndian.Uint64(data)), says: text}}, nil
	}
}

// readBAM reads when the Background Activity Moderator last saw a program of an account
// run: a FILETIME at offset 0 of the value, whose name is the path, or that of a
// package. The key is named by the SID.
func readBAM(_ *registry.Reader, v *registry.Value, data []byte, k *registry.Key) ([]timedValue, error) {
	if winpath.SameName(v.Name, "Version") || winpath.SameName(v.Name, "SequenceNumber") {
		return nil, nil
	}
	if len(data) < 8 {
		return nil, damage.New("FILETIME", -1, len(data), "8 bytes")
	}
	return []timedValue{{at: filetime.Time(binary.LittleEndian.Uint64(data)), path: v.Name, says: v.Name + " was run by " + k.Name,
		fields: []Field{{"Path", v.Name}, {"SID", k.Name}}}}, nil
}

// readShimCache reads the entries of AppCompatCache: files that were there, with the
// time of modification that they had. Those without that time, such as packages, have
// the time at which the cache was written.
func readShimCache(_ *registry.Reader, _ *registry.Value, data []byte, k *registry.Key) ([]timedValue, error) {
	entries, err := registry.ShimCache(data)
	var list []timedValue
	for i, e := range entries {
		path := e.Path
		if rest, ok := winpath.CutPrefix(path, `SYSVOL\`); ok { // Windows 8
			path = `%SystemDrive%\` + rest
		}
		t := timedValue{at: e.Modified, path: path, data: &e, says: fmt.Sprintf("%s was in the cache of compatibility, entry %d: it had been modified at that time", e.Path, i),
			fields: []Field{{"Path", e.Path}, {"Entry", fmt.Sprint(i)}}}
		if e.Executed != registry.ExecutedUnknown {
			t.fields = append(t.fields, Field{"Executed", string(e.Executed)})
		}
		if filetime.Ticks(e.Modified) == 0 {
			t.at, t.desc = k.LastWrite, "Content Modification Time"
			t.says = fmt.Sprintf("%s was in the cache of compatibility, entry %d, when that was written", e.Path, i)
		}
		list = append(list, t)
	}
	return list, err
}

// readUserAssist reads when and how often a user started a program by way of the
// Explorer. The name of the value is encoded by ROT13. Offsets in the value:
//
//	version 5 (72 bytes): 4  4  number of runs; 60  8  FILETIME of the last one
//	version 3 (16 bytes): 4  4  number of runs and 5; 8  8  FILETIME of the last one
//
// Names that begin with UEME_ are counters of the Explorer itself, unless one of a program
// follows: UEME_CTLSESSION has other data.
func readUserAssist(_ *registry.Reader, v *registry.Value, data []byte, _ *registry.Key) ([]timedValue, error) {
	name := winpath.ROT13(v.Name)
	if counter, program, _ := strings.Cut(name, ":"); strings.HasPrefix(name, "UEME_") && (program == "" || !slices.Contains(ranBy[:], counter)) {
		return nil, nil
	}
	at := 60
	switch {
	case len(data) == 16:
		at = 8
	case len(data) < 68:
		return nil, damage.New("size of the value", -1, len(data), "72 bytes, or 16 in Windows XP and Vista")
	}
	runs := binary.LittleEndian.Uint32(data[4:])
	if len(data) == 16 {
		runs -= min(runs, 5)
	}
	return []timedValue{{at: filetime.Time(binary.LittleEndian.Uint64(data[at:])), path: knownFolder(name), says: fmt.Sprintf("%s was started from the Explorer, %d times in all", knownName(name), runs),
		fields: []Field{{"Name", name}, {"Runs", fmt.Sprint(runs)}}}}, nil
}

// readTypedURL reads when a URL was typed: TypedURLsTime has a FILETIME by the name that
// the URL has in TypedURLs.
func readTypedURL(r *registry.Reader, v *registry.Value, data []byte, _ *registry.Key) ([]timedValue, error) {
	if len(data) < 8 {
		return nil, damage.New("FILETIME", -1, len(data), "8 bytes")
	}
	url := v.Name
	if k, err := r.OpenKey(`Software\Microsoft\Internet Explorer\TypedURLs`); err == nil {
		if typed, err := k.Value(v.Name); err == nil {
			if text, err := typed.Text(); err == nil {
				url = text
			}
		}
	}
	return []timedValue{{at: filetime.Time(binary.LittleEndian.Uint64(data)), says: url + " was typed", fields: []Field{{"URL", url}}}}, nil
}
