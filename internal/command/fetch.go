package command

import (
	"regexp"
	"slices"
	"strings"
)

// A fetchForm is how a program that fetches, copies or unpacks files names its source.
// The options are separated by blanks. One that ends with : or = has its value behind
// that, any other in the next word.
type fetchForm struct {
	takes  string // options whose value is the source
	writes string // options whose value is what it writes
	valued string // the other options with a value, which is neither: a proxy, a referrer, a header
	needs  string // options of which one must be given
	sends  string // options with which it sends a file to the address

	// operands says what the words are that belong to no option, in order: t is taken,
	// w is written, m is neither, and the last letter is what the others are too. "u"
	// takes URLs only; what follows one is written.
	operands string
	exact    bool // upper and lower case differ in options
}

// fetchForms are the forms of programs by their names without .exe. What is not the
// source, such as a proxy, a referrer or a comment, is not where a file comes from.
var fetchForms = map[string]fetchForm{
	"curl": {exact: true, takes: "--url", sends: "-T --upload-file", writes: "-o --output", operands: "t", valued: "-x --proxy --preproxy --socks5 --socks5-hostname -e --referer -A --user-agent " +
		"-H --header -d --data --data-binary --data-raw --data-urlencode --json -F --form -u --user -U --proxy-user -b --cookie -c --cookie-jar -X --request --cacert --cert -E --key " +
		"--connect-timeout -m --max-time --retry --retry-delay --resolve --connect-to --interface -T --upload-file -w --write-out --output-dir -r --range -C --continue-at -K --config " +
		"-Y -y --limit-rate --max-redirs --ciphers -D --dump-header --dns-servers --noproxy --pass --capath --stderr -t --trace"},
	"wget": {exact: true, writes: "-O --output-document --output-document=", operands: "t", valued: "-o --output-file -P --directory-prefix -e --execute -U --user-agent --header --referer --post-data " +
		"--post-file --user --password --http-user --http-password -t --tries -T --timeout -a -w --wait -Q -i --input-file --load-cookies --bind-address"},
	"aria2c": {exact: true, writes: "-o --out", operands: "t", valued: "-d --dir --all-proxy --http-proxy --https-proxy --header --referer -U --user-agent -s -x -j -i --input-file"},

	"certutil":  {needs: "urlcache verifyctl url", operands: "u", valued: "-config /config"},
	"bitsadmin": {needs: "transfer addfile", sends: "/upload -upload", operands: "u", valued: "/priority -priority"},
	"certoc":    {takes: "-getcacaps"},
	"certreq":   {takes: "-config", operands: "mw"},
	"mpcmdrun":  {takes: "-url", writes: "-path"},
	"ftp":       {operands: "t"},
	"tftp":      {operands: "tmtw"},

	"imewdbld":          {operands: "t"},
	"desktopimgdownldr": {takes: "/lockscreenurl:"},

	"expand":   {operands: "tw", valued: "-f: /f:"},
	"extrac32": {operands: "tw", valued: "/l"},
	"esentutl": {takes: "/y", writes: "/d"},
	"tar":      {takes: "-f -xf -xvf -xzf -xvzf -zxf -zxvf --file", operands: "m", valued: "-C --directory", exact: true},
	"7z":       {operands: "mtm"},
	"7za":      {operands: "mtm"},
	"7zr":      {operands: "mtm"},
	"rar":      {operands: "mtm"},
	"unrar":    {operands: "mtm"},
	"winrar":   {operands: "mtm"},
	"unzip":    {operands: "tm", valued: "-d"},
	"scp":      {operands: "tw", valued: "-P -i -o -l -c", exact: true},
	"pscp":     {operands: "tw", valued: "-P -i -pw -l", exact: true},
	"sftp":     {operands: "t", valued: "-P -i -o -b", exact: true},
	"rclone":   {operands: "mtw", valued: "--config --transfers"},
	"xcopy":    {operands: "tw"},
	"replace":  {operands: "tw"},
	"robocopy": {operands: "twm"},
}

// cmdletForms are the forms of commands of PowerShell, and of their short names. Their
// parameters can be shortened.
var cmdletForms = func() map[string]fetchForm {
	web := fetchForm{takes: "-uri", writes: "-outfile", operands: "tm", valued: "-proxy -useragent -headers -method -body -contenttype -credential -timeoutsec -infile -sessionvariable -websession " +
		"-maximumredirection -proxycredential -certificatethumbprint"}
	file := fetchForm{takes: "-path -literalpath", writes: "-destination", operands: "tw", valued: "-filter -include -exclude -credential -tosession -fromsession"}
	archive := fetchForm{takes: "-path -literalpath", writes: "-destinationpath", operands: "tw"}
	bits := fetchForm{takes: "-source", writes: "-destination", operands: "tw", valued: "-proxylist -proxyusage -credential -displayname -description -priority -transfertype -authentication"}
	return map[string]fetchForm{
		"invoke-webrequest": web, "iwr": web, "wget": web, "curl": web, "invoke-restmethod": web, "irm": web,
		"start-bitstransfer": bits, "copy-item": file, "copy": file, "cp": file, "cpi": file, "move-item": file, "move": file, "mv": file, "mi": file,
		"expand-archive": archive,
	}
}()

// option reports whether a list of options has a word, and returns the value that is
// in the word itself.
func (f fetchForm) option(list, word string, shortened bool) (has bool, value string, inWord bool) {
	for o := range strings.FieldsSeq(list) {
		switch ends := o[len(o)-1]; {
		case ends == ':' || ends == '=':
			if len(word) > len(o) && (word[:len(o)] == o || !f.exact && strings.EqualFold(word[:len(o)], o)) {
				return true, word[len(o):], true
			}
		case word == o || !f.exact && strings.EqualFold(word, o):
			return true, "", false
		case len(word) > len(o)+1 && (word[len(o)] == '=' || shortened && word[len(o)] == ':') && strings.EqualFold(word[:len(o)], o):
			return true, word[len(o)+1:], true
		case shortened && len(word) > 2 && len(word) < len(o) && strings.EqualFold(word, o[:len(word)]):
			return true, "", false
		}
	}
	return false, "", false
}

// allowed reports whether one of the options that a form needs is among the words, and
// none by which it sends.
func (f fetchForm) allowed(list []string) bool {
	for _, word := range list {
		if has, _, _ := f.option(f.sends, word, false); has {
			return false
		}
	}
	if f.needs == "" {
		return true
	}
	for _, word := range list {
		for o := range strings.FieldsSeq(f.needs) {
			if isSwitch(word) && strings.EqualFold(word[1:], o) {
				return true
			}
		}
	}
	return false
}

// transfer reads the arguments of a program that fetches, copies or decodes files.
func (r *reader) transfer(name string, f fetchForm, args string) {
	switch name {
	case "robocopy":
		r.robocopy(args)
	case "certutil":
		r.certutil(args)
	default:
		r.fetch(f, argv(args), false)
	}
}

// robocopy copies the files that it names from one folder to another, or all.
func (r *reader) robocopy(args string) {
	var list []string
	for _, word := range argv(args) {
		if !isSwitch(word) {
			list = append(list, word)
		}
	}
	switch len(list) {
	case 0, 1:
		r.mention(args)
	case 2:
		r.use(Takes, list[0])
		r.use(Writes, list[1])
	default:
		for _, file := range list[2:] {
			r.use(Takes, strings.TrimRight(list[0], `\/`)+`\`+file)
		}
		r.use(Writes, list[1])
	}
}

// certutil decodes a file into another, or fetches files.
func (r *reader) certutil(args string) {
	list := argv(args)
	form := fetchForms["certutil"]
	for _, word := range list {
		if isSwitch(word) && slices.Contains(decoding, strings.ToLower(word[1:])) {
			form = fetchForm{operands: "twm"}
		}
	}
	r.fetch(form, list, false)
}

// decoding are the switches of certutil by which it writes a file from another.
var decoding = []string{"decode", "decodehex", "encode", "encodehex"}

// fetch reads the arguments of a program that fetches files.
func (r *reader) fetch(f fetchForm, list []string, shortened bool) {
	allowed := f.allowed(list)
	operands, afterURL := f.operands, false
	for i := 0; i < len(list); i++ {
		word := list[i]
		if isOption(word) {
			for _, c := range [...]struct {
				options string
				verb    Verb
			}{{f.takes, Takes}, {f.writes, Writes}, {f.valued, Mentions}} {
				has, value, inWord := f.option(c.options, word, shortened)
				if !has {
					continue
				}
				if !inWord {
					if i++; i == len(list) {
						break
					}
					value = list[i]
				}
				r.use(c.verb, value)
				break
			}
			continue
		}
		verb := Mentions
		switch {
		case operands == "":
		case operands == "u" && isURL(word) && strings.Contains(word, "://"):
			verb, afterURL = Takes, true
		case operands == "u" && afterURL:
			verb = Writes
		case operands[0] == 't':
			verb = Takes
		case operands[0] == 'w':
			verb = Writes
		}
		if len(operands) > 1 {
			operands = operands[1:]
		}
		if !allowed {
			verb = Mentions
		}
		r.use(verb, word)
	}
}

// isOption reports whether a word is a switch, and not a path that begins with a slash.
func isOption(word string) bool {
	if !isSwitch(word) {
		return false
	}
	name := word[1:]
	if i := strings.IndexAny(name, ":="); i >= 0 {
		name = name[:i]
	}
	return !strings.Contains(name, "/")
}

// downloadCall is a call of .NET's WebClient in a script of PowerShell, with the URL
// and the file.
var downloadCall = regexp.MustCompile(`(?i)\.Download(?:File|String|Data)\w*\(\s*['"]([^'"]+)['"](?:\s*,\s*['"]([^'"]+)['"])?`)

// fetchCall is the beginning of a command that fetches files inside a statement of
// PowerShell.
var fetchCall = regexp.MustCompile(`(?i)[(={|]\s*(invoke-webrequest|iwr|invoke-restmethod|irm|curl|wget|start-bitstransfer)\s+([^()|;{}]+)`)

// fetched reads what a statement of PowerShell fetches inside it.
func (r *reader) fetched(text string) {
	for _, m := range downloadCall.FindAllStringSubmatch(text, maxUses) {
		r.use(Takes, m[1])
		r.use(Writes, m[2])
	}
	for _, m := range fileCall.FindAllStringSubmatch(text, maxUses) {
		switch strings.ToLower(m[1]) {
		case "copy", "move":
			r.use(Takes, m[2])
			r.use(Writes, m[3])
		default:
			r.use(Writes, m[2])
		}
	}
	for _, m := range fetchCall.FindAllStringSubmatch(text, maxUses) {
		r.fetch(cmdletForms[strings.ToLower(m[1])], words(strings.ReplaceAll(m[2], "'", `"`)), true)
	}
}

// fileCall is a call of .NET's File in a script of PowerShell, with one or two files.
var fileCall = regexp.MustCompile(`(?i)\[(?:System\.)?IO\.File\]::(Write|Create|Append|Copy|Move)\w*\(\s*['"]([^'"]+)['"](?:\s*,\s*['"]([^'"]+)['"])?`)

// ReadScript returns the files that a script of PowerShell names, as far as it consists
// of simple commands.
func ReadScript(text string) []Use {
	r := reader{host: "powershell"}
	r.script(text, 0)
	return r.uses
}

// Sources returns the sources of the files that a command fetches, copies, unpacks or
// runs from elsewhere, as they are written: URLs, paths, and names of hosts.
func Sources(uses []Use) []string {
	var list []string
	for _, u := range uses {
		path := u.Paths[len(u.Paths)-1]
		if u.Verb == Takes || u.Verb.Starts() && isURL(path) && strings.Contains(path, "://") {
			if u.Folder != "" && !isURL(path) && !strings.ContainsAny(path, `:`) && !strings.HasPrefix(path, `\`) {
				path = strings.TrimRight(u.Folder, `\`) + `\` + path
			}
			if !strings.Contains(path, "$") { // a variable of PowerShell
				list = append(list, path)
			}
		}
	}
	return list
}

// Unread adds to the unclear parts of a command line the arguments of programs that are
// not known here: what any of these do with the addresses in them is not known.
func Unread(uses []Use, unclear []string) []string {
	for _, u := range uses {
		if _, form := fetchForms[u.Host]; (u.Verb == Passes || u.Verb == Mentions) && hosts[u.Host] == nil && !form {
			unclear = append(unclear, u.Paths...)
		}
	}
	return unclear
}
