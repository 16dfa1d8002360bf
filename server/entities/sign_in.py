"""Proofs that somebody is an agent. Only hashes of secrets are ever stored."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.entities.agent import AgentKey

SESSION_OVERTIME = timedelta(hours=12)
"""How long a session that is over still lets an agent come back to a call that goes on."""


class SecretKind(StrEnum):
    """What a secret is good for."""

    SIGN_IN_CODE = "sign_in_code"
    """Once, for a session."""
    SESSION = "session"
    """Until it expires, for tickets."""
    LINK_TICKET = "link_ticket"
    """Once, for a link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret that was given out."""

    kind: SecretKind
    secret_hash: str
    agent: AgentKey
    expires_at: datetime


def hash_secret(secret: str) -> str:
    """Return what is stored in the secret's place: SHA-256, in hexadecimal.

    Enough without salt or stretching, since secrets are random and long.
    """
    return hashlib.sha256(secret.encode()).hexdigest()
