"""A supervisor on somebody else's call (connector-api.md 2.6, 2.7)."""

from dataclasses import dataclass, field

from connector_py.entities.validation import VendorClass, on_wire
from connector_py.errors import ValidationError


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedCallInfo(VendorClass):
    """The call that a supervisor listens to. `connection_id` is `call_id` by default."""

    call_id: str
    voice_call_id: str | None = None
    call_type: str | None = None
    from_: str | None = field(default=None, metadata=on_wire("from"))
    to: str | None = None
    supervisor_name: str | None = None
    is_barged_in: bool | None = None
    connection_id: str | None = None

    def _complete(self) -> None:
        if not self.connection_id:
            self._set("connection_id", self.call_id)

    def _check(self) -> None:
        if not self.call_id:
            raise ValidationError("call_id", self.call_id, "the id of a call")
