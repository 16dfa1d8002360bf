"""What can go wrong on the server, as one tree.

Every error has an HTTP status, a stable code for programs and a sentence for people. The sentence
never holds a value that came from outside, so it is safe in answers and in logs.
"""

from typing import ClassVar


class ServerError(Exception):
    """Something that the caller of the server is told about.

    Args:
        message: What is wrong and what to do, for people.
        field: Name of the field that is wrong, in the caller's own spelling.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class InvalidRequestError(ServerError):
    """The request itself is wrong; the same request will never work."""

    status = 400
    code = "invalid_request"


class UnknownHostError(ServerError):
    """The request names a host that this server is not."""

    status = 400
    code = "unknown_host"


class SignInRequiredError(ServerError):
    """Nobody is signed in, or somebody else is."""

    status = 401
    code = "sign_in_required"


class SilentSignInRequiredError(SignInRequiredError):
    """The same, where the sign-in goes on by itself and no page is to show for it."""

    code = "silent_sign_in_required"


class ForeignOriginError(ServerError):
    """A page of another origin tries to change something."""

    status = 403
    code = "foreign_origin"


class NotFoundError(ServerError):
    """There is nothing at this address, or it is not the caller's."""

    status = 404
    code = "not_found"


class ConflictError(ServerError):
    """It cannot be done in the present state."""

    status = 409
    code = "invalid_state"


class BodyTooLargeError(ServerError):
    """The request's body is longer than the server reads."""

    status = 413
    code = "body_too_large"


class UnsupportedMediaTypeError(ServerError):
    """The request's body is not JSON."""

    status = 415
    code = "unsupported_media_type"


class TooManyRequestsError(ServerError):
    """The caller is too fast.

    Args:
        message: What to do, for people.
        retry_after: Seconds to wait.
    """

    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
