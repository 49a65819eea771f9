package origin_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	want := os.Getenv("STORY")
	if want == "" {
		t.Skip()
	}
	for _, s := range stories() {
		if !strings.HasPrefix(s.name, want) {
			continue
		}
		r := s.report(t)
		fmt.Println("##", s.name, "missed:", s.missed(r))
		for i := range r.Answers {
			a := &r.Answers[i]
			if ask := os.Getenv("ASK"); ask != "" && !strings.Contains(ask, string(a.Question)) {
				continue
			}
			fmt.Printf("%-12s %s/%s truth=%q lies=%v\n   %s\n   facts %v\n   rivals %v\n", a.Question, a.Grade, a.UnknownBecause, s.truth[a.Question], s.lies(a), a.Answer, a.Facts, a.Rivals)
		}
		for _, c := range r.Contradictions {
			fmt.Println("  !!", c.Kind, c.Text)
		}
		if false {
		}
	}
}
