"""Prints what signify reads of the signatures of the executables named, a JSON
object a line. It verifies nothing."""

import hashlib
import json
import re
import sys

# oscrypto does not know OpenSSL versions of two digits ("3.0.17").
search = re.search
re.search = lambda p, s, f=0: search(
    p.replace(r"\d\.\d\.\d[a-z]*", r"\d+\.\d+\.\d+[a-z]*") if isinstance(p, str) else p, s, f
)
from signify.authenticode import AuthenticodeFile  # noqa: E402

re.search = search


def time(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S") if t else ""


def describe_signature(signed):
    info = signed.signer_info
    counter = info.countersigner
    kind = "none"
    if counter is not None:
        kind = "RFC 3161" if "3161" in type(counter).__name__ else "PKCS#9"
    return {
        "serial": format(info.serial_number, "x"),
        "digest_algorithm": signed.indirect_data.digest_algorithm().name.upper(),
        "stated_digest": signed.indirect_data.digest.hex(),
        "program": info.program_name or "",
        "url": info.more_info or "",
        "claimed": time(info.signing_time),
        "countersignature": kind,
        "countersigned": time(counter.signing_time) if counter is not None else "",
        "certificates": len(list(signed.certificates)),
    }


def describe(name):
    with open(name, "rb") as f:
        file = AuthenticodeFile.from_stream(f)
        prints = file.get_fingerprints(hashlib.sha1, hashlib.sha256)
        return {
            "sha1": prints["sha1"].hex(),
            "sha256": prints["sha256"].hex(),
            "signatures": [describe_signature(s) for s in file.iter_embedded_signatures(include_nested=True)],
        }


for name in sys.argv[1:]:
    json.dump(describe(name), sys.stdout)
    print()
