"""Puts the connector together; the only place that knows all of its parts."""

from connector_py.api import ConnectorApi
from connector_py.browser.bridge import VendorBridge
from connector_py.browser.headset import PageHeadset
from connector_py.browser.host import Host
from connector_py.browser.log import HostLog
from connector_py.browser.page_requests import (
    PageAudioDevices,
    PageRequests,
    PageStorageAccess,
)
from connector_py.browser.publisher import HostPublisher
from connector_py.browser.sockets import BrowserSockets
from connector_py.browser.system import RandomIds, RandomJitter, SystemClock
from connector_py.transport.server_link import ServerLink
from connector_py.transport.timers import LoopTimers


def create_connector(host: Host) -> VendorBridge:
    """Make the connector of this page; the only function that JavaScript calls by name.

    Args:
        host: A JavaScript object with `post(json)`.
    """
    log = HostLog(host)
    ids = RandomIds()
    sockets = BrowserSockets(host)
    link = ServerLink(
        opener=sockets,
        timers=LoopTimers(),
        jitter=RandomJitter(),
        instance_id=ids.new_id(),
        log=log,
    )
    requests = PageRequests(host)
    api = ConnectorApi(
        link=link,
        publisher=HostPublisher(host),
        clock=SystemClock(),
        ids=ids,
        log=log,
        headset=PageHeadset(host),
        audio_devices=PageAudioDevices(requests),
        storage_access=PageStorageAccess(requests),
    )
    return VendorBridge(api=api, sockets=sockets, requests=requests, log=log)
