package cli

import (
	"io"
	"strings"
	"testing"
)

// The password comes from the environment. Without it a program that runs in no terminal
// says how to give it.
func TestPassword(t *testing.T) {
	var errs strings.Builder
	p := New("origin", "", io.Discard, &errs)
	t.Setenv(PasswordVariable, "secret")
	if got, err := p.Password("a.zip")(); got != "secret" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	t.Setenv(PasswordVariable, "")
	if got, err := p.Password("a.zip")(); got != "" || err == nil || !strings.Contains(err.Error(), PasswordVariable) {
		t.Errorf("%q, %v", got, err)
	}
	if errs.Len() > 0 {
		t.Errorf("printed %q", errs.String())
	}
}

func TestReadLine(t *testing.T) {
	for in, want := range map[string]string{"secret\n": "secret", "secret\r\nmore\n": "secret", " a b ": " a b ", "\n": ""} {
		if got, err := readLine(strings.NewReader(in)); got != want || err != nil {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	if _, err := readLine(strings.NewReader("")); err != io.EOF {
		t.Errorf("nothing: %v", err)
	}
}
