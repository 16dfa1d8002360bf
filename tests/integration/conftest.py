"""Fixtures of the tests of the outbox."""

from tests.support.outbox_parts import parts, store

__all__ = ["parts", "store"]
