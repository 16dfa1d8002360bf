"""Salesforce's Telephony Integration REST API: client, tokens, errors and retry policy."""

from server.salesforce.client import (
    ClientTimeouts,
    ContactCenterAddress,
    TelephonyApiClient,
)
from server.salesforce.clients import TelephonyApiClients
from server.salesforce.errors import (
    AuthenticationError,
    ConfigurationError,
    InvalidRequestError,
    KeyFileError,
    MalformedAnswerError,
    PermanentError,
    RateLimitedError,
    RetryableError,
    SalesforceError,
    UnreachableError,
)
from server.salesforce.payloads import (
    CallOrigin,
    CreateVoiceCallRequest,
    CreateVoiceCallResponse,
    DisconnectReason,
    EndUser,
    InitiationMethod,
    UpdateVoiceCallRequest,
    UpdateVoiceCallResponse,
    VoiceCallSubtype,
    encode_call_attributes,
)
from server.salesforce.retry import RetryPolicy, jitter_of
from server.salesforce.tokens import JwtTokens, TokenSource, load_private_key

__all__ = [
    "AuthenticationError",
    "CallOrigin",
    "ClientTimeouts",
    "ConfigurationError",
    "ContactCenterAddress",
    "CreateVoiceCallRequest",
    "CreateVoiceCallResponse",
    "DisconnectReason",
    "EndUser",
    "InitiationMethod",
    "InvalidRequestError",
    "JwtTokens",
    "KeyFileError",
    "MalformedAnswerError",
    "PermanentError",
    "RateLimitedError",
    "RetryPolicy",
    "RetryableError",
    "SalesforceError",
    "TelephonyApiClient",
    "TelephonyApiClients",
    "TokenSource",
    "UnreachableError",
    "UpdateVoiceCallRequest",
    "UpdateVoiceCallResponse",
    "VoiceCallSubtype",
    "encode_call_attributes",
    "jitter_of",
    "load_private_key",
]
