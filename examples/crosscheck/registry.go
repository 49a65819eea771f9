package main

import (
	"errors"
	"os"
	"strconv"
	"strings"

	"www.velocidex.com/golang/regparser"

	"github.com/birthmark-dfir/birthmark/internal/child"
	"github.com/birthmark-dfir/birthmark/internal/records"
)

func regparserHive(path string, emit func(child.Record)) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	hive, err := regparser.NewRegistry(f)
	if err != nil {
		return 0, err
	}
	root := hive.OpenKey("")
	if root == nil {
		return 0, errors.New("no root key")
	}
	var walk func(path string, key *regparser.CM_KEY_NODE)
	walk = func(path string, key *regparser.CM_KEY_NODE) {
		var fields []child.Field
		if t := key.LastWriteTime(); t != nil {
			fields = append(fields, child.Field{Name: "last_write", Value: records.Time(t.Time)})
		}
		for _, v := range key.Values() {
			data := v.ValueData()
			fields = append(fields, child.Field{
				Name:  "value " + v.ValueName(),
				Value: strconv.FormatUint(uint64(data.Type), 10) + " " + records.Data(data.Data),
			})
		}
		emit(child.Record{Key: path, Offset: key.Offset, Fields: fields})
		for _, sub := range key.Subkeys() {
			walk(strings.TrimPrefix(path+`\`+sub.Name(), `\`), sub)
		}
	}
	walk("", root)
	return 0, nil
}

// hiveRules make the two readings of a key comparable.
var hiveRules = []rule{
	{"times cut to whole seconds", cutToSeconds},
}

// cutToSeconds undoes what a parser that keeps whole seconds cannot say.
func cutToSeconds(v string) string {
	if i := strings.IndexByte(v, '.'); i == 19 && strings.HasSuffix(v, "Z") {
		return v[:i] + "Z"
	}
	return v
}
