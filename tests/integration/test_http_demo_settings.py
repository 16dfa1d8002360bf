"""What the demo's administrator chooses for all agents."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.support.demo_desk import DemoDesk, blamed, demo_desk
from tests.support.patience import PATIENCE
from tests.support.running_app import error_of

STATUSES = ["Offline", "Available", "Away", "Busy"]


async def test_what_is_left_out_stays(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        before = await demo.get("settings")
        change: dict[str, Any] = {
            "sharedCapabilities": {"hasContactSearch": False},
            "voiceCapabilities": {"hasSwap": False, "isDialPadDisabled": True},
            "callInfo": {"isMuted": True, "removeParticipantVariant": "NEVER"},
            "thirdPartyCallInfo": {"holdEnabled": False},
            "contactTypes": ["Queue"],
            "isAutoMergeOn": True,
            "supervisors": ["ada@demo.example"],
            "labels": ["c.noMute"],
            "queueWaitSeconds": {"queue-support": 91, "queue-sales": 7},
            "showsLogin": True,
            "isSilentLogin": True,
            "error": {"label": "c.noMute"},
        }
        for name, value in change.items():
            assert (await demo.put("settings", {name: value})).status_code == 200, name
        after = await demo.get("settings")
        assert set(after) == set(change), "every setting can be chosen"
        for name, value in change.items():
            expected = {**before[name], **value} if isinstance(before[name], dict) else value
            assert after[name] == expected, name
        told = await demo.heard("capabilities_changed")
        assert told.shared_capabilities.has_contact_search is False


async def test_everybody_supervises_until_somebody_is_named(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        for names in (None, ["ada@demo.example"], [], None):
            if names is not None or (await demo.get("settings"))["supervisors"] is not None:
                await demo.put("settings", {"supervisors": names})
            assert (await demo.get("settings"))["supervisors"] == names


async def test_an_error_is_ordered_and_taken_away(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        assert (await demo.get("settings"))["error"] is None
        for error in ({}, {"code": "AGENT_AT_MAXIMUM_CAPACITY"}, {"label": "c.noMute"}, None):
            answer = await demo.put("settings", {"error": error})
            assert answer.json()["error"] == error


WRONG: list[tuple[Any, str]] = [
    ({"colour": "red"}, "colour"),
    ({"voiceCapabilities": {"hasWings": True}}, "voiceCapabilities.hasWings"),
    ({"voiceCapabilities": {"hasMute": "yes"}}, "voiceCapabilities.hasMute"),
    ({"voiceCapabilities": None}, "voiceCapabilities"),
    ({"callInfo": {"removeParticipantVariant": "MAYBE"}}, "callInfo.removeParticipantVariant"),
    ({"contactTypes": ["Robot"]}, "contactTypes[0]"),
    ({"supervisors": "ada@demo.example"}, "supervisors"),
    ({"labels": ["no label"]}, "labels"),
    ({"queueWaitSeconds": {"queue-support": -1}}, "queueWaitSeconds"),
    ({"isAutoMergeOn": 1}, "isAutoMergeOn"),
    ({"error": True}, "error"),
    ({"error": {"reason": "x"}}, "error.reason"),
    ({"error": {"label": "noNamespace"}}, "error.label"),
    ({"error": {"code": "NO_SUCH_CODE"}}, "error.code"),
]


async def test_wrong_settings_are_named_and_change_nothing(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        before = await demo.get("settings")
        for body, field in WRONG:
            right_too = {"showsLogin": True, **body}
            assert blamed(await demo.put("settings", right_too)) == (400, field), body
        assert await demo.get("settings") == before


async def test_two_pages_change_settings_at_once(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        names = ["hasMute", "hasRecord", "hasMerge", "hasSwap", "hasBlindTransfer", "supportsMos"]
        await asyncio.gather(
            *(demo.put("settings", {"voiceCapabilities": {name: False}}) for name in names)
        )
        after = (await demo.get("settings"))["voiceCapabilities"]
        assert [after[name] for name in names] == [False] * len(names)


async def test_the_live_view_follows_the_settings(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo, demo.running.socket("/demo/v1/live") as live:
        seen = json.loads(await live.recv())
        assert seen["settings"] == await demo.get("settings")
        await demo.put("settings", {"isAutoMergeOn": True})
        async with asyncio.timeout(PATIENCE):
            while not json.loads(await live.recv())["settings"]["isAutoMergeOn"]:
                continue


async def test_statuses_are_renamed(tmp_path: Path) -> None:
    async with demo_desk(tmp_path) as demo:
        assert sorted(name for name in await names(demo)) == sorted(STATUSES)
        away, busy = "0N5000000000002AAA", "0N5000000000003AAA"
        swapped = [
            {"statusId": away, "telephonyStatus": "busy"},
            {"statusId": busy, "telephonyStatus": "away"},
        ]
        assert (await demo.put("status-map", {"statuses": swapped})).status_code == 200
        assert (await names(demo)) | {"Away": "busy", "Busy": "away"} == await names(demo)
        for body, field in (
            ({}, "statuses"),
            ({"statuses": ["x"]}, "statuses"),
            ({"statuses": [{"telephonyStatus": "x"}]}, "statusId"),
            ({"statuses": [{"statusId": away, "telephonyStatus": ""}]}, "telephonyStatus"),
        ):
            assert blamed(await demo.put("status-map", body)) == (400, field)
        taken = {"statuses": [{"statusId": away, "telephonyStatus": "available"}]}
        assert error_of(await demo.put("status-map", taken)) == (409, "invalid_state")
        unknown = {"statuses": [{"statusId": "0N5000000000009AAA", "telephonyStatus": "x"}]}
        assert error_of(await demo.put("status-map", unknown)) == (404, "not_found")


async def names(demo: DemoDesk) -> dict[str, str]:
    table = await demo.get("status-map")
    return {one["statusName"]: one["telephonyStatus"] for one in table}
