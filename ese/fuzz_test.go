package ese_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
)

// Whatever the bytes: no panic, every error located, and a second reading gives the same.
func FuzzReader(f *testing.F) {
	for _, size := range []int{2048, 16384} {
		db := sample(size)
		for i := range db.Tables {
			db.Tables[i].Rows = db.Tables[i].Rows[:min(len(db.Tables[i].Rows), 12)]
		}
		f.Add(written(f, db))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<20 {
			return
		}
		first := everything(t, raw)
		esetest.Repair(raw)
		repaired := everything(t, raw)
		if first != "" && repaired == "" {
			t.Fatal("a right checksum hides the database")
		}
		if again := everything(t, raw); again != repaired {
			t.Fatal("a second reading differs")
		}
	})
}

// everything reads all values, and returns how many there are and a sum of their sizes.
func everything(t testing.TB, raw []byte) string {
	r, err := ese.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		if !damage.Is(err) {
			t.Fatalf("not located: %v", err)
		}
		return ""
	}
	rows, values, size, failed := 0, 0, 0, 0
	for _, table := range r.Tables() {
		for row, err := range table.Rows() {
			if err != nil {
				if !damage.Is(err) {
					t.Fatalf("not located: %v", err)
				}
				failed++
				continue
			}
			rows++
			for _, c := range table.Columns() {
				all, err := row.Values(c)
				if err != nil {
					if !damage.Is(err) {
						t.Fatalf("not located: %v", err)
					}
					failed++
				}
				for _, v := range all {
					values, size = values+1, size+len(v.Bytes())
					_ = v.Any()
				}
			}
		}
	}
	for p := range r.Problems() {
		_ = p.String()
	}
	return fmt.Sprint(rows, values, size, failed)
}
