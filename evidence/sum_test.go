package evidence_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// The hash is that of the file that was opened, whatever is in it.
func TestSHA256(t *testing.T) {
	image, err := mfttest.Volume{Files: []mfttest.File{{Path: "a.txt", Data: []byte("a")}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	ev, err := evidence.New("a.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	want := sha256.Sum256(image)
	if got, err := ev.SHA256(t.Context()); err != nil || got != hex.EncodeToString(want[:]) {
		t.Errorf("%s, %v; want %x", got, err, want)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := ev.SHA256(stopped); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	folder, err := evidence.OpenFS("case", fstest.MapFS{"a.txt": {}})
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	for _, ev := range []*evidence.Evidence{folder, nil} {
		if _, err := ev.SHA256(t.Context()); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("a folder: %v", err)
		}
	}
}
