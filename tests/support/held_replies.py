"""The link in Chromium, with the server's replies in the test's hands."""

from playwright.sync_api import Page, WebSocketRoute

LINK = "**/api/v1/link"


class HeldReplies:
    """Holds replies back while `is_holding`; notifications pass.

    Args:
        page: The page whose link it is; before the link opens.
    """

    def __init__(self, page: Page) -> None:
        self.is_holding = False
        self._held: list[tuple[WebSocketRoute, str | bytes]] = []
        page.route_web_socket(LINK, self._connect)

    def _connect(self, socket: WebSocketRoute) -> None:
        def pass_on(text: str | bytes) -> None:
            if self.is_holding and '"kind":"reply"' in str(text):
                self._held.append((socket, text))
            else:
                socket.send(text)

        socket.connect_to_server().on_message(pass_on)

    @property
    def count(self) -> int:
        """How many are held."""
        return len(self._held)

    def release(self) -> None:
        """Let them go, and hold no more."""
        self.is_holding = False
        for socket, text in self._held:
            socket.send(text)
