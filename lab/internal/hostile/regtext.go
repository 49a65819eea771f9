package hostile

import (
	"bytes"
	"os"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// RegText makes a hive of a registration file, and reads it.
func RegText(path string, emit func(child.Record)) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	h, err := registrytest.ParseReg(text)
	if err != nil {
		return 0, err
	}
	data, err := h.Bytes()
	if err != nil {
		return 0, err
	}
	r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return 0, err
	}
	for k, err := range r.Keys() {
		if err != nil {
			return 0, err
		}
		emit(child.Record{Key: k.Path(), Offset: -1})
	}
	return 0, nil
}

// regTextFields finds what separates the parts of a registration file, in UTF-16LE if it
// has a byte order mark.
func regTextFields(data []byte) []field {
	start, width := 0, 1
	if bytes.HasPrefix(data, []byte{0xff, 0xfe}) {
		start, width = 2, 2
	}
	list := []field{{0, 2, "byte order mark", []uint64{0xfeff, 0xfffe, 0xbbef}}}
	kinds := map[byte]string{'[': "bracket", ']': "bracket", '"': "quote", '\\': "backslash", ',': "comma", ':': "colon", '=': "equals sign", ';': "comment", '@': "default value", '-': "deletion", '\n': "line break", '(': "type"}
	for at := start; at+width <= len(data); at += width {
		if kind := kinds[data[at]]; kind != "" && (width == 1 || data[at+1] == 0) {
			list = append(list, field{at, width, kind, []uint64{'[', ']', '"', '\\', ',', ':', '=', ';', '@', '-', '\n', '(', 0, 0xd800}})
		}
	}
	return list
}

// sampleRegTexts returns registration files in all encodings.
func sampleRegTexts() (map[string][]byte, error) {
	const text = "Windows Registry Editor Version 5.00\r\n\r\n;@time=2026-03-02T13:42:09Z\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\a]\r\n" +
		"\"ImagePath\"=hex(2):43,00,3a,00,\\\r\n  5c,00,61,00,00,00\r\n\"Start\"=dword:00000002\r\n@=\"a \\\"text\\\" \\\\ \"\r\n\"gone\"=-\r\n;@deleted\r\n" +
		"[HKEY_LOCAL_MACHINE\\SYSTEM\\Select]\r\n;@class=c\r\n\"Current\"=dword:1\r\n\"m\"=hex(7):61,00,00,00,00,00\r\n[-HKEY_LOCAL_MACHINE\\SYSTEM\\b]\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\x\\y\\z]\r\n;@owner=S-1-5-18\r\n;@deleted\r\n"
	wide := []byte{0xff, 0xfe}
	for _, c := range []byte(text) {
		wide = append(wide, c, 0)
	}
	return map[string][]byte{"utf8.reg": []byte(text), "utf16.reg": wide, "ansi.reg": []byte("REGEDIT4\n[HKEY_CURRENT_USER\\b\xfccher]\n\"\x80\"=hex(2):80,00\n\"s\"=str(1):\"\x80\"\n")}, nil
}
