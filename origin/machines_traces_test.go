package origin_test

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/detectionhistory/detectionhistorytest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/pca"
	"github.com/birthmark-dfir/birthmark/pca/pcatest"
	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/prefetch/prefetchtest"
	"github.com/birthmark-dfir/birthmark/recyclebin"
	"github.com/birthmark-dfir/birthmark/recyclebin/recyclebintest"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Machines on which no log has a run, and the traces that Windows keeps of programs have
// it.
func traced() []story {
	const entry = 90
	volume := prefetch.Volume{Device: `\DEVICE\HARDDISKVOLUME3`, Serial: volumeSerial & 0xffffffff}
	ref := prefetch.Ref(entry | 1<<48)
	file := born(tool, "12:00:00.2134567", lee)
	file.Entry = entry
	// in returns the file of a program, as of the version of Windows 10.
	in := func(path string, ref prefetch.Ref, v prefetch.Volume, runs ...string) prefetch.File {
		var times []time.Time
		for _, r := range runs {
			times = append(times, clock(r))
		}
		f := prefetchtest.Program(30, v.Device+strings.TrimPrefix(path, "C:"), v, times, v.Device+`\WINDOWS\SYSTEM32\NTDLL.DLL`)
		f.Files[0].Ref = ref
		return f
	}
	written := func(f prefetch.File) mfttest.File {
		b, err := prefetchtest.Bytes(f)
		if err != nil {
			panic(err)
		}
		return mfttest.File{Path: "Windows/Prefetch/" + prefetchtest.Name(f), Data: b, Times: mfttest.AllAt(clock("12:00:20"))}
	}
	of := func(f prefetch.File, change func(f *prefetch.File)) mfttest.File {
		change(&f)
		return written(f)
	}
	other := volume
	other.Serial++
	ran := in(tool, ref, volume, "12:03:00", "12:02:00")
	bam := func(when string) hiveAt {
		h := &registrytest.Hive{Name: "SYSTEM"}
		h.Set("Select", noon, registrytest.DWord("Current", 1))
		h.Set(`ControlSet001\Services\bam\State\UserSettings\`+lee.sid, clock(when), registrytest.BAM(`\Device\HarddiskVolume3`+strings.TrimPrefix(tool, "C:"), clock(when)))
		return hiveAt{"Windows/System32/config/SYSTEM", h}
	}
	assist := func(when string, as string) hiveAt {
		h := &registrytest.Hive{Name: "NTUSER.DAT"}
		h.Set(`Software\Microsoft\Windows\CurrentVersion\Explorer\UserAssist\{CEBFF5CD-ACE2-4F4F-9178-9926F41749EA}\Count`, clock(when), registrytest.UserAssist(tool, 3, clock(when)))
		return hiveAt{"Users/" + as + "/NTUSER.DAT", h}
	}
	sha1Of := strings.Repeat("a1", 20)
	hive := func(path string, fill func(h *registrytest.Hive)) hiveAt {
		h := &registrytest.Hive{Name: "x"}
		fill(h)
		return hiveAt{path, h}
	}
	shim := func(e registry.ShimCacheEntry) hiveAt {
		data, err := registrytest.ShimCache("8.1", e)
		if err != nil {
			panic(err)
		}
		return hive("Windows/System32/config/SYSTEM", func(h *registrytest.Hive) {
			h.Set("Select", noon, registrytest.DWord("Current", 1))
			h.Set(`ControlSet001\Control\Session Manager\AppCompatCache`, clock("20:00:00"), registrytest.Binary("AppCompatCache", data))
		})
	}
	stock := func(size uint64) hiveAt {
		return hive("Windows/AppCompat/Programs/Amcache.hve", func(h *registrytest.Hive) {
			h.SetAmcache(registry.AmcacheFile{Key: `Root\InventoryApplicationFile\tool.exe|1`, LastWrite: clock("12:07:00"), Path: strings.ToLower(tool), SHA1: sha1Of, Size: size, Publisher: "contoso"})
		})
	}
	without := file // a deduplicated file: its content is not on the volume
	without.Data, without.Sparse, without.Reparse = make([]byte, 40_000), true, []byte{0x13, 0, 0, 0x80, 0, 0, 0, 0}
	sum := sha256.Sum256(file.Data)
	hash := hex.EncodeToString(sum[:])
	detected := func(sum, kind, path string) mfttest.File {
		return mfttest.File{Path: "ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/05/00000000-0000-0000-0000-000000000009",
			Data: detectionhistorytest.Bytes(detectionhistory.Detection{Threat: "Trojan:Win32/X", Detected: clock("12:00:40"), User: "Unknown", Process: "Unknown",
				Resources: []detectionhistory.Resource{{Type: kind, Path: path, Tracking: []detectionhistory.Value{{Name: "ThreatTrackingSha256", Value: sum}}}}})}
	}
	recycled := func(sid string) mfttest.File {
		data, err := recyclebintest.Bytes(recyclebin.Info{Version: 2, Size: 19, Deleted: clock("12:30:00"), Path: tool})
		if err != nil {
			panic(err)
		}
		return mfttest.File{Path: "$Recycle.Bin/" + sid + "/$IABC123.exe", Data: data}
	}
	of12 := func(executed string) truth {
		return truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.Executed: executed}
	}
	service := func(path string, at time.Time, held bool) hiveAt {
		return hive(path, func(h *registrytest.Hive) {
			h.LastWrite = at
			h.Set("Select", at, registrytest.DWord("Current", 1))
			h.Set(`ControlSet001\Services\kept`, at, registrytest.ExpandSZ("ImagePath", system32+"svchost.exe -k netsvcs"), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x20))
			if held {
				h.Set(`ControlSet001\Services\helper`, at, registrytest.ExpandSZ("ImagePath", tool), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
			}
		})
	}
	starting := func(what string) truth {
		is := of12("unknown")
		is[origin.Autostart] = "recorded category=service | name=helper | command=" + tool + " | " + what
		return is
	}
	const config = "Windows/System32/config/"
	runs := " proves=execution | time=2026-03-02T12:02:00Z | last=2026-03-02T12:03:00Z | count=2"
	on := func(parts ...any) world { return box("SRV02", day(), file, parts) }

	return []story{
		{"its prefetch file", on(written(ran)), tool, of12("recorded" + runs)},

		{"its prefetch file, with the volume by its GUID", on(of(ran, func(f *prefetch.File) {
			f.Volumes[0].Device = `\VOLUME{01d3096ba3a46863-20260302}`
			for i := range f.Files {
				f.Files[i].Path = f.Volumes[0].Device + strings.TrimPrefix(f.Files[i].Path, volume.Device)
			}
		})), tool, of12("recorded" + runs)},

		{"a prefetch file of before it was renamed", on(written(in(`C:\ProgramData\Cache\setup.tmp`, ref, volume, "12:03:00", "12:02:00"))), tool, of12("recorded" + runs)},

		{"a prefetch file without its path", on(of(ran, func(f *prefetch.File) { f.Files = f.Files[1:] })), tool, of12("inferred" + runs)},

		{"a prefetch file whose hash is of another path", on(of(ran, func(f *prefetch.File) { f.Files[0].Ref, f.Hash = 0, f.Hash+99 })), tool, of12("inferred" + runs)},

		{"a prefetch file of the same path on another volume", on(written(in(tool, ref, other, "12:03:00", "12:02:00"))), tool, of12("inferred")},

		{"a prefetch file of the path's earlier file", on(written(in(tool, 2<<48|entry, volume, "12:03:00", "12:02:00"))), tool, of12("inferred")},

		{"a prefetch file with runs from before it was there", on(written(in(tool, 0, volume, "11:30:00"))), tool, of12("unknown")},

		{"a prefetch file with a run between two creations", box("SRV02", sysmonDay(), spawned("07:59:00", 1, shell, "cmd.exe", 2, explorer, anna), made("08:00:00", 1, shell, tool, anna), file,
			written(in(tool, 0, volume, "09:00:00"))), tool, truth{
			origin.Appeared: "unknown", origin.Writer: "unknown image=" + shell, origin.Account: "unknown sid=" + anna.sid + " | sid=" + lee.sid, origin.Executed: "unknown",
		}},

		{"the Background Activity Moderator saw it", on(bam("12:05:00")), tool, of12("inferred last=2026-03-02T12:05:00Z")},

		{"a user started it from the Explorer", on(assist("12:06:00", "anna")), tool, of12("inferred last=2026-03-02T12:06:00Z")},

		{"the ShimCache records that it was executed", on(shim(registry.ShimCacheEntry{Path: `SYSVOL` + strings.TrimPrefix(tool, "C:"), Modified: clock("12:00:00.2134567"), Executed: registry.ExecutedYes})), tool, of12("inferred proves=execution")},

		{"the ShimCache records that a file with another time was executed", on(shim(registry.ShimCacheEntry{Path: tool, Modified: clock("07:00:00"), Executed: registry.ExecutedYes})), tool, of12("inferred proves=execution")},

		{"the ShimCache and the Amcache record that it was there", on(shim(registry.ShimCacheEntry{Path: tool, Modified: clock("12:00:00.2134567"), Executed: registry.ExecutedNo}), stock(19)), tool, of12("unknown not=It ran")},

		{"its content is elsewhere, and the Amcache has its hash", box("SRV02", day(), without, stock(19)), tool,
			truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.What: "inferred sha1=" + sha1Of}},

		{"its content is elsewhere, and the Amcache has the hash of its beginning", box("SRV02", day(), without, stock(40_000_000)), tool,
			truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.What: "inferred"}},

		{"the Program Compatibility Assistant saw it", on(mfttest.File{Path: "Windows/appcompat/pca/PcaAppLaunchDic.txt", Data: pcatest.Bytes(pca.Entry{Time: clock("12:08:00"), Path: tool})}),
			tool, of12("inferred last=2026-03-02T12:08:00Z")},

		{"Defender found it as a download", on(detected(hash, "webfile", tool+"|"+depotURL+"|pid:4312,ProcessStart:0")), tool, func() truth {
			is := of12("")
			delete(is, origin.Executed)
			is[origin.Arrival] = "recorded kind=download | url=" + depotURL + " | address=" + depot
			return is
		}()},

		{"Defender found another file of that path as a download", on(detected(strings.Repeat("0", 64), "webfile", tool+"|"+depotURL+"|pid:4312,ProcessStart:0")), tool, of12("")},

		{"Defender found it as a download, and its content is elsewhere", box("SRV02", day(), without, detected(hash, "webfile", tool+"|"+depotURL)), tool, truth{
			origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.What: "inferred sha256=" + hash,
			origin.Arrival: "inferred kind=download | url=" + depotURL + " | address=" + depot,
		}},

		{"only the Background Activity Moderator and the Amcache have it", box("SRV02", day(), bam("12:05:00"), stock(19)), tool, truth{origin.What: "inferred sha1=" + sha1Of, origin.Executed: "inferred last=2026-03-02T12:05:00Z"}},

		{"it was moved to the recycle bin, and is gone", box("SRV02", day(), recycled(lee.sid)), tool, truth{origin.What: "unknown"}},

		{"its service is new since the copy in RegBack", on(service(config+"SYSTEM", clock("12:10:00"), true), service(config+"RegBack/SYSTEM", clock("07:00:00"), false)), tool,
			starting("state=held | earlier=the copy in RegBack of 2026-03-02T07:00:00Z does not have it")},

		{"its service is only in the copy in RegBack", on(service(config+"SYSTEM", clock("20:00:00"), false), service(config+"RegBack/SYSTEM", clock("13:00:00"), true)), tool,
			starting("state=removed | earlier=the copy in RegBack of 2026-03-02T13:00:00Z has it")},

		{"both saw it", on(bam("12:05:00"), assist("12:05:00", "lee")), tool, of12("inferred last=2026-03-02T12:05:00Z")},
	}
}
