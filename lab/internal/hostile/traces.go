package hostile

import (
	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/detectionhistory/detectionhistorytest"
	"github.com/birthmark-dfir/birthmark/pca"
	"github.com/birthmark-dfir/birthmark/pca/pcatest"
	"github.com/birthmark-dfir/birthmark/recyclebin"
	"github.com/birthmark-dfir/birthmark/recyclebin/recyclebintest"
)

// recycleFields finds the fields of an information file of the recycle bin.
func recycleFields(data []byte) []field {
	if len(data) < 30 {
		return nil
	}
	return []field{{0, 8, "version", []uint64{1, 2, 3}}, {8, 8, "size", nil}, {16, 8, "time of the deletion", nil}, {24, 4, "length of the path", nil}}
}

// detectionFields finds the sizes and types of the values of a detection.
func detectionFields(data []byte) []field {
	var list []field
	for at := 0; at+8 <= len(data) && len(list) < 400; {
		list = append(list, field{at, 4, "size of a value", nil}, field{at + 4, 4, "type of a value", []uint64{5, 6, 8, 0x0a, 0x15, 0x1e, 0x28}})
		size, kind := int(le.Uint32(data[at:])), le.Uint32(data[at+4:])
		if size < 0 || size > len(data)-at-8 {
			break
		}
		switch {
		case kind == 0x28 && size > 32:
			list = append(list, field{at + 8 + 24, 4, "size of a name in tracking", nil})
		case kind == 6 && size == 4:
			list = append(list, field{at + 8, 4, "number", nil})
		}
		at = (at + 8 + size + 7) &^ 7
	}
	return list
}

func sampleRecycled() (map[string][]byte, error) {
	list := map[string][]byte{}
	for name, i := range map[string]recyclebin.Info{
		"version1": {Version: 1, Size: 7168, Deleted: sampleTime, Path: `C:\Data\日本.exe`}, "version2": {Version: 2, Size: 7168, Deleted: sampleTime, Path: `C:\Data\日本.exe`},
	} {
		b, err := recyclebintest.Bytes(i)
		if err != nil {
			return nil, err
		}
		list[name] = b
	}
	return list, nil
}

func samplePCA() (map[string][]byte, error) {
	return map[string][]byte{
		"launched": pcatest.Bytes(pca.Entry{Time: sampleTime, Path: `C:\Data\日本.exe`}, pca.Entry{Time: sampleTime, Path: `C:\b.exe`}),
		"general":  pcatest.Bytes(pca.Entry{Time: sampleTime, General: true, Status: "2", Path: `%programfiles%\x.exe`, Message: "Abnormal process exit with code 0x1"}),
	}, nil
}

func sampleDetections() (map[string][]byte, error) {
	return map[string][]byte{"webfile": detectionhistorytest.Bytes(detectionhistory.Detection{
		ThreatID: 7, Threat: "Trojan:Win32/X", Detected: sampleTime, Changed: sampleTime, User: `CORP\anna`, Process: `C:\Windows\explorer.exe`,
		Resources: []detectionhistory.Resource{
			{Type: "file", Path: `C:\Data\a.zip->x.exe`, Tracking: []detectionhistory.Value{{Name: "ThreatTrackingSha256", Value: "ab"}, {Name: "ThreatTrackingSize", Value: "7"}}},
			{Type: "webfile", Path: `C:\Data\a.zip|https://example.net/a.zip|pid:44,ProcessStart:134169264001234567`},
		},
	})}, nil
}
