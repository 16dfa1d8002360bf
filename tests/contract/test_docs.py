"""The pages in docs/ name everything that the code has, and show nothing that it refuses."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from connector_py.api.failures import METHOD_ERRORS, SPECIAL_ERRORS
from connector_py.call_model import states
from connector_py.entities import (
    COMMANDS,
    NOTIFICATIONS,
    AgentSnapshot,
    AgentState,
    CallSnapshot,
    CloseCode,
    CommandFrame,
    Heartbeat,
    Hello,
    NotificationFrame,
    ParticipantSnapshot,
    RefusalCode,
    Reply,
    Welcome,
    decode_frame,
    encode_frame,
)
from connector_py.entities.wire import wire_fields
from server.api.metrics import Metrics
from server.cli import make_app
from server.pbx import AgentReport, Pbx, PbxEvent, PbxReport, TimedReport
from server.settings import Settings, TenantSettings, load_settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def page(name: str) -> str:
    return (DOCS / name).read_text()


def section(text: str, heading: str) -> str:
    """Return what stands under a heading, to the next one of the same rank."""
    rank = re.match("#+", heading)
    assert rank is not None
    _, _, rest = text.partition(f"\n{heading}\n")
    assert rest, f"no heading {heading!r}"
    return re.split(rf"\n{rank.group()} ", rest)[0]


def rows(text: str) -> list[list[str]]:
    """Return the cells of every line of a table."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def row_of(text: str, name: str) -> list[str]:
    """Return the one row whose first cell names something."""
    found = [row for row in rows(text) if name in names(row[0])]
    assert len(found) == 1, f"{name}: {len(found)} rows"
    return found[0]


def blocks(text: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


# ---- docs/vendor-api.md ------------------------------------------------------------------------


def vendor_methods() -> str:
    return page("vendor-api.md").partition("\n## Notification to event\n")[0]


@pytest.mark.parametrize("method", METHOD_ERRORS)
def test_every_vendor_method_has_its_errors(method: str) -> None:
    row = row_of(vendor_methods(), method)
    special = {
        str(part)
        for (owner, code), constant in SPECIAL_ERRORS.items()
        if owner == method
        for part in (code, constant)
    }
    assert {str(METHOD_ERRORS[method]), *special} <= set(names(row[-1]))


def test_there_are_36_methods() -> None:
    assert len(METHOD_ERRORS) == 36
    lone = {names(row[0])[0] for row in rows(vendor_methods()) if names(row[0])}
    assert lone == set(METHOD_ERRORS)


def test_every_command_belongs_to_a_method() -> None:
    told = {name for row in rows(vendor_methods()) if len(row) == 7 for name in names(row[3])}
    assert told == set(COMMANDS)


@pytest.mark.parametrize("name", NOTIFICATIONS)
def test_every_notification_has_its_event(name: str) -> None:
    row_of(section(page("vendor-api.md"), "## Notification to event"), name)


# ---- docs/link-messages.md ---------------------------------------------------------------------


def test_every_kind_of_frame_has_an_example() -> None:
    frames = [decode_frame(block) for block in blocks(page("link-messages.md"), "json")]
    kinds = {Hello, Welcome, CommandFrame, Reply, NotificationFrame, Heartbeat}
    assert {type(frame) for frame in frames} == kinds


@pytest.mark.parametrize("block", blocks(page("link-messages.md"), "json"))
def test_examples_are_what_the_codec_writes(block: str) -> None:
    assert json.loads(encode_frame(decode_frame(block))) == json.loads(block)


@pytest.mark.parametrize(
    ("heading", "known"),
    [("## Commands", COMMANDS), ("## Notifications", NOTIFICATIONS)],
    ids=["commands", "notifications"],
)
def test_messages_have_all_their_fields(heading: str, known: dict[str, type]) -> None:
    table = section(page("link-messages.md"), heading)
    for name, cls in known.items():
        cell = row_of(table, name)[1]
        assert names(cell) == [field.wire_name for field in wire_fields(cls)], name
        optional = [one.wire_name for one in wire_fields(cls) if not one.is_required]
        assert re.findall(r"`(\w+)`\?", cell) == optional, name


@pytest.mark.parametrize("cls", [CallSnapshot, ParticipantSnapshot, AgentSnapshot])
def test_snapshots_have_all_their_fields(cls: type) -> None:
    cell = row_of(section(page("link-messages.md"), "## What travels inside"), cls.__name__)[1]
    assert names(cell) == [field.wire_name for field in wire_fields(cls)]


@pytest.mark.parametrize("code", RefusalCode)
def test_every_refusal_code_is_explained(code: RefusalCode) -> None:
    row_of(section(page("link-messages.md"), "## Refusal codes"), code.value)


@pytest.mark.parametrize("code", CloseCode)
def test_every_close_code_is_explained(code: CloseCode) -> None:
    row_of(section(page("link-messages.md"), "## Close codes"), code.value)


# ---- docs/call-model.md ------------------------------------------------------------------------


def test_the_diagrams_are_the_tables() -> None:
    drawn = [
        {
            (state, input): after
            for state, after, input in re.findall(r"(\w+) --> (\w+): (\w+)", block)
        }
        for block in blocks(page("call-model.md"), "mermaid")
    ]
    tables = (states.PARTICIPANT, states.HOLD, states.MUTE, states.RECORDING)
    known = [
        {
            (str(state), str(input)): str(after)
            for (state, input), after in table.transitions.items()
        }
        for table in tables
    ]
    assert drawn == known


def test_the_agent_table_is_the_agent_table() -> None:
    head, _, *body = rows(section(page("call-model.md"), "## Agents"))[: 2 + len(AgentState)]
    inputs = [names(cell)[0] for cell in head[1:]]
    assert inputs == [str(input) for input in states.AgentInput]
    told = {
        (names(row[0])[0], input): names(cell)[0]
        for row in body
        for input, cell in zip(inputs, row[1:], strict=True)
        if names(cell)
    }
    known = states.AGENT.transitions.items()
    assert told == {(str(state), str(input)): str(after) for (state, input), after in known}


@pytest.mark.parametrize("status", ["MissedCallAgent", "DeclinedByAgent", "FailedConnectCustomer"])
def test_missed_declined_and_failed_calls_are_explained(status: str) -> None:
    told = [row for row in rows(page("call-model.md")) if len(row) == 5 and f"`{status}`" in row]
    assert told
    assert {row[1] for row in told} == {"`error`"}


# ---- docs/operating.md -------------------------------------------------------------------------


def commands_of_scv() -> list[str]:
    found: list[str] = []
    app = make_app()
    for name in app:
        if name.startswith("-"):
            continue
        inner = [part for part in app[name] if not part.startswith("-")]
        found.extend(f"scv {name} {part}" for part in inner)
        if not inner:
            found.append(f"scv {name}")
    return found


def test_every_scv_command_is_explained() -> None:
    table = section(page("operating.md"), "## Commands")
    told = {names(row[0])[0] for row in rows(table) if names(row[0])}
    assert told == set(commands_of_scv())
    assert len(told) > 5


@pytest.mark.parametrize("name", sorted(set(Settings.model_fields) - {"demo"}))
def test_every_setting_is_explained(name: str) -> None:
    table = section(page("operating.md"), "## Settings").partition("`[[tenants]]` table;")[0]
    row = row_of(table, name)
    default = Settings.model_fields[name].default
    if isinstance(default, (str, int, float, Path)):
        assert names(row[1]) == [str(default)]


@pytest.mark.parametrize("name", TenantSettings.model_fields)
def test_every_key_of_a_tenant_is_explained(name: str) -> None:
    table = section(page("operating.md"), "## Settings").partition("`[[tenants]]` table;")[2]
    row_of(table, name)


def test_the_settings_example_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [example] = blocks(page("operating.md"), "toml")
    key = tmp_path / tomllib.loads(example)["tenants"][0]["private_key_file"]
    key.parent.mkdir(parents=True)
    key.touch()
    (tmp_path / "scv.toml").write_text(example)
    monkeypatch.chdir(tmp_path)
    settings = load_settings(demo=False, config_file=Path("scv.toml"))
    assert settings.tenants[0].name == "Acme"


def test_every_metric_is_explained() -> None:
    table = section(page("operating.md"), "## Health")
    told = {
        name: names(row[1])
        for row in rows(table)
        for name in names(row[0])
        if name.startswith("scv_")
    }
    known = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in Metrics().registry.collect()
    }
    assert set(told) == known


# ---- docs/switch-adapter.md --------------------------------------------------------------------


def test_every_command_and_event_of_a_switch_is_explained() -> None:
    text = page("switch-adapter.md")
    for name in (name for name in vars(Pbx) if not name.startswith("_")):
        row_of(section(text, "## Commands"), name)
    kinds = {
        PbxEvent: "## Events",
        PbxReport: "## Reports",
        AgentReport: "## Reports",
        TimedReport: "## Reports",
    }
    grouping = {kind.__name__ for kind in kinds}
    for kind, heading in kinds.items():
        # Other tests make kinds of their own.
        ours = [one for one in kind.__subclasses__() if one.__module__.startswith("server.")]
        for name in {one.__name__ for one in ours} - grouping:
            row_of(section(text, heading), name)


# ---- every page --------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.M)
    return {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.is_relative_to(ROOT), target
        assert there.exists(), target
        assert not anchor or anchor in anchors(there.read_text()), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_files_that_are_named_exist(path: Path) -> None:
    named = re.findall(r"`((?:connector_py|server|web|tests|docs)/[\w./-]+)`", path.read_text())
    for file in named:
        assert (ROOT / file).exists(), file


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_pages_name_no_machine(path: Path) -> None:
    found = re.search(r"/home/|/root/|/work/|/tmp/|/Users/", path.read_text())
    assert found is None
