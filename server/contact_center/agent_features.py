"""What the telephony system and its operators do for agents, beside calls and commands."""

from collections.abc import Mapping, Sequence
from typing import Any

from connector_py.entities import ACWInfo, AudioStats, CallInfo, Command, HangupStatus, Reply
from server.contact_center.agent_work import Work
from server.contact_center.audio_quality import measured
from server.contact_center.commands import Commands
from server.contact_center.desk import Desk
from server.contact_center.desk_phone import DeskPhone
from server.contact_center.page_messages import PageMessages
from server.contact_center.post_call import PostCall
from server.contact_center.reports import Reports
from server.contact_center.sessions import Sessions
from server.contact_center.statuses import Statuses
from server.contact_center.tenant_settings import SettingsOfTenants
from server.entities import AgentKey, MappedStatus, TenantSettings
from server.pbx import VoicemailLeft


class AgentFeatures:
    """A part of `ContactCenter`.

    Every method raises `ServerError` with a sentence for people when it cannot be done:
    `NotFoundError`, `InvalidRequestError` or `ConflictError`.

    Args:
        desk: The tools.
        commands: Takes the commands of connectors.
    """

    def __init__(self, desk: Desk, commands: Commands) -> None:
        self._desk = desk
        self._commands = commands
        self._settings = SettingsOfTenants(desk)
        self._statuses = Statuses(desk)
        self._pages = PageMessages(desk)
        self._phones = DeskPhone(desk)
        self._work = Work(desk)
        self._sessions = Sessions(desk)
        self._post_call = PostCall(desk)
        reports = Reports(
            statuses=self._statuses,
            pages=self._pages,
            phones=self._phones,
            work=self._work,
            post_call=self._post_call,
        )
        desk.report_with(reports.record)

    # ---- settings ------------------------------------------------------------------------------

    async def tenant_settings(self, tenant_id: str) -> TenantSettings:
        """Return an org's settings; those that were never chosen are the usual ones."""
        return await self._settings.read(tenant_id)

    async def change_tenant_settings(self, tenant_id: str, settings: TenantSettings) -> None:
        """Write all of an org's settings.

        Agents whose connector is there are told of other capabilities; calls that go on keep what
        they began with.
        """
        await self._settings.change(tenant_id, settings)

    # ---- statuses ------------------------------------------------------------------------------

    async def status_map(self, tenant_id: str) -> Sequence[MappedStatus]:
        """Return an org's presence statuses with their names in the telephony system, by id."""
        return await self._statuses.of_tenant(tenant_id)

    async def rename_statuses(self, tenant_id: str, names: Mapping[str, str]) -> None:
        """Change what the telephony system calls presence statuses.

        Args:
            tenant_id: The org.
            names: New telephony statuses by the presence statuses' ids; others stay.
        """
        await self._statuses.rename(tenant_id, names)

    async def request_agent_status(
        self,
        agent: AgentKey,
        *,
        status_id: str | None = None,
        telephony_status: str | None = None,
    ) -> None:
        """Ask Salesforce to give an agent another presence status.

        During a call it is kept, and asked for when the agent is off the call. The agent's state
        changes only when Salesforce has taken it over.

        Args:
            agent: Whose status.
            status_id: The presence status.
            telephony_status: Or its name in the telephony system; one of the two.
        """
        wish = self._statuses.request(agent, status_id=status_id, telephony_status=telephony_status)
        await self._desk.write(wish)

    # ---- phones and sessions -------------------------------------------------------------------

    async def desk_phone(self, agent: AgentKey, command: Command) -> Reply:
        """Do what an agent does at the desk phone, with the handlers of the connector's commands.

        Nothing of it has a cause, as no connector asked. A refusal is told as `action_failed`,
        and returned. Controls that the call disables are those of the softphone only.
        """
        return await self._commands.handle_desk_phone(agent, command)

    async def fail_offer(self, agent: AgentKey, call_id: str, status: HangupStatus) -> None:
        """End the ringing at an agent's phone, because the switch says so: missed, or failed.

        The call goes on to somebody else.
        """
        await self._phones.fail_offer(agent, call_id, status)

    async def sign_out(self, agent: AgentKey) -> None:
        """End an agent's session: sessions and tickets are dropped, and links close with 4401.

        The agent goes offline, during a call when it is over.
        """
        await self._sessions.sign_out(agent)

    async def end_session_in_time(self, agent: AgentKey) -> None:
        """Wait until the agent's last session is over, then sign the agent out.

        Never during a call: the session goes on until the agent is off it. Returns when the agent
        is signed out; whoever serves the agent's link waits for that.
        """
        await self._sessions.end_in_time(agent)

    # ---- pages ---------------------------------------------------------------------------------

    async def tell_page(self, agent: AgentKey, message: Any) -> None:  # noqa: ANN401 - JSON
        """Say something to the components of an agent's page, 32 KiB of JSON at most."""
        await self._desk.write(self._pages.message(agent, message))

    async def show_transfer_view(self, agent: AgentKey, payload: Mapping[str, Any]) -> None:
        """Let Salesforce open its transfer view, as for a contact request (guide chapter 9)."""
        await self._desk.write(self._pages.transfer_view(agent, payload))

    async def after_conversation_work(
        self, agent: AgentKey, info: ACWInfo, *, started: bool
    ) -> None:
        """Say that the agent begins, or has ended, the work after a conversation."""
        await self._desk.write(self._pages.conversation_work(agent, info, started=started))

    async def update_call_info(
        self,
        tenant_id: str,
        call_id: str,
        call_info: CallInfo,
        *,
        participant_id: str | None = None,
    ) -> None:
        """Change what agents may do with a call that goes on (guide chapter 14, CALL_UPDATED).

        Args:
            tenant_id: The org.
            call_id: The call.
            call_info: All of it; hold, mute and recording come from the live state.
            participant_id: Of one added party only.
        """
        work = self._pages.call_info(tenant_id, call_id, call_info, participant_id=participant_id)
        async with self._desk.lanes.hold(call_id):
            await self._desk.write(work)

    async def report_audio_stats(
        self, agent: AgentKey, call_id: str, stats: AudioStats
    ) -> float | None:
        """Take measurements of an agent's call, tell the connector, and keep our own score.

        Those before the call is connected, and after the last ones, do not count.

        Returns:
            The E-model's score of all samples so far, 1 to 5; None without any.
        """
        async with self._desk.lanes.hold(call_id):
            return await self._desk.write(measured(agent, call_id, stats))

    # ---- work ----------------------------------------------------------------------------------

    async def add_contact_request(
        self,
        agent: AgentKey,
        *,
        contact_request_id: str,
        phone_number: str,
        name: str | None = None,
        work_item_id: str | None = None,
    ) -> None:
        """Note that Salesforce gives an agent a contact request.

        From when the agent accepts the work until it is closed, no call rings at the agent.

        Args:
            agent: Who gets it.
            contact_request_id: Id of the record.
            phone_number: Where the customer wants to be called.
            name: The customer's.
            work_item_id: How Omni-Channel names it, when that is not the record's id.
        """
        work = self._work.add_contact_request(
            agent,
            contact_request_id=contact_request_id,
            phone_number=phone_number,
            name=name,
            work_item_id=work_item_id,
        )
        await self._desk.write(work)

    async def push_preview(
        self, agent: AgentKey, phone_number: str, *, name: str | None = None
    ) -> None:
        """Let a preview dialer propose a number to an agent.

        The page gets `{"type": "PREVIEW_CALL", "phoneNumber", "name"?}`; the next call that the
        agent places to the number is the dialer's.
        """
        await self._desk.write(self._work.push_preview(agent, phone_number, name))

    # ---- conversations -------------------------------------------------------------------------

    async def add_transcript(
        self,
        tenant_id: str,
        call_key: str,
        *,
        content: str,
        sender: str,
        own_id: str | None = None,
    ) -> str:
        """Add something that was said to a call's transcript; return the message's id.

        Args:
            tenant_id: The org.
            call_key: The call: its id, that of an added party, or a VoiceCall's.
            content: What was said.
            sender: END_USER, HUMAN_AGENT, SUPERVISOR, VIRTUAL_AGENT or EXTERNAL_USER.
            own_id: Of an EXTERNAL_USER, or of an agent who is not the one who took the call.
        """
        work = self._post_call.add_transcript(
            tenant_id, call_key, content=content, sender=sender, own_id=own_id
        )
        return await self._desk.write(work)

    async def send_conversation_events(
        self,
        tenant_id: str,
        call_key: str,
        *,
        service: str,
        events: Sequence[Mapping[str, Any]],
        persist: bool | None = None,
    ) -> None:
        """Send real-time conversation events (guide chapter 10, "Send Real-Time Signals").

        Args:
            tenant_id: The org.
            call_key: As for `add_transcript`.
            service: The intelligence service.
            events: `{type, value, startTime?, score?, participant?}` each, by time; without a
                time they happen now.
            persist: Whether Salesforce is to keep them.
        """
        work = self._post_call.send_events(
            tenant_id, call_key, service=service, events=events, persist=persist
        )
        await self._desk.write(work)

    async def publish_recording(
        self,
        tenant_id: str,
        call_key: str,
        *,
        recording_url: str,
        seconds: int,
        hold_seconds: int = 0,
    ) -> None:
        """Tell Salesforce where the recording of a call is (guide chapter 11).

        Args:
            tenant_id: The org.
            call_key: As for `add_transcript`.
            recording_url: Full address, at most 1000 characters.
            seconds: Length of the recording, holds included.
            hold_seconds: How much of it are holds.
        """
        work = self._post_call.publish_recording(
            tenant_id,
            call_key,
            recording_url=recording_url,
            seconds=seconds,
            hold_seconds=hold_seconds,
        )
        await self._desk.write(work)

    async def take_voicemail(
        self,
        tenant_id: str,
        *,
        caller: str,
        dialed_number: str,
        recording_url: str,
        seconds: int,
        transcript: str = "",
    ) -> str:
        """Let Salesforce route a voicemail (guide chapter 9); return its vendorCallKey."""
        left = VoicemailLeft(
            tenant_id=tenant_id,
            caller=caller,
            dialed_number=dialed_number,
            recording_url=recording_url,
            seconds=seconds,
            transcript=transcript,
        )
        return await self._desk.write(self._post_call.take_voicemail(left))
