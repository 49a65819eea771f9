package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// listed is a package as go list describes it.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles, Imports              []string
	ImportMap                     map[string]string
	DepOnly                       bool
	Error                         *struct{ Err string }
}

// source is a package with its files, parsed and type-checked, without tests.
type source struct {
	listed
	fset  *token.FileSet
	files []*ast.File
	types *types.Package
	info  *types.Info
}

// load reads the packages that match the patterns in dir, with env added to the
// environment of the go command. It takes their imports from export data, so that
// no other package has to be type-checked.
func load(dir string, env []string, patterns ...string) ([]*source, error) {
	args := append([]string{"list", "-export", "-deps",
		"-json=ImportPath,Dir,Name,Export,GoFiles,Imports,ImportMap,DepOnly,Error", "--"}, patterns...)
	out, err := goCommand(dir, env, args...)
	if err != nil {
		return nil, err
	}
	var wanted []*source
	export := map[string]string{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(source)
		if err := d.Decode(&p.listed); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		if p.Error != nil {
			return nil, errors.New(p.Error.Err)
		}
		export[p.ImportPath] = p.Export
		if !p.DepOnly {
			wanted = append(wanted, p)
		}
	}
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(export[path])
	})
	for _, p := range wanted {
		p.fset = fset
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				return nil, err
			}
			p.files = append(p.files, f)
		}
		if err := p.check(mapped{imp, p.ImportMap}); err != nil {
			return nil, err
		}
	}
	return wanted, nil
}

// check resolves every identifier of the files.
func (p *source) check(imp types.Importer) (err error) {
	p.info = &types.Info{Uses: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: imp}
	p.types, err = conf.Check(p.ImportPath, p.fset, p.files, p.info)
	return err
}

// mapped translates the import path in a file into the path of the package, since
// the standard library imports vendored packages under other paths.
type mapped struct {
	types.Importer
	paths map[string]string
}

func (m mapped) Import(path string) (*types.Package, error) {
	if real, ok := m.paths[path]; ok {
		path = real
	}
	return m.Importer.Import(path)
}

// moduleOf returns the path and the root folder of the module that dir is in.
func moduleOf(dir string) (path, root string, err error) {
	out, err := goCommand(dir, nil, "list", "-m", "-f", "{{.Path}}\n{{.Dir}}")
	if err != nil {
		return "", "", err
	}
	path, root, _ = strings.Cut(strings.TrimSpace(string(out)), "\n")
	return path, strings.TrimSpace(root), nil
}

func goCommand(dir string, env []string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(cmd.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s in %s: %w\n%s", args[0], dir, err, stderr.Bytes())
	}
	return out, nil
}
