"""Reports of presence statuses: how much they may hold, and what they cost."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from connector_py.entities import PresenceStatus, ReportPresenceStatuses
from server.contact_center.statuses import MOST_STATUSES
from server.entities import MappedStatus
from server.store.settings_rows import SettingsRows
from tests.support.center_verbs import done, refused
from tests.support.server_fakes import ADA, TENANT_ID, build_center

AWAY = PresenceStatus(status_id="0N5000000000002AAA", status_name="On a Break")
BUSY = PresenceStatus(status_id="0N5000000000003AAA", status_name="Busy")


def numbered(count: int) -> tuple[PresenceStatus, ...]:
    """Return statuses with ids as Salesforce's, in the order of the table."""
    return tuple(
        PresenceStatus(status_id=f"0N5{number:012}AAA", status_name=f"Status {number}")
        for number in range(count)
    )


async def test_a_long_report_is_read_once_and_only_what_is_new_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done_to_table: list[str] = []
    read, write = SettingsRows.presence_statuses, SettingsRows.save_presence_status

    def counted_read(self: SettingsRows, tenant_id: str) -> Sequence[MappedStatus]:
        done_to_table.append("read")
        return read(self, tenant_id)

    def counted_write(self: SettingsRows, tenant_id: str, status: MappedStatus) -> None:
        done_to_table.append(status.status_id)
        write(self, tenant_id, status)

    monkeypatch.setattr(SettingsRows, "presence_statuses", counted_read)
    monkeypatch.setattr(SettingsRows, "save_presence_status", counted_write)
    statuses = numbered(30)
    renamed = replace(statuses[7], status_name="Lunch")
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        done(await ada.asks(ReportPresenceStatuses(statuses=(*statuses, statuses[0]))))
        assert done_to_table == ["read", *(one.status_id for one in statuses)]
        done_to_table.clear()
        done(await ada.asks(ReportPresenceStatuses(statuses=(*statuses[:7], renamed))))
        assert done_to_table == ["read", renamed.status_id]


async def test_an_org_does_not_get_ever_more_statuses(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada, statuses = house.seat(ADA), numbered(MOST_STATUSES + 1)
        too_many = refused(await ada.asks(ReportPresenceStatuses(statuses=statuses)))
        assert too_many.code == "invalid_request"
        assert await house.center.status_map(TENANT_ID) == []
        done(await ada.asks(ReportPresenceStatuses(statuses=statuses[:-1])))
        more = refused(await ada.asks(ReportPresenceStatuses(statuses=(statuses[-1],))))
        assert (more.code, str(MOST_STATUSES) in more.message) == ("invalid_request", True)
        # Those that the org has can change all the same, also by their short ids.
        renamed = PresenceStatus(status_id=statuses[3].status_id[:15], status_name="Lunch")
        done(await ada.asks(ReportPresenceStatuses(statuses=(renamed,))))
        found = await house.center.status_map(TENANT_ID)
        assert len(found) == MOST_STATUSES
        assert found[3].status_name == "Lunch"


@pytest.mark.parametrize(
    "wrong",
    [
        PresenceStatus(status_id="", status_name="Away"),
        PresenceStatus(status_id="x" * 256, status_name="Away"),
        PresenceStatus(status_id="0N5", status_name="y" * 256),
        PresenceStatus(status_id="0N5\n", status_name="Away"),
        PresenceStatus(status_id="0N5", status_name="\x1b[2JAway"),
    ],
)
async def test_a_status_that_does_not_fit_is_refused_with_its_report(
    tmp_path: Path, wrong: PresenceStatus
) -> None:
    async with build_center(tmp_path) as house:
        report = ReportPresenceStatuses(statuses=(AWAY, wrong))
        assert refused(await house.seat(ADA).asks(report)).code == "invalid_request"
        assert await house.center.status_map(TENANT_ID) == []


async def test_a_status_whose_id_is_the_name_of_another_gets_a_number(tmp_path: Path) -> None:
    async with build_center(tmp_path) as house:
        ada = house.seat(ADA)
        done(await ada.asks(ReportPresenceStatuses(statuses=(AWAY, BUSY))))
        late = PresenceStatus(status_id="0N5000000000008AAA", status_name="busy")
        await house.center.rename_statuses(TENANT_ID, {AWAY.status_id: late.status_id})
        done(await ada.asks(ReportPresenceStatuses(statuses=(late,))))
        told = {
            one.status_id: one.telephony_status for one in await house.center.status_map(TENANT_ID)
        }
        assert told[late.status_id] == f"{late.status_id}_2"
