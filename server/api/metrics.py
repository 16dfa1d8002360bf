"""Figures for Prometheus. Labels are names from fixed lists, never anybody's data."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """All figures of one application, in a registry of their own."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "scv_http_requests",
            "HTTP requests by method, route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "scv_http_request_seconds",
            "How long HTTP requests took, by route.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.links = Gauge(
            "scv_link_connections", "Connectors that are connected.", registry=self.registry
        )
        self.link_closes = Counter(
            "scv_link_closes", "Links that ended, by reason.", ["reason"], registry=self.registry
        )
        self.notifications = Counter(
            "scv_notifications_sent",
            "Notifications sent to connectors, by name.",
            ["name"],
            registry=self.registry,
        )
        self.commands = Counter(
            "scv_commands",
            "Commands of connectors, by name and outcome.",
            ["name", "outcome"],
            registry=self.registry,
        )
        self.command_seconds = Histogram(
            "scv_command_seconds",
            "How long commands took, by name.",
            ["name"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.calls = Counter(
            "scv_calls_ended",
            "Calls that ended at an agent, by type and how.",
            ["type", "end"],
            registry=self.registry,
        )
        self.outbox = Gauge(
            "scv_outbox_backlog",
            "Changes that Salesforce has not been told yet.",
            registry=self.registry,
        )
        self.salesforce_requests = Counter(
            "scv_salesforce_requests",
            "Requests to Salesforce, by operation and outcome.",
            ["operation", "outcome"],
            registry=self.registry,
        )

    def text(self) -> bytes:
        """Return all figures in Prometheus's text format."""
        return generate_latest(self.registry)
