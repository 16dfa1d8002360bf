"""Every error that the connector raises by name.

`code` is stable and short: logs and tests look at it, never at the message.
"""

_LONGEST_SHOWN_VALUE = 80


class ConnectorError(Exception):
    """Something that the connector can say by name.

    Args:
        message: What is wrong, in one line.
    """

    code: str = "connector_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ValidationError(ConnectorError):
    """A value does not fit its field.

    Args:
        field: Which field, with its path on the wire, such as `call.callInfo.isMuted`.
        value: What stands there.
        expected: What should stand there, as a phrase.
    """

    code = "validation_error"

    def __init__(self, field: str, value: object, expected: str) -> None:
        shown = repr(value)
        if len(shown) > _LONGEST_SHOWN_VALUE:
            shown = shown[: _LONGEST_SHOWN_VALUE - 1] + "…"
        super().__init__(f"{field}: expected {expected}, got {shown}")
        self.field = field
        self.value = value
        self.expected = expected


class UnknownTransitionError(ConnectorError):
    """A state machine has no entry for this input in this state; the state stays as it is.

    Args:
        machine: Name of the table.
        state: The state that it is in.
        input: What came.
    """

    code = "unknown_transition"

    def __init__(self, machine: str, state: str, input: str) -> None:
        super().__init__(f"{machine}: '{input}' is not possible in state '{state}'")
        self.machine = machine
        self.state = state
        self.input = input


class CallNotFoundError(ConnectorError):
    """No such call.

    Args:
        call_id: The id, or what else was looked for.
    """

    code = "call_not_found"

    def __init__(self, call_id: str) -> None:
        super().__init__(f"no active call '{call_id}'")
        self.call_id = call_id


class ParticipantNotFoundError(ConnectorError):
    """No such participant on the call.

    Args:
        call_id: The call.
        participant: The participant's id, or what else was looked for.
    """

    code = "participant_not_found"

    def __init__(self, call_id: str, participant: str) -> None:
        super().__init__(f"no participant '{participant}' on call '{call_id}'")
        self.call_id = call_id
        self.participant = participant


class CommandRefusedError(ConnectorError):
    """The server says no.

    Args:
        code: One of `RefusalCode`, or a name that Salesforce knows for a failed DIAL.
        message: Why, and what to do.
        namespace: Of the custom label that Salesforce is to show instead.
        label_name: API name of that label.
    """

    code: str

    def __init__(
        self,
        code: str,
        message: str,
        *,
        namespace: str | None = None,
        label_name: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.namespace = namespace
        self.label_name = label_name


class CommandTimeoutError(ConnectorError):
    """The server did not answer a command in time; what it did later comes as notifications."""

    code = "command_timeout"


class LinkDownError(ConnectorError):
    """The server cannot be reached."""

    code = "link_down"


class PageRefusedError(ConnectorError):
    """The browser does not let the page do something, or does not know it.

    Args:
        message: What, and why.
    """

    code = "page_refused"


class MicrophoneNotSharedError(PageRefusedError):
    """The agent, or the browser for them, does not let the page hear.

    Args:
        message: Why.
    """

    code = "microphone_not_shared"


class UnsupportedBrowserError(PageRefusedError):
    """This browser cannot do something that the softphone needs.

    Args:
        message: What.
    """

    code = "unsupported_browser"


class SignInRequiredError(ConnectorError):
    """The agent must sign in to the telephony system first.

    Args:
        message: Why.
        is_silent: Whether the sign-in goes on by itself: no login page is to show.
    """

    code = "sign_in_required"

    def __init__(
        self, message: str = "sign in to the telephony system", *, is_silent: bool = False
    ) -> None:
        super().__init__(message)
        self.is_silent = is_silent


class NotSupportedError(ConnectorError):
    """This connector does not do that.

    Args:
        method: The vendor's name of the method.
    """

    code = "not_supported"

    def __init__(self, method: str) -> None:
        super().__init__(f"{method} is not supported")
        self.method = method


class CustomError(ConnectorError):
    """An error with a text of its own: Salesforce shows a custom label (connector-api.md 2.7).

    Args:
        label_name: API name of the label.
        namespace: Its namespace.
        message: For the log.

    Raises:
        ValidationError: The label or the namespace is empty.
    """

    code = "custom_error"

    def __init__(self, label_name: str, namespace: str, message: str | None = None) -> None:
        for field, value in (("label_name", label_name), ("namespace", namespace)):
            if not value:
                raise ValidationError(field, value, "text")
        super().__init__(message or f"{namespace}.{label_name}")
        self.label_name = label_name
        self.namespace = namespace
