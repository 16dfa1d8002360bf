"""A bare Salesforce page on a host name of its own: frames the connector and speaks its protocol.

Unlike `softphone.html` it needs nothing of our server, so it also shows what production does.
"""

import http.server
import ssl
import threading
from pathlib import Path

HOST_PAGE = """<!doctype html>
<title>Host page</title>
<main id="frames"></main>
<script>
  window.received = [];
  window.openConnector = (url, target) => {
    const frame = document.createElement('iframe');
    frame.id = target;
    frame.src = url;
    document.getElementById('frames').append(frame);
    return new Promise((done) => frame.addEventListener('load', () => done(true)));
  };
  window.say = (target, message, origin) => {
    document.getElementById(target).contentWindow.postMessage(message, origin);
  };
  window.shakeHands = (target, connectorConfig, origin) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => window.received.push(event.data);
    document
      .getElementById(target)
      .contentWindow.postMessage({ type: 'SETUP_CONNECTOR', connectorConfig }, origin, [
        channel.port2,
      ]);
    window.port = channel.port1;
  };
</script>
"""


class HostPage:
    """An HTTPS server for `HOST_PAGE`, in a thread of the tests."""

    def __init__(self, certificate: Path, key: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> "HostPage":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = HOST_PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
