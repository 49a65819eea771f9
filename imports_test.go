package birthmark_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/birthmark-dfir/birthmark"

// mayImport lists what each package may import besides the standard library. A name
// that ends in /... means all packages below it.
var mayImport = map[string][]string{
	".": {"ground", "evidence", "origin"},

	"damage": nil,
	"winid":  {"damage", "internal/winpath"},

	"mft":              {"ground"},
	"evtx":             {"ground", "golang.org/x/text/encoding", "unsafe"}, // typed events are filled by offset
	"registry":         {"ground"},
	"pe":               {"ground", "github.com/saferwall/pe/..."},
	"weblog":           {"ground"},
	"task":             {"ground"},
	"lnk":              {"ground", "lnk/shellitem"},
	"mplog":            {"ground"},
	"prefetch":         {"ground"},
	"recyclebin":       {"ground"},
	"pca":              {"ground"},
	"detectionhistory": {"ground"},
	"ese":              {"ground"},
	"cim":              {"ground"},
	"bits":             {"ground", "ese"}, // qmgr.db is a database of ESE, and qmgr0.dat is not
	"evidence":         {"ground", "mft", "mft/vss", "registry", "weblog"},
	"timeline":         {"ground", "bits", "mft", "mft/usnjrnl", "mft/logfile", "evtx", "registry", "pe", "weblog", "task", "lnk", "lnk/shellitem", "lnk/jumplist", "mplog", "prefetch", "ese", "ese/srum", "ese/ual", "recyclebin", "pca", "detectionhistory", "cim"},
	"origin":           {"ground", "bits", "mft", "mft/usnjrnl", "mft/logfile", "evtx", "registry", "pe", "weblog", "task", "lnk", "lnk/shellitem", "lnk/jumplist", "mplog", "prefetch", "ese/srum", "ese/ual", "recyclebin", "pca", "detectionhistory", "timeline"},

	"internal/unzstd":          {"ground", "github.com/klauspost/compress/zstd"},
	"internal/unzstd/zstdtest": {"ground", "github.com/klauspost/compress/zstd"},
	"internal/codepage":        {"ground", "golang.org/x/text/encoding/..."},

	"mft/mfttest":                           {"ground", "mft"},
	"mft/usnjrnl":                           {"ground", "mft"},
	"mft/vss":                               {"ground"},
	"mft/vss/vsstest":                       {"ground", "mft/vss"},
	"mft/usnjrnl/usnjrnltest":               {"ground", "mft", "mft/usnjrnl"},
	"mft/logfile":                           {"ground", "mft"},
	"mft/logfile/logfiletest":               {"ground", "mft", "mft/logfile"},
	"evtx/evtxtest":                         {"ground", "evtx"},
	"registry/registrytest":                 {"ground", "registry", "internal/codepage"},
	"pe/petest":                             {"ground", "pe"},
	"weblog/weblogtest":                     {"ground", "weblog"},
	"task/tasktest":                         {"ground", "task"},
	"lnk/jumplist":                          {"ground", "lnk", "lnk/shellitem"},
	"lnk/jumplist/jumplisttest":             {"ground", "lnk", "lnk/jumplist", "lnk/lnktest", "lnk/shellitem/shellitemtest"},
	"lnk/lnktest":                           {"ground", "lnk", "lnk/shellitem/shellitemtest"},
	"lnk/shellitem":                         {"ground"},
	"lnk/shellitem/shellitemtest":           {"ground", "lnk/shellitem"},
	"mplog/mplogtest":                       {"ground", "mplog"},
	"prefetch/prefetchtest":                 {"ground", "prefetch"},
	"ese/esetest":                           {"ground", "ese"},
	"cim/cimtest":                           {"ground"},
	"bits/bitstest":                         {"ground", "bits", "ese", "ese/esetest"},
	"ese/srum":                              {"ground", "ese"},
	"ese/srum/srumtest":                     {"ground", "ese", "ese/esetest", "ese/srum"},
	"ese/ual":                               {"ground", "ese"},
	"ese/ual/ualtest":                       {"ground", "ese", "ese/esetest", "ese/ual"},
	"evidence/evidencetest":                 {"ground", "evidence", "mft", "mft/mfttest", "mft/vss/vsstest"},
	"recyclebin/recyclebintest":             {"ground", "recyclebin"},
	"pca/pcatest":                           {"ground", "pca"},
	"detectionhistory/detectionhistorytest": {"ground", "detectionhistory"},
	"origin/origintest": {
		"ground", "mft", "evtx", "registry", "pe", "weblog", "evidence", "timeline", "origin",
		"mft/mfttest", "evtx/evtxtest", "registry/registrytest", "pe/petest", "weblog/weblogtest",
		"winid", "prefetch", "prefetch/prefetchtest", "pca", "pca/pcatest", "recyclebin", "recyclebin/recyclebintest", "detectionhistory", "detectionhistory/detectionhistorytest",
		"ese/srum", "ese/srum/srumtest", "ese/ual", "ese/ual/ualtest",
	},
}

// mayImportBelow holds the rules of whole trees, for packages without a rule of their
// own. Nothing imports examples and lab.
var mayImportBelow = map[string][]string{
	"internal": {"ground"},
	"examples": {"..."},
	"lab":      {"..."},
}

// ground lists the packages that all may import, and that import nothing above them.
var ground = []string{"internal/...", "damage", "winid"}

// Test files may import anything in the module, unlike code that ships.
func TestImportsKeepToTheHouse(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != "." && (strings.HasPrefix(base, ".") || base == "testdata" || isModule(name)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		pkg := path.Dir(filepath.ToSlash(name))
		seen[pkg] = true
		allowed, ok := rule(pkg)
		if !ok {
			t.Errorf("%s: no rule says what this package may import", pkg)
			return filepath.SkipDir
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !permitted(imported, allowed) {
				t.Errorf("%s imports %s, which %s may not", name, imported, pkg)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range mayImport {
		if !seen[pkg] {
			t.Errorf("a rule names %s, and there is no such package", pkg)
		}
	}
}

func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func rule(pkg string) ([]string, bool) {
	if r, ok := mayImport[pkg]; ok {
		return r, true
	}
	tree, _, _ := strings.Cut(pkg, "/")
	r, ok := mayImportBelow[tree]
	return r, ok
}

func permitted(imported string, allowed []string) bool {
	if imported == "C" || imported == "unsafe" {
		return slices.Contains(allowed, imported)
	}
	first, _, _ := strings.Cut(imported, "/")
	if !strings.Contains(first, ".") {
		return true // the standard library
	}
	if i := slices.Index(allowed, "ground"); i >= 0 {
		allowed = slices.Concat(ground, allowed[i+1:])
	}
	return slices.ContainsFunc(allowed, func(a string) bool {
		if first, _, _ := strings.Cut(a, "/"); !strings.Contains(first, ".") || a == "..." {
			a = path.Join(module, a)
		}
		if tree, ok := strings.CutSuffix(a, "/..."); ok {
			return imported == tree || strings.HasPrefix(imported, tree+"/")
		}
		return imported == a
	})
}
