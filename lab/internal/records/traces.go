package records

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/pca"
	"github.com/birthmark-dfir/birthmark/recyclebin"
)

// RecycleBin emits the record of an information file of the recycle bin.
func RecycleBin(path string, emit func(child.Record)) (int, error) {
	r, err := recyclebin.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	i := r.Info()
	var f fields
	f.set("path", i.Path)
	f.number("size", i.Size)
	f.set("deleted", Time(i.Deleted))
	emit(child.Record{Key: "info", Offset: 0, Fields: f})
	return count(r.Problems()), nil
}

// PCA emits a record for each line of a file of the Program Compatibility Assistant.
func PCA(path string, emit func(child.Record)) (int, error) {
	r, err := pca.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for e, err := range r.Entries() {
		if err != nil {
			continue
		}
		var f fields
		f.set("path", e.Path)
		f.set("time", Time(e.Time))
		f.set("message", e.Message)
		emit(child.Record{Key: "entry", Offset: e.Offset, Fields: f})
	}
	return count(r.Problems()), nil
}

// Detection emits a record for a detection, and for each of its resources.
func Detection(path string, emit func(child.Record)) (int, error) {
	r, err := detectionhistory.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	d := r.Detection()
	var f fields
	f.set("threat", d.Threat)
	f.set("user", d.User)
	f.set("process", d.Process)
	f.set("detected", Time(d.Detected))
	emit(child.Record{Key: "detection", Offset: 0, Fields: f})
	for i := range d.Resources {
		var f fields
		f.set("type", d.Resources[i].Type)
		f.set("path", d.Resources[i].Path)
		f.set("sha256", d.Resources[i].SHA256())
		web, _ := d.Resources[i].Web()
		f.set("url", web.URL)
		emit(child.Record{Key: fmt.Sprint("resource ", i), Offset: -1, Fields: f})
	}
	return count(r.Problems()), nil
}
