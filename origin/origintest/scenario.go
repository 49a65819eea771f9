package origintest

import (
	"bytes"
	"io/fs"
	"maps"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A Scenario is a machine with one file under investigation. The methods that change
// something return a changed copy.
type Scenario struct {
	Name    string // for tests: the variant, and what was removed
	Subject string // path of the file, as Windows writes it

	noSysmon, unaudited, cleared, stomped bool
	absent                                map[string]bool
	traces                                []string // by their names
}

// SQLServer is the web server that launched sqlserver.exe.
func SQLServer() *Scenario {
	return &Scenario{Name: "sqlserver", Subject: subject}
}

func (s *Scenario) variant(name string, change func(*Scenario)) *Scenario {
	c := *s
	c.absent = maps.Clone(s.absent)
	c.Name += ", " + name
	change(&c)
	return &c
}

// NoSysmon is the same machine without Sysmon.
func (s *Scenario) NoSysmon() *Scenario {
	return s.variant("no Sysmon", func(c *Scenario) { c.noSysmon = true })
}

// Unaudited is the same machine without Sysmon and without the audit of processes (4688,
// 4689), as Windows is installed.
func (s *Scenario) Unaudited() *Scenario {
	return s.variant("no Sysmon, processes not audited", func(c *Scenario) { c.noSysmon, c.unaudited = true, true })
}

// SecurityCleared is the same machine with its Security log cleared at the end of the
// day.
func (s *Scenario) SecurityCleared() *Scenario {
	return s.variant("Security log cleared", func(c *Scenario) { c.cleared = true })
}

// TimesStomped is the same machine with the creation time of the file set to one in
// 2019, as it is set for its companion in all variants.
func (s *Scenario) TimesStomped() *Scenario {
	return s.variant("times stomped", func(c *Scenario) { c.stomped = true })
}

// Variants returns the scenario and its variants, on which less is recorded.
func Variants() []*Scenario {
	s := SQLServer()
	return []*Scenario{s, s.NoSysmon(), s.SecurityCleared(), s.TimesStomped(), s.Unaudited()}
}

// subjectStream is the subject's mark of the web, as Sources names it.
const subjectStream = "ProgramData/USOShared/sqlserver.exe:Zone.Identifier"

// Sources returns what Without can remove: paths in the volume.
func (s *Scenario) Sources() []string {
	list := []string{securityLog, systemLog, sessionLog, remoteLog, systemHive, softwareHive, iisLog, subjectStream, volumePath(subject)}
	if !s.noSysmon {
		list = append(list, sysmonLog)
	}
	return list
}

// Without removes one of the Sources.
func (s *Scenario) Without(source string) *Scenario {
	return s.variant("without "+source[strings.LastIndexByte(source, '/')+1:], func(c *Scenario) {
		if c.absent == nil {
			c.absent = map[string]bool{}
		}
		c.absent[source] = true
	})
}

// build is a machine under construction.
type build struct {
	*Scenario
	programs  programs
	processes table
}

func (s *Scenario) build() (*build, error) {
	p, err := newPrograms()
	if err != nil {
		return nil, err
	}
	return &build{Scenario: s, programs: p, processes: processes()}, nil
}

// Image returns the machine's disk: an MBR, a small partition to boot from, and C:.
// The same Scenario gives the same bytes.
func (s *Scenario) Image() ([]byte, error) {
	boot, err := bootPartition()
	if err != nil {
		return nil, err
	}
	system, err := s.volume(systemPartition(boot))
	if err != nil {
		return nil, err
	}
	return mfttest.Disk(mfttest.Partition{Data: boot}, mfttest.Partition{Data: system})
}

// Evidence opens the Image. The caller must close the result.
func (s *Scenario) Evidence() (*evidence.Evidence, error) {
	image, err := s.Image()
	if err != nil {
		return nil, err
	}
	return evidence.New(s.Name, bytes.NewReader(image), int64(len(image)))
}

// Volume returns C: alone, as it is in the Image.
func (s *Scenario) Volume() ([]byte, error) {
	boot, err := bootPartition()
	if err != nil {
		return nil, err
	}
	return s.volume(systemPartition(boot))
}

// Artifacts returns what a triage tool would copy from the Image: the logs, the hives
// and the $MFT, by their paths in the volume.
func (s *Scenario) Artifacts() (map[string][]byte, error) {
	data, err := s.Volume()
	if err != nil {
		return nil, err
	}
	vol, err := mft.NewVolume(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	list := map[string][]byte{}
	err = fs.WalkDir(vol, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && collected(name) && !d.IsDir() {
			list[name], err = fs.ReadFile(vol, name)
		}
		return err
	})
	return list, err
}

// collected reports whether a triage tool copies a file.
func collected(name string) bool {
	return name == masterFileTable || strings.HasPrefix(name, logFolder) || strings.HasPrefix(name, hiveFolder) ||
		strings.HasSuffix(name, "/NTUSER.DAT") || name == iisLog
}

const masterFileTable = "$MFT"

// alignment is the multiple at which partitions begin.
const alignment = 1 << 20

// bootPartition is the volume that the machine boots from.
func bootPartition() ([]byte, error) {
	return mfttest.Volume{Label: "System Reserved", Created: installed, Files: []mfttest.File{{Path: "bootmgr", Data: []byte("stand-in")}}}.Bytes()
}

// systemPartition is the offset of C: on the disk, in bytes. The SYSTEM hive records
// it too.
func systemPartition(boot []byte) int64 {
	return alignment + (int64(len(boot))+alignment-1)/alignment*alignment
}

func (s *Scenario) volume(partition int64) ([]byte, error) {
	b, err := s.build()
	if err != nil {
		return nil, err
	}
	files, err := b.files(partition)
	if err != nil {
		return nil, err
	}
	return mfttest.Volume{Label: "Windows", Serial: volumeSerial, Created: installed, Files: files}.Bytes()
}
