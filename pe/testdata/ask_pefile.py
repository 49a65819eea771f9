"""Prints what pefile reads of the executables named, a JSON object a line."""

import json
import sys

import pefile


def text(b):
    return b.decode("utf-8", "replace") if isinstance(b, bytes) else b


def strings(pe):
    """The strings of all languages as [language, name, value]."""
    out = []
    for info in getattr(pe, "FileInfo", []):
        for entry in info:
            for table in getattr(entry, "StringTable", []):
                for name, value in table.entries.items():
                    out.append([text(table.LangID), text(name), text(value)])
    return out


def describe(name):
    pe = pefile.PE(name)
    export = getattr(pe, "DIRECTORY_ENTRY_EXPORT", None)
    pdb = ""
    for entry in getattr(pe, "DIRECTORY_ENTRY_DEBUG", []):
        if getattr(entry, "entry", None) is not None and hasattr(entry.entry, "PdbFileName"):
            pdb = text(entry.entry.PdbFileName.rstrip(b"\0"))
            break
    return {
        "imphash": pe.get_imphash(),
        "richhash": pe.get_rich_header_hash(),
        "machine": pe.FILE_HEADER.Machine,
        "subsystem": pe.OPTIONAL_HEADER.Subsystem,
        "dll": pe.is_dll(),
        "linktime": pe.FILE_HEADER.TimeDateStamp,
        "checksum": pe.generate_checksum(),
        "export": text(export.name) if export and export.name else "",
        "pdb": pdb,
        "strings": strings(pe),
        "warnings": pe.get_warnings(),
    }


for name in sys.argv[1:]:
    json.dump(describe(name), sys.stdout)
    print()
