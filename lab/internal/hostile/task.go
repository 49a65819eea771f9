package hostile

// markup are the characters of XML, and some that it does not allow.
var markup = []uint64{'<', '>', '/', '&', ';', '"', '!', '?', '=', ' ', 'A', 0, 1, 0xfffe}

// taskFields finds the markup of a task, in UTF-16LE if it has a byte order mark.
func taskFields(data []byte) []field {
	var list []field
	start, width := 0, 1
	if len(data) > 1 && data[0] == 0xff && data[1] == 0xfe {
		list = append(list, field{0, 2, "byte order mark", []uint64{0xfffe, 0xbbef, '<'}})
		start, width = 2, 2
	}
	for at := start; at < len(data); at += width {
		if width == 2 && at+1 < len(data) && data[at+1] != 0 {
			continue
		}
		kind := ""
		switch data[at] {
		case '<', '>', '/':
			kind = "markup"
		case '&', ';':
			kind = "entity"
		case '"', '=':
			kind = "quote"
		case '.', '\\', '%':
			kind = "path"
		default:
			continue
		}
		list = append(list, field{at, width, kind, markup})
	}
	return list
}
