package timeline

// The words of messages.

// dash returns "" for the dash that Windows logs where there is nothing to log.
func dash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

func or(s, otherwise string) string {
	if s = dash(s); s == "" {
		return otherwise
	}
	return s
}

// with returns ", name: value", nothing for no value.
func with(name, value string) string {
	if value = dash(value); value == "" {
		return ""
	}
	return ", " + name + ": " + value
}
