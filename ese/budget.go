package ese

import "github.com/birthmark-dfir/birthmark/damage"

// Budget reads values for a caller that keeps them. Records may share one long value, so an
// attacker can write a database whose values have much more together than the file. A
// Budget returns them up to 8 times the size of the file, and then an error for each that
// is not in the record itself.
type Budget struct{ left int64 }

// NewBudget returns a Budget for one pass over a database.
func (r *Reader) NewBudget() *Budget { return &Budget{8 * r.Size()} }

// Value is [Row.Value] within the budget.
func (b *Budget) Value(row *Row, c *Column) (Value, error) {
	if b.left < 0 && c != nil && c.ID >= firstTagged {
		return Value{typ: c.Type}, row.in(row.column(c, damage.New("values", row.Offset, "more", "8 times the size of the file")))
	}
	v, err := row.Value(c)
	b.left -= int64(len(v.raw))
	return v, err
}
