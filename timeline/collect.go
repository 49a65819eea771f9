package timeline

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Collect finds the artifacts of a volume and reads each of them once: the $MFT, the
// event logs, the registry hives, the change journal, the transaction log, scheduled tasks, startup folders, the
// Zone.Identifier streams, and the logs of web servers with the configuration of IIS. On
// a volume with Windows (one that has Windows/System32) it searches the places of
// Windows, ignoring case. In any other folder it searches everywhere, and recognizes
// hives and web logs by their content.
//
// An artifact that cannot be read, or only in part, is reported in the Coverage and
// is never an error. The error is that of ctx, or that vol itself could not be read.
// Vol must stay readable as long as the Timeline is used. Close the Timeline to
// release the files it keeps open.
func Collect(ctx context.Context, vol fs.FS, opts ...Option) (*Timeline, error) {
	elsewhere := ProfilesElsewhere(vol)
	list, err := findArtifacts(ctx, vol, elsewhere)
	if err != nil {
		return nil, err
	}
	o := newOptions(opts)
	t := &Timeline{opt: o, vol: vol, elsewhere: elsewhere, zones: newZoneReader(o.drive), webLogs: map[string]*webSource{}}
	if err := t.collect(ctx, t.withoutCopies(list)); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	if err := t.addUnread(ctx); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	t.overlap = Overlap(t.coverage)
	t.coverage = append(t.coverage, missing(t.Coverage(), t.opt.wants)...)
	slices.SortStableFunc(t.coverage, Coverage.compare)
	return t, nil
}

// collect opens the artifacts in the order of their events that have the same time.
func (t *Timeline) collect(ctx context.Context, list []found) error {
	if vol, ok := t.vol.(*mft.Volume); ok {
		list = slices.DeleteFunc(list, func(f found) bool { return f.sourceType == TypeMFT })
		if t.opt.wants(TypeMFT) || t.opt.wants(TypeZone) || t.opt.wants(TypeIndex) {
			t.addVolume(vol)
		}
	}
	if t.opt.wants(TypeWebLog) {
		list = t.addConfig(list)
	}
	list = slices.DeleteFunc(list, func(f found) bool { return f.sourceType == TypeWebConfig })
	slices.SortStableFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(order(a.sourceType), order(b.sourceType)), cmp.Compare(a.artifact, b.artifact))
	})
	var tasks, startups []found
	for _, f := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch {
		case !t.opt.wants(f.sourceType):
		case f.sourceType == TypeTask:
			tasks = append(tasks, f)
		case f.sourceType == TypeStartup:
			startups = append(startups, f)
		case isWhole(f.sourceType):
			if err := t.addWhole(ctx, f); err != nil {
				return err
			}
		case f.sourceType == TypeWebLog:
			if err := t.addWebLog(ctx, f.artifact); err != nil {
				return err
			}
		default:
			t.add(f)
		}
	}
	t.findAutostarts()
	if t.opt.earlierHives && t.opt.wants(TypeRegistry) {
		t.addEarlierHives()
	}
	t.addLocalTimes()
	t.nameOf = hiveSet(t.hives).resolver()
	if t.opt.wants(TypeEVTX) {
		for _, f := range t.movedLogs() {
			t.add(f)
		}
	}
	if t.opt.wants(TypeTask) {
		if err := t.addTasks(ctx, tasks); err != nil {
			return err
		}
	}
	t.joinTasks()
	if t.opt.wants(TypeStartup) {
		if err := t.addStartups(ctx, startups); err != nil {
			return err
		}
	}
	if !t.opt.wants(TypeZone) {
		return ctx.Err()
	}
	if t.mft == nil {
		if err := t.zones.addFolder(ctx, t.vol); err != nil {
			return err
		}
	}
	t.sources = append(t.sources, readySource{FileMarked, t.zones.events})
	t.coverage = append(t.coverage, t.zones.coverage)
	return ctx.Err()
}

// order is the position of a type among events that have the same time.
func order(sourceType string) int {
	return slices.Index([]string{TypeMFT, TypeIndex, TypeUSN, TypeEVTX, TypeRegistry, TypeTask, TypeStartup, TypeMPLog, TypePrefetch, TypeSRUM, TypeUAL, TypeRecycleBin, TypePCA, TypeDetection, TypeWMI, TypeBITS, TypeJumpList, TypeLink, TypeWebLog, TypeZone}, sourceType)
}

// add opens one artifact.
func (t *Timeline) add(f found) {
	c := Coverage{Artifact: f.artifact, Type: f.sourceType, State: Parsed}
	var s source
	var err error
	switch f.sourceType {
	case TypeMFT:
		s, err = t.openMFT(f.artifact, &c)
	case TypeEVTX:
		s, err = openLog(t.vol, f.artifact, t.opt.drive, t.opt.window, &c)
	case TypeUSN:
		s, err = t.openJournal(f.artifact, &c)
	case TypeLogFile:
		s, err = t.openTransactionLog(f.artifact, &c)
	case TypeRegistry:
		s, err = t.openHive(f.artifact, &c)
	}
	if err != nil {
		c.damaged(err)
		if c.State == Parsed {
			c.State = Damaged
		}
	} else {
		t.sources = append(t.sources, s)
	}
	t.coverage = append(t.coverage, c)
}

// addWebLog adds a web log. Its coverage is known once it has been read.
func (t *Timeline) addWebLog(ctx context.Context, artifact string) error {
	s := newWebSource(t.vol, artifact)
	t.webLogs[artifact] = s
	t.sources = append(t.sources, s)
	t.coverage = append(t.coverage, s.coverage)
	if t.opt.webLogsOnDemand {
		return nil
	}
	return s.read(ctx)
}

func (t *Timeline) openHive(artifact string, c *Coverage) (source, error) {
	h, err := openHive(t.vol, artifact, profileOf(artifact, t.elsewhere), t.opt.asIs, c)
	if err != nil {
		return nil, err
	}
	t.hives = append(t.hives, h)
	return hiveSource{h, t.opt.drive}, nil
}

// openMFT opens an $MFT that is a file. It stays open until Close.
func (t *Timeline) openMFT(artifact string, c *Coverage) (source, error) {
	f, err := fsfile.Open(t.vol, artifact)
	if err != nil {
		return nil, err
	}
	t.closers = append(t.closers, f)
	r, err := mft.NewReader(f, f.Size, t.securityBeside(artifact)...)
	if err != nil {
		return nil, err
	}
	if t.mft == nil {
		t.mft = r
	}
	t.scanMFT(r, nil, c)
	t.addFormerNames(artifact, r)
	return fileSource{artifact, t.opt.drive, r}, nil
}

// securityBeside opens the security descriptors that were collected with an $MFT:
// records since Windows 2000 name their owners by a number that only $Secure:$SDS
// resolves. Collectors that cannot write a colon write an underscore.
func (t *Timeline) securityBeside(artifact string) []mft.Option {
	for _, name := range [...]string{"$Secure:$SDS", "$Secure_$SDS"} {
		if f, err := fsfile.Open(t.vol, path.Join(path.Dir(artifact), name)); err == nil {
			t.closers = append(t.closers, f)
			return []mft.Option{mft.WithSecure(f, f.Size)}
		}
	}
	return nil
}

// addVolume opens the $MFT of an NTFS volume.
func (t *Timeline) addVolume(vol *mft.Volume) {
	t.mft = vol.MFT()
	c := Coverage{Artifact: mftName, Type: TypeMFT, State: Parsed}
	for p := range vol.StructureProblems() {
		c.add(p)
	}
	t.scanMFT(t.mft, vol, &c)
	for p := range vol.IndexProblems() {
		c.add(p)
	}
	if t.opt.wants(TypeMFT) {
		t.sources = append(t.sources, fileSource{mftName, t.opt.drive, t.mft})
		t.coverage = append(t.coverage, c)
	}
	t.addFormerNames(mftName, t.mft)
}

// scanMFT reads an $MFT once, for its coverage and for the marks of the web that it
// lists. Vol is nil if there is only the $MFT.
func (t *Timeline) scanMFT(r *mft.Reader, vol *mft.Volume, c *Coverage) {
	c.Name = mftName
	if t.opt.workers > 1 {
		r.Prepare(t.opt.workers) // an error is that of the scan
	}
	for rec, err := range r.Scan() {
		if err != nil {
			c.damaged(err)
			continue
		}
		c.Records++
		for _, p := range rec.Problems {
			c.add(p)
		}
		created, modified, changed, _ := rec.Times()
		c.saw(created)
		c.saw(modified)
		c.saw(changed)
		t.zones.addRecord(r, vol, rec)
	}
}

// Close releases the files that the Timeline keeps open. It does not close vol.
func (t *Timeline) Close() error {
	var errs []error
	for _, c := range t.closers {
		errs = append(errs, c.Close())
	}
	t.closers = nil
	return errors.Join(errs...)
}

var _ io.Closer = (*Timeline)(nil)
