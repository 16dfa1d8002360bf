import pytest

from connector_py import errors
from connector_py.errors import CommandRefusedError, CustomError, ValidationError


def test_a_validation_error_names_field_value_and_what_was_expected() -> None:
    error = ValidationError("call.callInfo.isMuted", "yes", "true or false")
    assert str(error) == "call.callInfo.isMuted: expected true or false, got 'yes'"
    assert (error.field, error.value, error.expected) == (
        "call.callInfo.isMuted",
        "yes",
        "true or false",
    )


def test_a_long_value_is_cut_in_the_message_only() -> None:
    error = ValidationError("name", "x" * 500, "text")
    assert len(str(error)) < 120
    assert str(error).endswith("…")
    assert error.value == "x" * 500


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (errors.ConnectorError("x"), "connector_error", "x"),
        (
            errors.UnknownTransitionError("hold", "on_hold", "hold"),
            "unknown_transition",
            "hold: 'hold' is not possible in state 'on_hold'",
        ),
        (errors.CallNotFoundError("c1"), "call_not_found", "no active call 'c1'"),
        (
            errors.ParticipantNotFoundError("c1", "p1"),
            "participant_not_found",
            "no participant 'p1' on call 'c1'",
        ),
        (CommandRefusedError("invalid_state", "no"), "invalid_state", "no"),
        (errors.CommandTimeoutError("late"), "command_timeout", "late"),
        (errors.LinkDownError("gone"), "link_down", "gone"),
        (
            errors.SignInRequiredError(),
            "sign_in_required",
            "sign in to the telephony system",
        ),
        (errors.NotSupportedError("swap"), "not_supported", "swap is not supported"),
        (CustomError("Label", "ns"), "custom_error", "ns.Label"),
        (CustomError("Label", "ns", "why"), "custom_error", "why"),
    ],
)
def test_code_and_message(error: errors.ConnectorError, code: str, message: str) -> None:
    assert isinstance(error, errors.ConnectorError)
    assert (error.code, error.message, str(error)) == (code, message, message)


@pytest.mark.parametrize(
    ("label_name", "namespace", "field"), [("", "ns", "label_name"), ("Label", "", "namespace")]
)
def test_a_custom_error_needs_label_and_namespace(
    label_name: str, namespace: str, field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        CustomError(label_name, namespace)
    assert caught.value.field == field
