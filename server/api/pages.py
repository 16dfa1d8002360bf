"""Pages and their files, as the build or the wheel holds them.

A file under `/assets/` has a hash of its content in its name and may be kept for ever; everything
else is asked for each time (`no-cache`), and answered with 304 when it did not change.
"""

import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from server.errors import NotFoundError

DEMO_FILES = ("softphone", "remote")
"""Pages that exist in demo mode only: `/<name>.html` and everything under `/<name>/`."""

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".ico": "image/x-icon",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".map": "application/json",
        ".mjs": "text/javascript; charset=utf-8",
        ".mp3": "audio/mpeg",
        ".png": "image/png",
        ".svg": "image/svg+xml",
        ".tar": "application/x-tar",
        ".txt": "text/plain; charset=utf-8",
        ".wasm": "application/wasm",
        ".wav": "audio/wav",
        ".webmanifest": "application/manifest+json",
        ".whl": "application/zip",
        ".woff2": "font/woff2",
        ".zip": "application/zip",
    }
)
_FOR_EVER = "public, max-age=31536000, immutable"


def find_web_dir(chosen: Path | None) -> Path | None:
    """Return the folder of the built web assets, or None when they were not built.

    Args:
        chosen: What the settings say; otherwise the wheel's folder, then the checkout's.
    """
    server = Path(__file__).parents[1]
    places = [chosen] if chosen else [server / "web_assets", server.parent / "build" / "web"]
    return next((place for place in places if (place / "connector.html").is_file()), None)


class Pages:
    """Answers for every path that is not an endpoint.

    Args:
        web_dir: Folder of the built web assets; None when there is none.
        demo: Whether the demo's pages exist.
    """

    def __init__(self, web_dir: Path | None, *, demo: bool) -> None:
        self._files = None if web_dir is None else StaticFiles(directory=web_dir)
        self._demo = demo

    async def serve(self, request: Request) -> Response:
        """Return the file at the request's path.

        Raises:
            NotFoundError: When there is none, or not in this mode.
        """
        path = str(request.path_params["path"]) or "index.html"
        if self._files is None or not self._may_be_seen(path):
            raise NotFoundError("There is nothing at this address.")
        if not _is_plain(path) or not _is_file(self._files, path):
            raise NotFoundError("There is nothing at this address.")
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        response = await self._files.get_response(path, request.scope)
        kind = _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
        if "content-type" in response.headers:
            response.headers["Content-Type"] = kind
        response.headers["Cache-Control"] = _FOR_EVER if path.startswith("assets/") else "no-cache"
        return response

    def _may_be_seen(self, path: str) -> bool:
        first = path.partition("/")[0].lower().removesuffix(".html")
        return self._demo or first not in DEMO_FILES


def _is_file(files: StaticFiles, path: str) -> bool:
    try:
        _, found = files.lookup_path(path)
    except OSError:  # such as a name that is too long
        return False
    return found is not None and stat.S_ISREG(found.st_mode)


def _is_plain(path: str) -> bool:
    parts = path.split("/")
    return not any(part in ("", ".", "..") or part.startswith(".") for part in parts) and (
        "\\" not in path and "\0" not in path
    )
