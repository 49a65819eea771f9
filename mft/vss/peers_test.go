package vss_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/vss"
	"github.com/birthmark-dfir/birthmark/winid"
)

// seen is what a tool finds of a snapshot.
type seen struct {
	Size    int64  `json:"size"`
	Created uint64 `json:"created"`
	Store   string `json:"store"`
	ID      string `json:"id"`
	Set     string `json:"set"`
	Hash    string `json:"hash"`
}

// libvshadow reads a volume with libvshadow: the library of vshadowinfo and vshadowmount.
const libvshadow = `
import sys, json, hashlib, pyvshadow
v = pyvshadow.volume()
v.open(sys.argv[1])
out = []
for s in v.stores:
    h = hashlib.sha256()
    s.seek(0)
    n = s.volume_size
    while n > 0:
        b = s.read(min(n, 1 << 20))
        if not b:
            break
        h.update(b)
        n -= len(b)
    out.append({"size": s.volume_size, "created": s.get_creation_time_as_integer(), "store": s.identifier,
        "id": s.copy_identifier, "set": s.copy_set_identifier, "hash": h.hexdigest()})
json.dump(out, sys.stdout)
`

// compareWithPeers compares what libvshadow finds on a volume with what we find.
func compareWithPeers(t *testing.T, name string, image []byte) {
	t.Helper()
	if testing.Short() {
		return
	}
	file := filepath.Join(t.TempDir(), "volume.raw")
	if err := os.WriteFile(file, image, 0o600); err != nil {
		t.Fatal(err)
	}
	python, ok := peer(t)
	if !ok {
		return
	}
	out, err := exec.Command(python, "-c", libvshadow, file).Output()
	if err != nil {
		t.Errorf("%s: libvshadow: %v", name, err)
		return
	}
	var theirs []seen
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	ours := open(t, image).Snapshots()
	if len(ours) != len(theirs) {
		t.Errorf("%s: %d snapshots, libvshadow finds %d", name, len(ours), len(theirs))
		return
	}
	for i, s := range ours {
		if got := look(t, s); got != theirs[i] {
			t.Errorf("%s: snapshot %d:\n got %+v\nwant %+v", name, s.Number, got, theirs[i])
		}
	}
}

var interpreter struct {
	asked bool
	path  string
}

// peer returns the Python that has libvshadow. Without it the other comparisons of a test
// go on.
func peer(t *testing.T) (string, bool) {
	if !interpreter.asked {
		interpreter.asked = true
		t.Run("libvshadow", func(t *testing.T) { interpreter.path = testenv.Python(t, "pyvshadow") })
	}
	return interpreter.path, interpreter.path != ""
}

func look(t testing.TB, s *vss.Snapshot) seen {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(s, 0, s.Size)); err != nil {
		t.Error(err)
	}
	lower := func(g vss.GUID) string {
		text, _ := winid.GUID(g).MarshalText()
		return string(asciiLower(text))
	}
	return seen{s.Size, filetime.Ticks(s.Created), lower(s.StoreID), lower(s.ID), lower(s.SetID), hex.EncodeToString(h.Sum(nil))}
}

func asciiLower(b []byte) []byte {
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return b
}

func TestPeersReadWhatTheWriterWrites(t *testing.T) {
	for name, v := range specimens() {
		if len(v.Snapshots) != 0 { // libvshadow wants one
			compareWithPeers(t, name, write(t, v))
		}
	}
}
