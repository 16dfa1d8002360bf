"""The running server's switch begins calls as the org's settings say."""

from dataclasses import replace
from pathlib import Path

from connector_py.entities import CallInfo, RecordingState
from server.entities import AgentKey
from server.pbx import Destination
from tests.support.running_app import ORGANIZATION, running_app

AGENT = AgentKey(tenant_id=ORGANIZATION, agent_id="agent-1")


async def test_calls_begin_as_the_org_wants(tmp_path: Path) -> None:
    async with running_app(tmp_path) as running:
        demo, center = running.services.demo, running.services.contact_center
        assert demo is not None
        before = await center.tenant_settings(demo.tenant_id)
        after = replace(
            before,
            is_auto_merge_on=True,
            call_info=CallInfo(is_recording_paused=True),
            third_party_call_info=CallInfo(is_muted=True),
        )
        await center.change_tenant_settings(demo.tenant_id, after)
        await demo.pbx.originate(
            AGENT,
            call_id="d0001",
            participant_id="part-1",
            destination=Destination(number="+12025550123"),
        )
        [call] = [one.call for one in demo.pbx.active_calls()]
        assert call.is_auto_merge_on
        assert call.recording is RecordingState.PAUSED
        theo = Destination(number="+12025550188")
        await demo.pbx.add_party(
            "d0001", participant_id="theo", added_by="part-1", destination=theo
        )
        await demo.pbx.party_answers("d0001", "theo")
        [call] = [one.call for one in demo.pbx.active_calls()]
        assert next(one for one in call.participants if one.participant_id == "theo").is_muted
        await demo.pbx.hang_up("d0001")
