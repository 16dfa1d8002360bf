"""What the switch refuses reaches Salesforce as the switch says it (guide chapter 8)."""

from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from connector_py.entities import (
    ActionFailed,
    AddParticipant,
    Contact,
    Dial,
    Hold,
    LinkError,
    RefusalCode,
)
from server.entities import DialError
from server.pbx import (
    ErrorLabel,
    SimulatedPbx,
    SwitchError,
    UnknownCallError,
    UnknownDestinationError,
    UnknownParticipantError,
)
from tests.support.center_verbs import choose, customer_id, refused, talking
from tests.support.server_fakes import ADA, CenterHouse, Seat, build_center

FRIEND = Contact(phone_number="+12025550123")
LABEL = ErrorLabel(namespace="acme", name="notToday")


class RefusingPbx(SimulatedPbx):
    """Refuses as a test wants it."""

    error: SwitchError | None = None

    async def originate(self, *args: Any, **more: Any) -> None:
        self._refuse()
        await super().originate(*args, **more)

    async def add_party(self, *args: Any, **more: Any) -> None:
        self._refuse()
        await super().add_party(*args, **more)

    async def hold(self, *args: Any, **more: Any) -> None:
        self._refuse()
        await super().hold(*args, **more)

    def _refuse(self) -> None:
        if self.error is not None:
            raise self.error


def refuses(house: CenterHouse, error: SwitchError) -> None:
    assert isinstance(house.pbx, RefusingPbx)
    house.pbx.error = error


async def dialled(house: CenterHouse, seat: Seat, error: SwitchError) -> LinkError:
    """Let a call be placed that the switch refuses; return the refusal."""
    refuses(house, error)
    return refused(await seat.asks(Dial(contact=FRIEND)))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SwitchError("x"), RefusalCode.SWITCH_FAILED),
        (UnknownDestinationError("x"), RefusalCode.INVALID_DESTINATION),
        (UnknownCallError("x"), RefusalCode.CALL_NOT_FOUND),
        (UnknownParticipantError("x"), RefusalCode.INVALID_PARTICIPANT),
        (SwitchError("x", refusal_code=RefusalCode.NOT_SUPPORTED), RefusalCode.NOT_SUPPORTED),
        *(
            (kind("x", refusal_code=name), name)
            for name in DialError
            for kind in (SwitchError, UnknownDestinationError)
        ),
    ],
)
async def test_a_refusal_has_the_code_that_the_switch_gives_it(
    tmp_path: Path, error: SwitchError, code: str
) -> None:
    async with build_center(tmp_path, pbx_type=RefusingPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        assert await dialled(house, ada, error) == LinkError(code=code, message="x")


async def test_a_code_that_nobody_knows_is_left_out(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=RefusingPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        odd: Any = "NO_SUCH_ERROR"
        with capture_logs() as logs:
            told = await dialled(house, ada, SwitchError("x", refusal_code=odd))
        assert told == LinkError(code=RefusalCode.SWITCH_FAILED, message="x")
        assert "unknown_refusal_code" in [one["event"] for one in logs]


async def test_a_refusal_has_a_text_of_its_own_when_the_org_has_it(tmp_path: Path) -> None:
    code = DialError.CALL_THROTTLED
    async with build_center(tmp_path, pbx_type=RefusingPbx) as house:
        ada = house.seat(ADA)
        await ada.goes_online()
        with capture_logs() as logs:
            plain = await dialled(house, ada, SwitchError("x", refusal_code=code, label=LABEL))
        assert plain == LinkError(code=code, message="x")
        assert "unknown_label" in [one["event"] for one in logs]
        await choose(house, labels=("acme.notToday",))
        told = await dialled(house, ada, SwitchError("x", refusal_code=code, label=LABEL))
        assert told == LinkError(code=code, message="x", namespace="acme", label_name="notToday")


async def test_every_command_can_be_refused_with_a_text(tmp_path: Path) -> None:
    async with build_center(tmp_path, pbx_type=RefusingPbx) as house:
        ada = house.seat(ADA)
        record = await talking(house, ada)
        await choose(house, labels=("acme.notToday",))
        refuses(house, UnknownDestinationError("x", label=LABEL))
        held = Hold(call_id=record.call_id, participant_id=customer_id(record))
        for command in (held, AddParticipant(call_id=record.call_id, contact=FRIEND)):
            assert refused(await ada.asks(command)).label_name == "notToday"
        reply = await house.center.desk_phone(ADA, held)
        assert refused(reply).label_name == "notToday"
        failed = await ada.hears(ActionFailed)
        assert (failed.namespace, failed.label_name) == ("acme", "notToday")
