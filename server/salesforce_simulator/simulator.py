"""The simulated org: what its endpoints share."""

import asyncio
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar, cast

from starlette.requests import Request

from server.entities.ports import Clock, IdSource
from server.salesforce_simulator.errors import ApiError, invalid_field, unauthorized
from server.salesforce_simulator.faults import FaultSwitch
from server.salesforce_simulator.fields import iso_time
from server.salesforce_simulator.organizations import IDENTITY_LENGTH, Organization
from server.salesforce_simulator.record_ids import record_id, voice_call_id
from server.salesforce_simulator.records import RecordBook, Records
from server.salesforce_simulator.tokens import VerifiedToken, verify_token
from server.salesforce_simulator.voice_calls import NewRecord
from server.salesforce_simulator.work_items import Office

T = TypeVar("T")

_LARGEST_BODY = 1_048_576


class Simulator:
    """One or more orgs over one file of records.

    Args:
        organizations: The orgs, by the 15 characters of their id.
        records: Their records.
        clock: The time of tokens and records.
        ids: Source of record ids.
        strict_jti: Whether a token's id may be used once only (telephony-rest-api.md 2.2).
    """

    def __init__(
        self,
        *,
        organizations: Mapping[str, Organization],
        records: Records,
        clock: Clock,
        ids: IdSource,
        strict_jti: bool,
    ) -> None:
        self._organizations = organizations
        self._records = records
        self._clock = clock
        self._ids = ids
        self._strict_jti = strict_jti
        self.faults = FaultSwitch()

    async def transaction(self, organization: str, work: Callable[[RecordBook], T]) -> T:
        """Run one transaction over an org's records, outside the event loop's thread."""

        def run() -> T:
            with self._records.book(organization) as book:
                return work(book)

        return await asyncio.to_thread(run)

    async def work(self, organization: str, work: Callable[[Office], T]) -> T:
        """Run one transaction over an org's records and the work of its agents."""

        def run(book: RecordBook) -> T:
            return work(self._office(organization, book))

        return await self.transaction(organization, run)

    def _office(self, organization: str, book: RecordBook) -> Office:
        return Office(
            book=book,
            users=self._organizations[organization].users,
            new_id=lambda prefix: record_id(prefix, self._ids.new_id()),
            now=iso_time(self._clock.now()),
        )

    async def authenticate(self, request: Request) -> Organization:
        """Check a request's token.

        Raises:
            ApiError: 401, it is not good or was used before.
        """
        token = verify_token(
            request.headers.get("authorization"), self._organizations, self._clock.now()
        )
        if self._strict_jti and token.jti is not None:
            await self._use(token, token.jti)
        return token.organization

    async def _use(self, token: VerifiedToken, jti: str) -> None:
        now = self._clock.now().timestamp()
        fresh = await self.transaction(
            token.organization.identity,
            lambda book: book.use_token(jti, expires_at=token.expires_at, now=now),
        )
        if not fresh:
            raise unauthorized("jti was used before")

    def organization_of_page(self, request: Request) -> str:
        """Return the org whose records a page asks for; without a name the first one.

        Raises:
            ApiError: 400, there is no such org.
        """
        name = request.query_params.get("organizationId")
        if name is None:
            return next(iter(self._organizations))
        identity = name[:IDENTITY_LENGTH]
        if identity not in self._organizations:
            raise invalid_field("organizationId", "is not a simulated org")
        return identity

    def new_unique(self) -> str:
        """Return a text that no other has."""
        return self._ids.new_id()

    def new_record(self) -> NewRecord:
        """Return id and time for a record that may have to be made."""
        return NewRecord(
            voice_call_id=voice_call_id(self._ids.new_id()), created_at=iso_time(self._clock.now())
        )

    def close(self) -> None:
        """End every silence and let go of the file."""
        self.faults.release()
        self._records.close()


async def read_body(request: Request) -> bytes:
    """Read a request's body.

    Raises:
        ApiError: 413, it is too large.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            raise ApiError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "TOO_LARGE", "the body is too large"
            )
    return bytes(body)


def json_value(body: bytes) -> object:
    """Parse a body; None when it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def json_object(body: bytes) -> dict[str, Any]:
    """Parse a body.

    Raises:
        ApiError: 400, it is not a JSON object.
    """
    value = json_value(body)
    if not isinstance(value, dict):
        raise ApiError(
            HTTPStatus.BAD_REQUEST, "JSON_PARSER_ERROR", "the body must be a JSON object"
        )
    return cast("dict[str, Any]", value)
