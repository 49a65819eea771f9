package evtx_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// data writes an instance whose EventData has the given content.
func data(content func(*assembler), values ...wire) func(*assembler) {
	return func(a *assembler) {
		a.header()
		a.instance(func() {
			a.element("Event", nil, func() { a.element("EventData", nil, func() { content(a) }) })
		}, values...)
		a.put(0)
	}
}

// untemplated writes an EventData with the given content, without a template.
func untemplated(content func(*assembler)) func(*assembler) {
	return func(a *assembler) {
		a.header()
		a.element("Event", nil, func() { a.element("EventData", nil, func() { content(a) }) })
		a.put(0)
	}
}

// named writes a Data element.
func named(a *assembler, name string, content func()) {
	a.element("Data", func() { a.attr("Name", func() { a.text(name) }) }, content)
}

// nested returns a BinXML value that is at an offset of the chunk.
func nested(base int, write func(*assembler)) wire {
	a := &assembler{base: base, bare: true}
	write(a)
	return wire{evtx.BinXMLType, a.buf}
}

// inValue writes an Event that holds only a BinXML value.
func inValue(write func(*assembler)) func(*assembler) {
	return func(a *assembler) {
		a.header()
		a.instance(func() { a.element("Event", nil, func() { a.slot(0) }) }, wire{evtx.BinXMLType, nil})
		// The value is at the end, so its offset is not known before.
		v := nested(a.at(), write)
		le.PutUint16(a.buf[len(a.buf)-4:], uint16(len(v.data)))
		a.put(v.data...)
		a.put(0)
	}
}

// rendered is a record and its output.
type rendered struct {
	name      string
	write     func(*assembler)
	json, xml string // below Event; the lines of XML without their indentation
	differs   string // why evtx_dump prints something else; empty if it does not
}

// binXML holds records with every token of binary XML.
var binXML = []rendered{
	{"literal text", data(func(a *assembler) { named(a, "A", func() { a.text("x <&> \"y\"") }) }),
		`{"EventData":{"A":"x <&> \"y\""}}`, `<EventData> <Data Name="A">x &lt;&amp;&gt; "y"</Data> </EventData>`, ""},
	{"text after text", data(func(a *assembler) { named(a, "A", func() { a.text("x"); a.text("y") }) }),
		`{"EventData":{"A":"xy"}}`, `<EventData> <Data Name="A">xy</Data> </EventData>`, ""},
	{"a start tag that ends its element", data(func(a *assembler) { named(a, "A", nil) }),
		`{"EventData":{"A":""}}`, `<EventData> <Data Name="A"/> </EventData>`, ""},
	{"CDATA", data(func(a *assembler) { named(a, "A", func() { a.cdata("<b>") }) }),
		`{"EventData":{"A":"<b>"}}`, `<EventData> <Data Name="A">&lt;b&gt;</Data> </EventData>`, "xml: a CDATA section is kept, with the same text"},
	{"a character reference", data(func(a *assembler) { named(a, "A", func() { a.text("a"); a.charRef('A') }) }),
		`{"EventData":{"A":"aA"}}`, `<EventData> <Data Name="A">aA</Data> </EventData>`, "xml: a reference is kept, to the same character"},
	{"references to both halves of a pair", data(func(a *assembler) {
		named(a, "A", func() { a.text("a"); a.charRef(0xd83d); a.charRef(0xde00); a.text("b") })
	}),
		`{"EventData":{"A":"a😀b"}}`, `<EventData> <Data Name="A">a😀b</Data> </EventData>`, "references to something that is not a character are not XML"},
	{"references to both halves of a pair, without a template", untemplated(func(a *assembler) {
		named(a, "A", func() { a.charRef(0xd83d); a.charRef(0xde00) })
	}),
		`{"EventData":{"A":"😀"}}`, `<EventData> <Data Name="A">😀</Data> </EventData>`, "references to something that is not a character are not XML"},
	{"references to both halves of a pair in an attribute", untemplated(func(a *assembler) {
		a.element("X", func() { a.attr("v", func() { a.charRef(0xd83d); a.charRef(0xde00) }) }, nil)
	}),
		`{"EventData":{"X":{"#attributes":{"v":"😀"}}}}`, `<EventData> <X v="😀"/> </EventData>`, "references to something that is not a character are not XML"},
	{"a pair whose halves are in the text and in a value", data(func(a *assembler) {
		named(a, "A", func() { a.text("\xed\xa0\xbd"); a.slot(0) })
	}, str("\xed\xb8\x80")),
		`{"EventData":{"A":"😀"}}`, `<EventData> <Data Name="A">😀</Data> </EventData>`, "it replaces each half"},
	{"a reference to half of a pair", data(func(a *assembler) { named(a, "A", func() { a.charRef(0xd800) }) }),
		`{"EventData":{"A":"` + "\ufffd" + `"}}`, `<EventData> <Data Name="A">_</Data> </EventData>`, "a reference to something that is not a character is not XML"},
	{"entity references", data(func(a *assembler) {
		named(a, "A", func() { a.entity("lt"); a.entity("gt"); a.entity("amp"); a.entity("quot"); a.entity("apos") })
	}),
		`{"EventData":{"A":"<>&\"'"}}`, `<EventData> <Data Name="A">&lt;&gt;&amp;"'</Data> </EventData>`, "xml: references are kept, to the same characters"},
	{"an unknown entity", data(func(a *assembler) { named(a, "A", func() { a.entity("nbsp") }) }),
		`{"EventData":{"A":"&nbsp;"}}`, `<EventData> <Data Name="A">&amp;nbsp;</Data> </EventData>`, "xml: a reference to an entity that is not declared is not XML"},
	{"a processing instruction", data(func(a *assembler) { named(a, "A", func() { a.pi("go", "x?>y") }) }),
		`{"EventData":{"A":""}}`, `<EventData> <Data Name="A"><?go x? >y?></Data> </EventData>`, "xml: an instruction that contains its end is not XML"},
	{"an entity in an attribute", func(a *assembler) {
		a.header()
		a.instance(func() {
			a.element("Event", nil, func() {
				a.element("UserData", nil, func() {
					a.element("X", func() { a.attr("v", func() { a.text("a"); a.entity("amp"); a.text("b") }) }, nil)
				})
			})
		})
		a.put(0)
	}, `{"UserData":{"X":{"#attributes":{"v":"a&b"}}}}`, `<UserData> <X v="a&amp;b"/> </UserData>`, ""},
	{"names that XML does not allow", func(a *assembler) {
		a.header()
		a.instance(func() {
			a.element("Event", nil, func() {
				a.element("1:2:<x y/>", func() {
					a.attr("a:b", func() { a.text("1") })
					a.attr("a b", func() { a.text("2") })
					a.attr("a=b", func() { a.text("3") })
				}, nil)
				a.element("", nil, nil)
			})
		})
		a.put(0)
	}, `{"1:2:<x y/>":{"#attributes":{"a:b":"1","a b":"2","a=b":"3"}},"":null}`, `<__2__x_y__ a:b="1" a_b="2" a_b_1="3"/> <_/>`, "xml: evtx_dump writes them as they are, which is not XML"},
	{"a substitution", data(func(a *assembler) { named(a, "A", func() { a.slot(0) }) }, str("x")),
		`{"EventData":{"A":"x"}}`, `<EventData> <Data Name="A">x</Data> </EventData>`, ""},
	{"a substitution between texts", data(func(a *assembler) { named(a, "A", func() { a.text("<"); a.slot(0); a.text(">") }) }, wire{evtx.UInt32Type, []byte{7, 0, 0, 0}}),
		`{"EventData":{"A":"<7>"}}`, `<EventData> <Data Name="A">&lt;7&gt;</Data> </EventData>`, ""},
	{"a slot that the instance lacks", data(func(a *assembler) { named(a, "A", func() { a.slot(9) }) }, str("x")),
		`{"EventData":{"A":""}}`, `<EventData> <Data Name="A"></Data> </EventData>`, ""},
	{"an optional substitution that is null", data(func(a *assembler) {
		a.dependent("Data", 0, func() { a.attr("Name", func() { a.text("A") }) }, func() { a.optional(0) })
		named(a, "B", func() { a.slot(1) })
	}, wire{}, str("y")),
		`{"EventData":{"B":"y"}}`, `<EventData> <Data Name="B">y</Data> </EventData>`, ""},
	{"an optional substitution that is empty", data(func(a *assembler) {
		a.dependent("Data", 0, func() { a.attr("Name", func() { a.text("A") }) }, func() { a.optional(0) })
	}, str("")),
		`{"EventData":{"A":""}}`, `<EventData> <Data Name="A"></Data> </EventData>`, ""},
	{"all elements depend on nulls", data(func(a *assembler) {
		a.dependent("Data", 0, nil, func() { a.optional(0) })
		a.dependent("Binary", 1, nil, func() { a.optional(1) })
	}, wire{}, wire{}),
		`{"EventData":null}`, `<EventData></EventData>`, ""},
	{"the first element depends on a null", data(func(a *assembler) {
		a.dependent("Data", 0, nil, func() { a.optional(0) })
		a.dependent("Binary", 1, nil, func() { a.optional(1) })
	}, wire{}, wire{evtx.BinaryType, []byte{0xca, 0xfe}}),
		`{"EventData":{"Binary":"CAFE"}}`, `<EventData> <Binary>CAFE</Binary> </EventData>`, ""},
	{"an array", data(func(a *assembler) { a.element("Data", nil, func() { a.slot(0) }) }, wire{evtx.StringType | evtx.ArrayFlag, str("a\x00\x00b\x00").data}),
		`{"EventData":{"Data":{"#text":["a","","b"]}}}`, `<EventData> <Data>a</Data> <Data></Data> <Data>b</Data> </EventData>`, ""},
	{"an array of one", data(func(a *assembler) { a.element("Data", nil, func() { a.slot(0) }) }, wire{evtx.StringType | evtx.ArrayFlag, str("a\x00").data}),
		`{"EventData":{"Data":{"#text":"a"}}}`, `<EventData> <Data>a</Data> </EventData>`, ""},
	{"an array of size 0", data(func(a *assembler) { a.element("Data", nil, func() { a.slot(0) }) }, wire{typ: evtx.StringType | evtx.ArrayFlag}),
		`{"EventData":{"Data":{"#text":""}}}`, `<EventData> <Data></Data> </EventData>`, ""},
	{"an array under a name", data(func(a *assembler) { named(a, "A", func() { a.slot(0) }) }, wire{evtx.UInt16Type | evtx.ArrayFlag, []byte{1, 0, 2, 0}}),
		`{"EventData":{"A":[1,2]}}`, `<EventData> <Data Name="A">1</Data> <Data Name="A">2</Data> </EventData>`, ""},
	{"an array in another element", data(func(a *assembler) { a.element("X", nil, func() { a.slot(0) }) }, wire{evtx.UInt16Type | evtx.ArrayFlag, []byte{1, 0, 2, 0}}),
		`{"EventData":{"X":1,"X_1":2}}`, `<EventData> <X>1</X> <X>2</X> </EventData>`, ""},
	{"Data without names", data(func(a *assembler) {
		a.element("Data", nil, func() { a.slot(0) })
		a.element("Binary", nil, func() { a.text("0A") })
		a.element("Data", nil, func() { a.slot(1) })
	}, str("a"), str("b")),
		`{"EventData":{"Data":{"#text":["a","b"]},"Binary":"0A"}}`, `<EventData> <Data>a</Data> <Binary>0A</Binary> <Data>b</Data> </EventData>`, ""},
	{"names that repeat", data(func(a *assembler) {
		named(a, "A", func() { a.slot(0) })
		named(a, "A", func() { a.slot(1) })
		named(a, "B", func() { a.slot(2) })
		named(a, "A", func() { a.slot(3) })
	}, str("1"), str("2"), str("3"), str("4")),
		`{"EventData":{"A":["1","2"],"B":"3","A_1":"4"}}`,
		`<EventData> <Data Name="A">1</Data> <Data Name="A">2</Data> <Data Name="B">3</Data> <Data Name="A">4</Data> </EventData>`, ""},
	{"Data with and without a name", data(func(a *assembler) {
		named(a, "A", func() { a.slot(0) })
		a.element("Data", nil, func() { a.slot(1) })
	}, str("1"), str("2")),
		`{"EventData":{"A":"1","Data":{"#text":"2"}}}`, `<EventData> <Data Name="A">1</Data> <Data>2</Data> </EventData>`,
		"json: evtx_dump drops Data without a name if another one has a name"},
	{"a value of elements", inValue(func(a *assembler) {
		a.header()
		a.element("EventData", nil, func() { a.element("X", nil, func() { a.text("y") }) })
		a.put(0)
	}), `{"EventData":{"X":"y"}}`, `<EventData> <X>y</X> </EventData>`, ""},
	{"a value of elements without a fragment header", inValue(func(a *assembler) {
		a.element("EventData", nil, func() { a.element("X", nil, func() { a.text("y") }) })
		a.put(0)
	}), `{"EventData":{"X":"y"}}`, `<EventData> <X>y</X> </EventData>`, ""},
	{"a value of two elements", inValue(func(a *assembler) {
		a.element("EventData", nil, func() { a.text("x") })
		a.element("RenderingInfo", nil, func() { a.text("y") })
		a.put(0)
	}), `{"EventData":"x","RenderingInfo":"y"}`, `<EventData>x</EventData> <RenderingInfo>y</RenderingInfo>`, ""},
	{"a value with an instance", inValue(func(a *assembler) {
		a.header()
		a.instance(func() { a.element("EventData", nil, func() { named(a, "A", func() { a.slot(0) }) }) }, str("x"))
		a.put(0)
	}), `{"EventData":{"A":"x"}}`, `<EventData> <Data Name="A">x</Data> </EventData>`, ""},
	{"an empty value", inValue(func(*assembler) {}), `null`, ``, ""},
	{"unpaired surrogates", data(func(a *assembler) { named(a, "A", func() { a.slot(0) }) }, str("a\xed\xa0\x80b\xed\xb0\x80")),
		`{"EventData":{"A":"a` + "\ufffdb\ufffd" + `"}}`, `<EventData> <Data Name="A">a_b_</Data> </EventData>`, ""},
	{"controls", data(func(a *assembler) { named(a, "A", func() { a.slot(0) }) }, str("\x1b[2J\t\n\u009b\uffff")),
		`{"EventData":{"A":"\u001b[2J\t\n\u009b\uffff"}}`, `<EventData> <Data Name="A">_[2J` + "\t\n" + `&#x9b;_</Data> </EventData>`, "the control U+009B is not escaped"},
	{"text after a NUL", data(func(a *assembler) { named(a, "A", func() { a.slot(0) }) }, str("shown\x00hidden")),
		`{"EventData":{"A":"shown"}}`, `<EventData> <Data Name="A">shown</Data> </EventData>`, ""},
}

func TestBinXML(t *testing.T) {
	for _, tt := range slices.Concat(binXML, literalRecords()) {
		t.Run(tt.name, func(t *testing.T) {
			rec := only(t, rawLog(tt.write))
			got, err := rec.AppendJSON(nil)
			if want := `{"Event":` + tt.json + `}`; err != nil || string(got) != want {
				t.Errorf("JSON: %v\n got  %s\n want %s", err, got, want)
			}
			got, err = rec.AppendXML(nil)
			lines := strings.Split(string(got), "\n  ")
			for i, l := range lines {
				lines[i] = strings.TrimLeft(strings.TrimSuffix(l, "\n"), " ")
			}
			want := strings.Join(strings.Fields("<Event> "+tt.xml+" </Event>"), " ")
			if have := strings.Join(strings.Fields(strings.ReplaceAll(strings.Join(lines, " "), "\n</", " </")), " "); err != nil || strings.ReplaceAll(have, "<Event></Event>", "<Event> </Event>") != want {
				t.Errorf("XML: %v\n got  %s\n want %s", err, have, want)
			}
		})
	}
}

// evtx_dump prints the same, except for the differences that the table explains.
func TestBinXMLOfEvtxDump(t *testing.T) {
	tool := testenv.Tool(t, "evtx_dump")
	for _, tt := range slices.Concat(binXML, literalRecords()) {
		t.Run(tt.name, func(t *testing.T) {
			log := rawLog(tt.write)
			name := filepath.Join(t.TempDir(), "log.evtx")
			if err := os.WriteFile(name, log, 0o600); err != nil {
				t.Fatal(err)
			}
			rec := only(t, log)
			js, _ := rec.AppendJSON(nil)
			xm, _ := rec.AppendXML(nil)
			same := true
			for format, ours := range map[string]string{
				"jsonl": string(js) + "\n",
				"xml":   "Record 1\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + string(xm) + "\n",
			} {
				theirs, err := exec.Command(tool, "-t", "1", "-o", format, name).Output()
				if err != nil || string(theirs) != ours {
					same = false
					if tt.differs == "" {
						t.Errorf("%s: %v\n ours   %s\n theirs %s", format, err, ours, theirs)
					}
				}
			}
			if same && tt.differs != "" {
				t.Errorf("no difference, but: %s", tt.differs)
			}
		})
	}
}
