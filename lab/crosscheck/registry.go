package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"

	"www.velocidex.com/golang/regparser"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lab/internal/records"
	"github.com/birthmark-dfir/birthmark/registry"
)

// Both sides give keys and values, each at the place of its cell: a key by its
// path, a value by the path of its key and its name in brackets.

func ourRegistry(path string, emit func(child.Record)) (int, error) {
	r, err := registry.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := 0
	for key, err := range r.Keys() {
		if err != nil {
			damaged++
			continue
		}
		var l list
		l.add("name", key.Name)
		l.add("last write", records.Time(key.LastWrite))
		emit(child.Record{Key: keyName(key.Path()), Offset: key.Offset, Fields: l})
		for v, err := range key.Values() {
			if err != nil {
				damaged++
				continue
			}
			data, err := v.Data()
			if err != nil {
				damaged++
			}
			emit(value(key.Path(), v.Offset, v.Name, uint32(v.Type), data))
		}
	}
	return damaged, nil
}

// keyName is the path of a key, a backslash for the root.
func keyName(path string) string {
	if path == "" {
		return `\`
	}
	return path
}

func value(key string, offset int64, name string, kind uint32, data []byte) child.Record {
	var l list
	l.add("value name", name)
	l.add("type", strconv.FormatUint(uint64(kind), 10))
	l.add("data", records.Data(data))
	return child.Record{Key: fmt.Sprintf("%s [%s]", keyName(key), name), Offset: offset, Fields: l}
}

// maxDepth is how deep Windows lets keys lie. Regparser leaves it to its caller
// to end a walk through a hive whose keys run in a circle.
const maxDepth = 512

func regparserHive(path string, emit func(child.Record)) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	hive, err := regparser.NewRegistry(bytes.NewReader(data)) // it reads byte by byte
	if err != nil {
		return 0, err
	}
	root := hive.OpenKey("")
	if root == nil {
		return 0, errors.New("no root key")
	}
	seen := map[int64]bool{}
	var walk func(path string, key *regparser.CM_KEY_NODE, depth int)
	walk = func(path string, key *regparser.CM_KEY_NODE, depth int) {
		if depth > maxDepth || seen[key.Offset] {
			return
		}
		seen[key.Offset] = true
		var l list
		l.add("name", key.Name())
		// A time it gives as it is; zero is its own affair.
		l.add("last write", records.Time(key.LastWriteTime().Time))
		emit(child.Record{Key: keyName(path), Offset: key.Offset - cellHeader, Fields: l})
		for _, v := range key.Values() {
			data := v.ValueData()
			emit(value(path, v.Offset-cellHeader, v.ValueName(), data.Type, data.Data))
		}
		for _, sub := range key.Subkeys() {
			below := sub.Name()
			if path != "" {
				below = path + `\` + below
			}
			walk(below, sub, depth+1)
		}
	}
	walk("", root, 0)
	return 0, nil
}

// cellHeader is the size of a cell in front of what it holds, in bytes.
// Regparser's offsets are behind it, ours before.
const cellHeader = 4
