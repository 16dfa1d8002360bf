"""Durable state: protocols in `base`, SQLite behind them."""

from server.store.base import Store, StoreError, Transaction
from server.store.factory import open_store

__all__ = ["Store", "StoreError", "Transaction", "open_store"]
