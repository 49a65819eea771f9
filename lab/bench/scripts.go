package main

// The scripts run rivals that are Python libraries. Each prints the number of keys
// and values, or of files, that it read.

const regipyCount = `
import sys
from regipy.registry import RegistryHive
n = 0
for key in RegistryHive(sys.argv[1]).recurse_subkeys(fetch_values=True):
    n += 1 + len(key.values or [])
print(n)`

const pefileCount = `
import hashlib, os, pefile, sys
n = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as f:
            data = f.read()
        for algorithm in hashlib.md5, hashlib.sha1, hashlib.sha256:
            algorithm(data).hexdigest()
        pe = pefile.PE(data=data)
        pe.get_imphash()
        n += 1
print(n)`

// oscrypto 1.3.0, which signify uses, recognizes only OpenSSL versions of three digits
// and cannot be imported with 3.0.13, so the script widens the pattern with which it
// reads them.
const signifyCount = `
import os, re, sys
search = re.search
re.search = lambda p, s, *f: search(p.replace(r"\d\.\d\.\d[", r"\d\.\d\.\d+[") if isinstance(p, str) else p, s, *f)
from signify.authenticode import AuthenticodeFile
n = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(folder, name), "rb") as f:
            AuthenticodeFile.from_stream(f).explain_verify()
        n += 1
print(n)`
