package timeline

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

const detectionFolder = "ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory"

// isDetection reports whether a file is one of the detection history: its name is a GUID,
// and the folder above its own is DetectionHistory.
func isDetection(name string) bool {
	ok, _ := path.Match("????????-????-????-????-????????????", path.Base(name))
	return ok && winpath.SameName(path.Base(path.Dir(path.Dir(name))), "DetectionHistory")
}

// addDetection reads a file of the detection history. Its event has the path of the first
// file among the resources.
func (t *Timeline) addDetection(_ context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "detection history", Type: TypeDetection, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := detectionhistory.OpenFS(t.vol, artifact, detectionhistory.WithName(path.Base(artifact)))
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		return nil
	}
	defer r.Close()
	for p := range r.Problems() {
		c.State = Partly
		c.add(p)
	}
	d := r.Detection()
	c.Records = 1
	c.saw(d.Detected)
	if d.Detected.IsZero() {
		return nil
	}
	e := Event{
		Time: d.Detected, Desc: "Detected", Kind: MalwareDetected, Data: d, User: d.User,
		Source: Source{Artifact: artifact, Record: d.ID.String(), Offset: 0, Type: TypeDetection},
		Fields: []Field{{"Threat", d.Threat}, {"User", d.User}, {"Process", d.Process}},
	}
	var from []string
	for i := range d.Resources {
		res := &d.Resources[i]
		e.Fields = append(e.Fields, Field{res.Type, res.Path})
		if sum := res.SHA256(); sum != "" {
			e.Fields = append(e.Fields, Field{"SHA256", sum})
		}
		file, _ := res.File()
		if e.Path == "" && strings.HasSuffix(res.Type, "file") {
			e.Path = winpath.Normalize(t.opt.drive, file)
		}
		if web, ok := res.Web(); ok {
			from = append(from, fmt.Sprintf("%s, saved by process %d", web.URL, web.PID))
		}
	}
	e.Message = fmt.Sprintf("Defender found %s in %s", d.Threat, e.Path)
	if len(from) > 0 {
		e.Message += ", from " + strings.Join(from, " and ")
	}
	t.sources = append(t.sources, readySource{MalwareDetected, []Event{e}})
	return nil
}
