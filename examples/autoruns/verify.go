package main

import (
	"cmp"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/registry"
)

// The verdicts beside those of package pe.
const (
	notInEvidence = "not in the evidence"
	notChecked    = "not checked: "
	noExecutable  = "not an executable"
)

// proof is what a file shows.
type proof struct {
	verdict, signer   string
	catalog           string // that lists the file
	md5, sha1, sha256 string
	sound             bool // its signatures match it, and are from certificates that another issued
}

// verifier looks at the files that rows name.
type verifier struct {
	ev           *evidence.Evidence
	p            *cli.Program
	proofs       map[place]proof
	environments map[environmentKey]*command.Environment
	catalogs     map[*evidence.Volume]*pe.Catalogs // nil if the volume has none
	hives        []hive                            // with the variables of commands
}

// place is the place of a file in the evidence.
type place struct {
	vol  *evidence.Volume
	name string
}

type environmentKey struct {
	vol     *evidence.Volume
	profile string
	service bool
}

func newVerifier(ev *evidence.Evidence, p *cli.Program, hives []hive) *verifier {
	return &verifier{ev: ev, p: p, hives: hives, proofs: map[place]proof{}, environments: map[environmentKey]*command.Environment{}, catalogs: map[*evidence.Volume]*pe.Catalogs{}}
}

// row adds to a row what its files show.
func (v *verifier) row(r *row) {
	program := v.file(r, programs(r), registry.Use(r.Use))
	target := program
	if r.Hosted != "" {
		target = v.file(r, []string{r.Hosted}, registry.Loads)
		r.HostVerdict, r.HostSigner, r.HostCatalog, r.HostSHA256 = program.verdict, program.signer, program.catalog, program.sha256
	}
	r.Verdict, r.Signer, r.Catalog = target.verdict, target.signer, target.catalog
	r.MD5, r.SHA1, r.SHA256 = target.md5, target.sha1, target.sha256
	r.sound = target.sound && program.sound
}

// programs returns the paths that Windows tries for the file at the path of a row.
func programs(r *row) []string {
	if r.Use == string(registry.Runs) {
		if paths, _ := command.Programs(r.Command); len(paths) > 1 && paths[len(paths)-1] == r.Path {
			return paths
		}
	}
	return []string{r.Path}
}

// file returns what the first of several paths shows that is in the evidence.
func (v *verifier) file(r *row, written []string, use registry.Use) proof {
	why := ""
	var full []string
	for _, w := range written {
		switch {
		case w == "":
			return proof{verdict: notChecked + "no file is named"}
		case strings.Contains(w, "://"):
			return proof{verdict: notChecked + "it is a URL"}
		}
		paths, known := v.environment(r, use).Resolve(w, "")
		switch {
		case !known && !strings.Contains(w, "%"):
			why = "its path is relative to a folder that is not recorded, or on a device or a share whose folder is not known"
		case !known:
			why = "a variable in its path is not known"
		}
		full = append(full, paths...)
	}
	if use == registry.Loads && in32(r.Location) {
		full = slices.Concat(redirected(full), full)
	}
	for _, path := range full {
		vol, name, err := v.ev.Resolve(onMachine(r.from.vol, path))
		if err != nil {
			continue
		}
		key := place{vol, name}
		found, done := v.proofs[key]
		if !done {
			v.p.Progress("verifying %s", path)
			found = v.prove(vol, name)
			v.proofs[key] = found
		}
		return found
	}
	if why != "" {
		return proof{verdict: notChecked + why}
	}
	return proof{verdict: notInEvidence}
}

// environment returns what the paths of a row mean.
func (v *verifier) environment(r *row, use registry.Use) *command.Environment {
	vol := r.from.vol
	key := environmentKey{vol, r.from.profile, r.isService() || r.Account == "S-1-5-18" || r.User == "S-1-5-18"}
	e := v.environments[key]
	if e == nil {
		profile := r.from.profile
		if profile != "" {
			profile = winpath.Windows(vol.Letter, profile)
		}
		made := command.NewEnvironment(vol.Letter, nil, nil, profile, key.service)
		v.give(&made, vol, r.from.profile)
		e = &made
		v.environments[key] = e
	}
	if use == registry.Loads {
		library := *e
		library.Ending = ".dll"
		return &library
	}
	return e
}

// give adds to an environment the variables that the hives of a volume give to programs,
// those of the account that has a profile last.
func (v *verifier) give(e *command.Environment, vol *evidence.Volume, profile string) {
	for _, ofMachine := range [...]bool{true, false} {
		for i := range v.hives {
			h := &v.hives[i]
			isUser := h.reader != nil && h.reader.Type() == registry.User
			if h.reader == nil || h.vol != vol || isUser == ofMachine || isUser && h.source().profile != profile {
				continue
			}
			list, _ := registry.Variables(h.reader) // what is damaged is among the problems of the hive
			for _, s := range list {
				e.Set(s.Value, s.Text, ofMachine)
			}
			programs, _ := registry.AppPaths(h.reader)
			for _, s := range programs {
				e.Register(s.Value, s.Text)
			}
		}
	}
}

// onMachine returns a path in evidence that may be of several machines.
func onMachine(vol *evidence.Volume, path string) string {
	if vol.Machine == "" {
		return path
	}
	return vol.Machine + ":" + path
}

// in32 reports whether a location is in the view of 32-bit programs.
func in32(location string) bool {
	return slices.Contains(strings.Split(winpath.FoldName(location), `\`), "WOW6432NODE")
}

// redirected returns the paths that 32-bit programs get for those in System32.
func redirected(paths []string) (list []string) {
	for _, p := range paths {
		parts := strings.Split(p, `\`)
		if len(parts) > 2 && winpath.SameName(parts[1], "Windows") && winpath.SameName(parts[2], "System32") {
			parts[2] = "SysWOW64"
			list = append(list, strings.Join(parts, `\`))
		}
	}
	return list
}

// prove reads a file of a volume, and searches the volume's catalogs for it.
func (v *verifier) prove(vol *evidence.Volume, name string) proof {
	found, digests := prove(vol.FS, name)
	if len(digests) > 0 {
		found.listed(v.catalogsOf(vol).Find(digests...))
	}
	return found
}

// prove reads a file of a volume, and returns the digests by which a catalog may list it.
func prove(volume fs.FS, name string) (out proof, digests []string) {
	st, err := fs.Stat(volume, name)
	switch {
	case err != nil:
		return proof{verdict: notChecked + err.Error()}, nil
	case !st.Mode().IsRegular():
		return proof{verdict: notChecked + "it is not a file"}, nil
	case st.Size() > pe.DefaultLimit:
		return proof{verdict: fmt.Sprintf("%sit has %d bytes, more than %d", notChecked, st.Size(), int64(pe.DefaultLimit))}, nil
	}
	f, err := pe.OpenFS(volume, name)
	switch {
	case errors.Is(err, pe.ErrNotExecutable):
		out = hashed(volume, name, noExecutable)
		return out, []string{out.sha256, out.sha1}
	case err != nil: // of a damaged executable the hashes are left
		return hashed(volume, name, notChecked+err.Error()), nil
	}
	state := f.SignatureState()
	out = proof{verdict: state.String(), md5: f.MD5, sha1: f.SHA1, sha256: f.SHA256}
	var named bool
	out.signer, named = signersOf(f.Signatures)
	out.sound = named && state == pe.Unverified
	return out, f.CatalogDigests()
}

// signersOf returns the claimed signers, and whether certificates of others issued all of
// theirs.
func signersOf(list []pe.Signature) (names string, issued bool) {
	var signers []string
	issued = len(list) > 0
	for i := range list {
		signer := list[i].StatedSigner
		name := cmp.Or(signer.Subject, "unnamed")
		if signer.Subject == signer.Issuer || signer.Subject == "" {
			name += " (by its own certificate)"
			issued = false
		}
		if !slices.Contains(signers, name) {
			signers = append(signers, name)
		}
	}
	return strings.Join(signers, "; "), issued
}

// hashed returns the hashes of a file without signatures that could be checked.
func hashed(volume fs.FS, name, verdict string) proof {
	f, err := volume.Open(name)
	if err != nil {
		return proof{verdict: notChecked + err.Error()}
	}
	defer f.Close()
	a, b, c := md5.New(), sha1.New(), sha256.New()
	if _, err := io.Copy(io.MultiWriter(a, b, c), f); err != nil {
		return proof{verdict: notChecked + err.Error()}
	}
	sum := func(b []byte) string { return hex.EncodeToString(b) }
	return proof{verdict: verdict, md5: sum(a.Sum(nil)), sha1: sum(b.Sum(nil)), sha256: sum(c.Sum(nil))}
}

// leaveOutSigned returns the rows that are not sound, and says which signers the others
// claim to have.
func leaveOutSigned(p *cli.Program, rows []row) []row {
	signers := map[string]int{}
	kept := slices.DeleteFunc(rows, func(r row) bool {
		if r.sound {
			signers[r.Signer]++
		}
		return r.sound
	})
	for _, signer := range slices.Sorted(maps.Keys(signers)) {
		p.Problem(fmt.Sprintf("left out: rows whose files match a signature that claims to be of %s: %d", signer, signers[signer]))
	}
	return kept
}
