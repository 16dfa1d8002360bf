"""Durable state: protocols in `base`, SQLite behind them."""

from server.store.base import Store, StoreError, StoreRuleError, Transaction
from server.store.factory import open_store

__all__ = ["Store", "StoreError", "StoreRuleError", "Transaction", "open_store"]
