package timeline

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/registry"
)

// orderIn returns the names of the values of a key that lists what was used last, the last
// one first: MRUListEx has their numbers in four bytes each, and ends with -1.
func orderIn(k *registry.Key) ([]string, error) {
	v, err := k.Value("MRUListEx")
	if err != nil {
		return nil, nil
	}
	data, err := v.Data()
	var list []string
	for ; len(data) >= 4; data = data[4:] {
		n := binary.LittleEndian.Uint32(data)
		if n == 0xffffffff {
			break
		}
		list = append(list, strconv.FormatUint(uint64(n), 10))
	}
	return list, err
}

// readOrdered reads the values of a key that lists what was used last. Only the first of
// them was used when the key was written; the others, some time before.
func readOrdered(k *registry.Key, read func(data []byte, offset int64) (path, says string, err error)) ([]timedValue, error) {
	order, damaged := orderIn(k)
	var list []timedValue
	known := map[string]bool{}
	for i, name := range order {
		v, err := k.Value(name)
		if err != nil || known[name] {
			continue
		}
		known[name] = true
		data, err := v.Data()
		if err != nil {
			damaged = cmp.Or(damaged, err)
			continue
		}
		path, says, err := read(data, v.Offset)
		damaged = cmp.Or(damaged, err)
		if path == "" {
			continue
		}
		t := timedValue{value: name, offset: v.Offset, path: path, says: says + ", the last one", fields: []Field{{"Path", path}, {"Order", fmt.Sprint(i)}}}
		if i > 0 {
			t.says = fmt.Sprintf("%s, %d before the last", says, i)
		}
		list = append(list, t)
	}
	return list, damaged
}

// readOpenSave reads which files a user chose in the dialog for opening and saving files:
// each value is a list of items.
func readOpenSave(k *registry.Key) ([]timedValue, error) {
	return readOrdered(k, func(data []byte, offset int64) (string, string, error) {
		items, err := shellitem.Read(data, offset)
		path := shellitem.Display(items)
		return path, path + " was chosen in the dialog for opening and saving files", err
	})
}

// readLastVisited reads in which folder a program had that dialog open: the name of the
// program ends with a NUL, and the items of the folder follow.
func readLastVisited(k *registry.Key) ([]timedValue, error) {
	return readOrdered(k, func(data []byte, offset int64) (string, string, error) {
		name := wtf8.Trim(data)
		rest := data[min(len(name)+2, len(data)):]
		items, err := shellitem.Read(rest, offset)
		path := shellitem.Display(items)
		return path, fmt.Sprintf("%s was open in the dialog for opening and saving files of %s", path, wtf8.String(name)), err
	})
}

// readRecentDocs reads which documents a user opened by way of the shell: the name ends with
// a NUL, and an item of the link to it in the folder Recent follows.
func readRecentDocs(k *registry.Key) ([]timedValue, error) {
	return readOrdered(k, func(data []byte, _ int64) (string, string, error) {
		name := wtf8.String(wtf8.Trim(data))
		return name, name + " was opened by way of the shell", nil
	})
}

// The limits of the folders that BagMRU lists.
const (
	maxBagDepth = 64
	maxBags     = 20_000
)

// readBags reads which folders a user had open in the Explorer (shellbags): each value with
// a number is an item, and the key of that name below has the folders in it. The last one
// of a key was open when the key was written; the others, some time before.
func readBags(k *registry.Key) ([]timedValue, error) {
	var list []timedValue
	var damaged error
	var walk func(k *registry.Key, above []shellitem.Item, name string)
	walk = func(k *registry.Key, above []shellitem.Item, name string) {
		order, err := orderIn(k)
		damaged = cmp.Or(damaged, err)
		for i, number := range order {
			v, err := k.Value(number)
			if err != nil || len(list) >= maxBags {
				continue
			}
			data, err := v.Data()
			if err != nil {
				damaged = cmp.Or(damaged, err)
				continue
			}
			items, err := shellitem.Read(data, v.Offset)
			damaged = cmp.Or(damaged, err)
			items = append(above[:len(above):len(above)], items...)
			value := strings.TrimPrefix(name+`\`+number, `\`)
			if path := shellitem.Display(items); path != "" {
				t := timedValue{at: k.LastWrite, desc: "Content Modification Time", value: value, offset: v.Offset, path: path,
					says: path + " was open in the Explorer, the last one of its folder", fields: []Field{{"Path", path}, {"Order", fmt.Sprint(i)}}}
				if i > 0 {
					t.says = fmt.Sprintf("%s was open in the Explorer, %d before the last one of its folder", path, i)
				}
				list = append(list, t)
			}
			if below, err := k.Subkey(number); err == nil && len(above) < maxBagDepth {
				walk(below, items, value)
			}
		}
	}
	walk(k, nil, "")
	return list, damaged
}
