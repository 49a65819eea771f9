package origintest

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/detectionhistory/detectionhistorytest"
	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/ese/srum/srumtest"
	"github.com/birthmark-dfir/birthmark/ese/ual"
	"github.com/birthmark-dfir/birthmark/ese/ual/ualtest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/pca"
	"github.com/birthmark-dfir/birthmark/pca/pcatest"
	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/prefetch/prefetchtest"
	"github.com/birthmark-dfir/birthmark/recyclebin"
	"github.com/birthmark-dfir/birthmark/recyclebin/recyclebintest"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// device is the volume as the kernel names it.
const device = `\Device\HarddiskVolume2`

// volumeSerial is the serial number of the volume.
const volumeSerial = 0x4c1a_2026_0302_1342

// ran is when the file ran.
var ran = at("22:04:02.7334170")

// traces are the artifacts in which Windows keeps, besides its logs, what ran and what was
// there: by their names, with what they hold of the story. A machine has some of them at
// most; servers write no prefetch files, and clients no User Access Logging.
var traces = map[string]func(b *build) ([]trace, error){
	"ShimCache": func(b *build) ([]trace, error) {
		data, err := registrytest.ShimCache("10 1703", registry.ShimCacheEntry{Path: subject, Modified: at("13:42:09.6610021")},
			registry.ShimCacheEntry{Path: system32 + "certutil.exe", Modified: installed}, registry.ShimCacheEntry{Path: installer, Modified: at("13:14:02.8811200")})
		return []trace{{hive: systemHive, key: `ControlSet001\Control\Session Manager\AppCompatCache`, written: stopped, values: []registrytest.Value{registrytest.Binary("AppCompatCache", data)}}}, err
	},
	"BAM": func(b *build) ([]trace, error) {
		const users = `ControlSet001\Services\bam\State\UserSettings\`
		return []trace{
			{hive: systemHive, key: users + localSystem.sid, written: ran, values: []registrytest.Value{registrytest.BAM(device+subject[2:], ran)}},
			{hive: systemHive, key: users + svcAdmin.sid, written: at("14:30:00"), values: []registrytest.Value{registrytest.BAM(device+installer[2:], at("13:14:20"))}},
		}, nil
	},
	"UserAssist": func(b *build) ([]trace, error) {
		const count = `Software\Microsoft\Windows\CurrentVersion\Explorer\UserAssist\{CEBFF5CD-ACE2-4F4F-9178-9926F41749EA}\Count`
		return []trace{
			{hive: "Users/portaladmin/NTUSER.DAT", key: count, written: at("13:53:10"), values: []registrytest.Value{registrytest.UserAssist(system32+"cmd.exe", 2, at("13:53:10"))}},
			{hive: "Users/svcadmin/NTUSER.DAT", key: count, written: at("13:14:20"), values: []registrytest.Value{registrytest.UserAssist(installer, 1, at("13:14:20"))}},
		}, nil
	},
	"Amcache": func(b *build) ([]trace, error) {
		content := b.programs[subject].data
		sum := sha1.Sum(content)
		h := &registrytest.Hive{Name: `\SystemRoot\AppCompat\Programs\Amcache.hve`, LastWrite: at("22:30:00")}
		h.SetAmcache(registry.AmcacheFile{Key: `Root\InventoryApplicationFile\sqlserver.exe|9a3f51c20b7e44d1`, LastWrite: at("22:30:00"), Path: strings.ToLower(subject), SHA1: hex.EncodeToString(sum[:]),
			Size: uint64(len(content)), Linked: linked, Publisher: "microsoft corporation", Product: "microsoft sql server", Executable: true})
		data, err := h.Bytes()
		return []trace{{file: "Windows/AppCompat/Programs/Amcache.hve", written: at("22:30:00"), data: data}}, err
	},
	"Prefetch": func(b *build) ([]trace, error) {
		v := prefetch.Volume{Device: strings.ToUpper(device), Serial: volumeSerial & 0xffffffff}
		in := func(path string) string { return strings.ToUpper(device + path[2:]) }
		var list []trace
		for _, p := range []struct {
			path   string
			run    time.Time
			opened []string
		}{
			{subject, ran, []string{in(system32 + "NTDLL.DLL"), in(companion)}},
			{system32 + "certutil.exe", at("13:42:08.4120000"), []string{in(system32 + "NTDLL.DLL"), in(subject)}},
		} {
			f := prefetchtest.Program(30, in(p.path), v, []time.Time{p.run}, p.opened...)
			data, err := prefetchtest.Bytes(f)
			if err != nil {
				return nil, err
			}
			list = append(list, trace{file: "Windows/Prefetch/" + prefetchtest.Name(f), written: p.run.Add(10 * time.Second), data: data})
		}
		return list, nil
	},
	"PCA": func(b *build) ([]trace, error) {
		data := pcatest.Bytes(pca.Entry{Time: at("13:14:20"), Path: installer}, pca.Entry{Time: ran.Truncate(time.Millisecond), Path: subject})
		return []trace{{file: "Windows/appcompat/pca/PcaAppLaunchDic.txt", written: ran, data: data}}, nil
	},
	"SRUM": func(b *build) ([]trace, error) {
		row := func(kind srum.Kind, path, user string, data any) srumtest.Row {
			return srumtest.Row{Kind: kind, Time: at("23:00:00"), App: device + path[2:], User: user, Data: data}
		}
		data, err := srumtest.Bytes(row(srum.ApplicationUsage, subject, localSystem.sid, &srum.Application{BackgroundCycleTime: 48_120_331}),
			row(srum.NetworkUsage, subject, localSystem.sid, &srum.Network{BytesSent: 88_412, BytesRecvd: 19_730}),
			row(srum.ApplicationUsage, backup, localSystem.sid, &srum.Application{BackgroundCycleTime: 1_200_000}))
		return []trace{{file: "Windows/System32/sru/SRUDB.dat", written: at("23:00:01"), data: data}}, err
	},
	"UAL": func(b *build) ([]trace, error) {
		role, err := winid.ParseGUID(webServerRole)
		if err != nil {
			return nil, err
		}
		data, err := ualtest.Bytes(ualtest.Content{Clients: []ual.Client{{Role: ual.Role{ID: role}, Accesses: 14, First: at("13:41:37"), Last: at("13:52:00"), Address: netip.MustParseAddr(strangerIP),
			User: strings.ToLower(portalAdmin.String()), Days: []ual.Day{{Date: at("00:00:00"), Accesses: 14}}}}})
		return []trace{{file: "Windows/System32/LogFiles/Sum/Current.mdb", written: at("23:00:02"), data: data}}, err
	},
	"recycle bin": func(b *build) ([]trace, error) {
		data, err := recyclebintest.Bytes(recyclebin.Info{Version: 2, Size: 7168, Deleted: at("14:05:00"), Path: `C:\Users\portaladmin\Desktop\notes.txt`})
		return []trace{{file: "$Recycle.Bin/" + portalAdmin.sid + "/$I7KQ2ZD.txt", written: at("14:05:00"), data: data}}, err
	},
	"detection history": func(b *build) ([]trace, error) {
		sum := sha256.Sum256(b.programs[subject].data)
		tracking := []detectionhistory.Value{{Name: "ThreatTrackingSha256", Value: hex.EncodeToString(sum[:])}}
		data := detectionhistorytest.Bytes(detectionhistory.Detection{ThreatID: 2147735503, Threat: "HackTool:Win64/Example", Detected: at("13:42:09.7120000"), Changed: at("13:42:12"),
			User: portalAdmin.String(), Process: system32 + "certutil.exe", Resources: []detectionhistory.Resource{
				{Type: "file", Path: subject, Tracking: tracking}, {Type: "webfile", Path: subject + "|" + depotURL + "|pid:5532,ProcessStart:134169324285500000", Tracking: tracking}}})
		return []trace{{file: "ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/05/7C1B0C5E-9F1D-4E7C-8C57-6B2A1F0D4E11", written: at("13:42:12"), data: data}}, nil
	},
}

// webServerRole is the role of a web server in User Access Logging.
const webServerRole = "{D6256CF7-98FB-4EB4-AA18-303F1DA1F770}"

// trace is a file, or values of a hive.
type trace struct {
	file    string
	data    []byte
	hive    string // as Sources names it
	key     string
	values  []registrytest.Value
	written time.Time
}

// Traces returns the names of what WithTrace can add.
func Traces() []string { return slices.Sorted(maps.Keys(traces)) }

// WithTrace adds what one of the Traces holds of the story. The variants do not have them.
func (s *Scenario) WithTrace(name string) *Scenario {
	return s.variant("with "+name, func(c *Scenario) { c.traces = append(slices.Clone(c.traces), name) })
}

// trace returns what the traces of the scenario hold.
func (b *build) trace() ([]trace, error) {
	var list []trace
	for _, name := range b.traces {
		more, err := traces[name](b)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// setTraces puts the values of traces into the hive at a path.
func setTraces(list []trace, path string, h *registrytest.Hive) {
	for _, t := range list {
		if t.hive == path {
			h.Set(t.key, t.written, t.values...)
		}
	}
}

// traceFiles returns the files of traces.
func traceFiles(list []trace) []mfttest.File {
	var files []mfttest.File
	for _, t := range list {
		if t.file != "" {
			files = append(files, mfttest.File{Path: t.file, Data: t.data, Times: mfttest.AllAt(t.written)})
		}
	}
	return files
}
