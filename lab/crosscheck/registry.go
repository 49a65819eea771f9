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

// Both sides give keys, by their path, and values, by the path of their key and their
// name in brackets. Each has the offset of its cell.

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

// keyName returns the path of a key, which is a backslash for the root.
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

// maxDepth is the deepest level of keys that Windows allows. The caller of regparser
// must end a walk through keys that form a cycle.
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
		// Its time is compared as it is, even for a FILETIME of 0.
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

// cellHeader is the size of a cell's header, in bytes. regparser's offsets are those of
// a cell's content; ours are those of the cell.
const cellHeader = 4
