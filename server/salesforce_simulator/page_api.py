"""What the softphone page asks the org: Salesforce's own side, hence without a token.

Omni-Channel itself creates the VoiceCall of an outbound call and shows every record.
"""

from dataclasses import replace
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.salesforce_simulator.errors import invalid_field, not_found
from server.salesforce_simulator.faults import Fault, FaultMode
from server.salesforce_simulator.fields import (
    Field,
    exactly_one_of,
    int32,
    number,
    one_of,
    read_fields,
    text,
    utc_time,
)
from server.salesforce_simulator.record_view import record_view
from server.salesforce_simulator.records import RecordBook, VoiceCallRecord
from server.salesforce_simulator.routing import remove_routing
from server.salesforce_simulator.simulator import Simulator, json_object, read_body
from server.salesforce_simulator.work_items import Office

_MOST_RECORDS = 50
_LONGEST_DELAY = 60.0
_CALL_TYPE = one_of("Callback", "Consult", "Inbound", "InternalCall", "Outbound", "Transfer")
_DISPOSITION = exactly_one_of("new", "in-progress", "completed")

_CREATE_FIELDS: Final = (
    Field("vendorCallKey", text(), required=True),
    Field("callType", _CALL_TYPE, required=True),
    Field("fromNumber", text(40)),
    Field("toNumber", text(40)),
    Field("ownerUserName", text()),
    Field("startTime", utc_time),
    Field("callOrigin", exactly_one_of("Preview")),
    Field("previousVendorCallKey", text()),
)

_UPDATE_FIELDS: Final = (
    Field("callType", _CALL_TYPE),
    Field("callDisposition", _DISPOSITION),
    Field("fromNumber", text(40)),
    Field("toNumber", text(40)),
    Field("ownerUserName", text()),
    Field("startTime", utc_time),
    Field("acceptTime", utc_time),
    Field("endTime", utc_time),
    Field("qualityScore", number),
    Field("description", text(4000)),
)

_FAULT_FIELDS: Final = (
    Field("mode", exactly_one_of(*FaultMode), required=True),
    Field("delaySeconds", number),
    Field("remaining", int32),
)


def page_routes(simulator: Simulator) -> list[Route]:
    """Return the routes under /ui."""
    page = _PageApi(simulator)
    return [
        Route("/ui/voiceCalls", page.list_voice_calls, methods=["GET"]),
        Route("/ui/voiceCalls", page.create_voice_call, methods=["POST"]),
        Route("/ui/voiceCalls/{call:path}", page.show_voice_call, methods=["GET"]),
        Route("/ui/voiceCalls/{call:path}", page.update_voice_call, methods=["PATCH"]),
        Route("/ui/faults", page.faults, methods=["GET"]),
        Route("/ui/faults", page.set_faults, methods=["PUT"]),
    ]


class _PageApi:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def list_voice_calls(self, request: Request) -> Response:
        """Return the newest records, or those with a vendorCallKey."""
        key = request.query_params.get("vendorCallKey")

        def work(book: RecordBook) -> list[VoiceCallRecord]:
            if key is None:
                return book.latest(_MOST_RECORDS)
            return book.all_by_key(key, _MOST_RECORDS)

        organization = self._simulator.organization_of_page(request)
        records = await self._simulator.transaction(organization, work)
        return JSONResponse({"voiceCalls": [record.to_wire() for record in records]})

    async def show_voice_call(self, request: Request) -> Response:
        """Return one record with its conversation, recording, routing and related calls."""
        call: str = request.path_params["call"]

        def work(office: Office) -> dict[str, Any]:
            record = office.book.find(call)
            if record is None:
                raise not_found()
            return record_view(office, record)

        organization = self._simulator.organization_of_page(request)
        return JSONResponse(await self._simulator.work(organization, work))

    async def create_voice_call(self, request: Request) -> Response:
        """Create a record as Omni-Channel does; one with the same key is completed instead.

        `previousVendorCallKey` links a callback to the call in which it was asked for.
        """
        values = read_fields(json_object(await read_body(request)), _CREATE_FIELDS)
        organization = self._simulator.organization_of_page(request)
        new = self._simulator.new_record()
        key: str = values.pop("vendorCallKey")
        call_type: str = values.pop("callType")
        previous_key: str | None = values.pop("previousVendorCallKey", None)

        def work(book: RecordBook) -> VoiceCallRecord:
            previous = _previous(book, previous_key)
            existing = book.by_key(key)
            if existing is not None:
                # An update can have made it first; what that did not know is added.
                completed = replace(existing, fields={**values, **existing.fields})
                book.save(completed)
                return completed
            record = VoiceCallRecord(
                voice_call_id=new.voice_call_id,
                organization=organization,
                vendor_call_key=key,
                call_type=call_type,
                created_at=new.created_at,
                previous_call_id=None if previous is None else previous.voice_call_id,
                fields={"startTime": new.created_at, **values},
            )
            book.add(record)
            if previous is not None:
                book.save(replace(previous, next_call_id=record.voice_call_id))
            return record

        record = await self._simulator.transaction(organization, work)
        return JSONResponse(record.to_wire())

    async def update_voice_call(self, request: Request) -> Response:
        """Change what Omni-Channel sets: owner, disposition, times, quality.

        A call that an agent accepted does not wait for its routing any more.
        """
        values = read_fields(json_object(await read_body(request)), _UPDATE_FIELDS)
        organization = self._simulator.organization_of_page(request)
        call: str = request.path_params["call"]

        def work(book: RecordBook) -> VoiceCallRecord:
            record = book.find(call)
            if record is None:
                raise not_found()
            if "acceptTime" in values or values.get("callDisposition") == "in-progress":
                remove_routing(book, record)
            changed = replace(
                record,
                call_type=values.pop("callType", record.call_type),
                call_disposition=values.pop("callDisposition", record.call_disposition),
            ).with_fields(values)
            book.save(changed)
            return changed

        record = await self._simulator.transaction(organization, work)
        return JSONResponse(record.to_wire())

    async def faults(self, _request: Request) -> Response:
        """Return how the switches stand."""
        fault = self._simulator.faults.fault
        return JSONResponse(
            {
                "mode": fault.mode,
                "delaySeconds": fault.delay_seconds,
                "remaining": fault.remaining,
            }
        )

    async def set_faults(self, request: Request) -> Response:
        """Set the switches."""
        values = read_fields(json_object(await read_body(request)), _FAULT_FIELDS)
        delay = float(values.get("delaySeconds", 0.0))
        self._simulator.faults.set(
            Fault(
                mode=FaultMode(values["mode"]),
                delay_seconds=min(max(delay, 0.0), _LONGEST_DELAY),
                remaining=values.get("remaining"),
            )
        )
        return await self.faults(request)


def _previous(book: RecordBook, vendor_call_key: str | None) -> VoiceCallRecord | None:
    if vendor_call_key is None:
        return None
    record = book.by_key(vendor_call_key)
    if record is None:
        raise invalid_field("previousVendorCallKey", "is not a known VoiceCall")
    return record
