"""The truth about the machines in testdata, found again with python-evtx and regipy.

    python -m venv venv
    venv/bin/pip install -r requirements.txt
    venv/bin/pytest

Each test runs for all machines. It asks one question of the evidence in C/, and
compares the answer with that of truth.json.
"""

import datetime
import functools
import json
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import jsonschema
import pytest
from Evtx.Evtx import Evtx
from regipy.plugins.sam.local_sid import LocalSidPlugin
from regipy.registry import RegistryHive

TESTDATA = pathlib.Path(__file__).resolve().parent.parent
MACHINES = ["sqlserver", "no-sysmon", "security-cleared", "times-stomped", "unaudited"]
XMLNS = "{http://schemas.microsoft.com/win/2004/08/events/event}"


@pytest.fixture(params=MACHINES)
def machine(request):
    return Machine(request.param)


class Machine:
    """One machine: its evidence and the truth about it."""

    def __init__(self, name):
        self.name = name
        self.folder = TESTDATA / name
        self.truth = json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))
        self.subject = self.truth["subject"]

    def answer(self, question):
        """The true answer: its grade, and in groups the facts of each thing it names."""
        return next(a for a in self.truth["answers"] if a["question"] == question)

    def facts(self, question):
        """The facts of an answer that names one thing."""
        groups = self.answer(question)["groups"]
        return groups[0] if groups else {}

    def path(self, name):
        return self.folder / "C" / name

    def hive(self, name):
        return RegistryHive(str(self.path(name)))

    def events(self, log, *ids):
        """The events of a log with these identifiers, each as a dictionary."""
        path = self.path(f"Windows/System32/winevt/Logs/{log}.evtx")
        return [e for e in read_log(path) if e["EventID"] in ids] if path.exists() else []

    def sysmon(self, *ids):
        return self.events("Microsoft-Windows-Sysmon%4Operational", *ids)


@functools.cache
def read_log(path):
    with Evtx(str(path)) as log:
        return [event(ElementTree.fromstring(r.xml())) for r in log.records()]


def event(root):
    system = root.find(XMLNS + "System")
    fields = {
        "EventID": int(system.find(XMLNS + "EventID").text),
        "TimeCreated": system.find(XMLNS + "TimeCreated").get("SystemTime"),
    }
    for block in root:
        if block is not system:  # EventData, or UserData with elements that have names of their own
            fields.update((e.get("Name") or e.tag.rpartition("}")[2], e.text) for e in block.iter())
    return fields


def guid(text):
    """A GUID as the truth writes it."""
    return text.strip("{}").upper()


def moment(text):
    """A time of the truth or of a log. Python knows six digits of the second."""
    time = datetime.datetime.fromisoformat(re.sub(r"(\.\d{1,6})\d*", lambda m: m[1].ljust(7, "0"), text.rstrip("Z")))
    return time.replace(tzinfo=None)  # all are in UTC


def same_time(one, other):
    """Whether two times are the same but for the digits that one of them lacks."""
    return abs(moment(one) - moment(other)) <= datetime.timedelta(milliseconds=1)


def test_truth_keeps_to_its_schema(machine):
    schema = json.loads((TESTDATA / "truth.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(machine.truth, schema)


def test_account(machine):
    """The SAM has the SID of the machine, and the numbers of its accounts."""
    sam = machine.hive("Windows/System32/config/SAM")
    plugin = LocalSidPlugin(sam, as_json=True)
    plugin.run()
    account = machine.facts("account")
    name = account["user"].rpartition("\\")[2]
    # The number is the type of the value.
    (value,) = sam.get_key("\\SAM\\Domains\\Account\\Users\\Names\\" + name).iter_values()
    assert account["sid"] == f"{plugin.entries[0]['machine_sid']}-{value.value_type}"


def test_writer(machine):
    if machine.answer("writer")["grade"] == "unknown":
        assert not machine.sysmon(11) and not machine.events("Security", 4688)
        return
    writer = machine.facts("writer")
    if machine.answer("writer")["grade"] == "recorded":
        (created,) = [e for e in machine.sysmon(11) if e["TargetFilename"] == machine.subject]
        assert created["Image"] == writer["image"]
        assert created["ProcessId"] == writer["pid"]
        assert guid(created["ProcessGuid"]) == writer["process_guid"]
        (started,) = [e for e in machine.sysmon(1) if e["ProcessGuid"] == created["ProcessGuid"]]
        assert started["OriginalFileName"] == "CertUtil.exe"
        command, parent = started["CommandLine"], started["ParentImage"]
    else:  # by a command line only
        (started,) = [
            e for e in machine.events("Security", 4688)
            if e["NewProcessName"] == writer["image"] and machine.subject in e["CommandLine"]
        ]
        command, parent = started["CommandLine"], started["ParentProcessName"]
        assert int(started["NewProcessId"], 0) == int(writer["pid"])
    assert command == writer["command_line"]
    assert parent == writer["parent_image"]


def test_logons(machine):
    answer = machine.answer("logon")
    logged = machine.events("Security", 4624)
    if answer["grade"] == "unknown":
        assert not logged
        assert machine.events("Security", 1102), "the log was cleared"
        return
    assert len(answer["groups"]) == (1 if machine.answer("writer")["grade"] == "unknown" else 2)
    for session in answer["groups"]:
        # LogonIds are used again after a restart.
        (logon,) = [
            e for e in logged
            if int(e["TargetLogonId"], 0) == int(session["logon_id"], 0) and same_time(e["TimeCreated"], session["time"])
        ]
        assert logon["LogonType"] == session["logon_type"]
        assert f"{logon['TargetDomainName']}\\{logon['TargetUserName']}" == session["user"]
        assert logon["IpAddress"] == session.get("address", "-")


def test_run(machine):
    if machine.answer("executed")["grade"] == "unknown":
        assert not machine.sysmon(1) and not machine.events("Security", 4688)
        return
    executed = machine.facts("executed")
    runs = [e for e in machine.sysmon(1) if e["Image"] == machine.subject]
    runs = runs or [e for e in machine.events("Security", 4688) if e["NewProcessName"] == machine.subject]
    assert len(runs) == int(executed["count"])
    assert runs[0].get("ParentImage", runs[0].get("ParentProcessName")) == executed["parent_image"]


def test_autostarts(machine):
    for start in machine.answer("autostart")["groups"]:
        if start["category"] == "service":
            key = machine.hive("Windows/System32/config/SYSTEM").get_key("\\" + start["location"])
            command = key.get_value("ImagePath")
        else:
            key = machine.hive("Windows/System32/config/SOFTWARE").get_key("\\" + start["location"])
            command = key.get_value(start["name"])
        assert command == start["command"]


def test_connections(machine):
    ends = [(e["DestinationIp"], e["DestinationPort"]) for e in machine.sysmon(3) if e["Image"] == machine.subject]
    assert ends == [(g["address"], g["port"]) for g in machine.answer("reach")["groups"]]


def test_changed_times(machine):
    """Sysmon 2 records who set the creation time of the subject, and what it was."""
    changes = [e for e in machine.sysmon(2) if e["TargetFilename"] == machine.subject]
    assert bool(changes) == ("time_changed" in machine.truth["contradictions"])
    for change in changes:
        assert same_time(machine.facts("appeared")["time"], change["PreviousCreationUtcTime"])
        assert same_time(machine.facts("appeared")["si_created"], change["CreationUtcTime"])


def test_the_innocent_are_there(machine):
    """What must not be accused is in the evidence, so it is a trap."""
    logs = machine.path("Windows/System32/winevt/Logs").glob("*.evtx")
    logged = "\n".join(str(value) for log in logs for event in read_log(log) for value in event.values())
    assert [name for name in machine.truth["innocent"] if name not in logged] == []
