package main

import (
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

// filesWith are Go files that import packages of module m.
func filesWith(imports map[string]string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, paths := range imports {
		text := "package p\n"
		for path := range strings.FieldsSeq(paths) {
			text += "import _ \"" + path + "\"\n"
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func TestArrowsBetweenRooms(t *testing.T) {
	tests := []struct {
		name    string
		imports map[string]string
		want    []roomArrow
	}{
		{
			name: "down, from room to room",
			imports: map[string]string{
				"birthmark.go":      "m/origin fmt",
				"origin/a.go":       "m/timeline",
				"timeline/a.go":     "m/evtx m/internal/bin",
				"evtx/a.go":         "m/internal/bin",
				"internal/bin/a.go": "example.com/m/evtx",
				"examples/one/a.go": "m",
			},
			want: []roomArrow{
				{".", "origin", false, []string{"."}},
				{"evtx", "internal", false, []string{"evtx"}},
				{"examples", ".", false, []string{"examples/one"}},
				{"origin", "timeline", false, []string{"origin"}},
				{"timeline", "evtx", false, []string{"timeline"}},
				{"timeline", "internal", false, []string{"timeline"}},
			},
		},
		{
			name: "back up, drawn by two packages",
			imports: map[string]string{
				"internal/hostile/a.go": "m/mft m/mft/mfttest",
				"internal/records/a.go": "m/mft",
			},
			want: []roomArrow{{"internal", "mft", true, []string{"internal/hostile", "internal/records"}}},
		},
		{
			name:    "an arrow between brothers runs neither up nor down",
			imports: map[string]string{"evtx/a.go": "m/registry", "damage/a.go": "m/internal/bin"},
			want: []roomArrow{
				{"damage", "internal", false, []string{"damage"}},
				{"evtx", "registry", false, []string{"evtx"}},
			},
		},
		{
			name: "imports that do not count",
			imports: map[string]string{
				"mft/a_test.go":           "m/origin",
				"mft/mfttest/a.go":        "m/evidence",
				"mft/testdata/a.go":       "m/origin",
				"mft/.git/a.go":           "m/origin",
				"mft/fs.go":               "m/mft/mfttest",
				"internal/triagetest/a.c": "m/origin",
			},
		},
		{
			name:    "a test-support package beside another package is an ordinary one",
			imports: map[string]string{"internal/triagetest/a.go": "m/evidence"},
			want:    []roomArrow{{"internal", "evidence", true, []string{"internal/triagetest"}}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := arrowsBetweenRooms(filesWith(test.imports), "m")
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestRoomWithoutFloor(t *testing.T) {
	_, err := arrowsBetweenRooms(filesWith(map[string]string{"attic/a.go": ""}), "m")
	if want := `the table of floors lacks the room "attic"`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
