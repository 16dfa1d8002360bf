"""Turn Python sources into a zip of byte code; runs inside Pyodide at build time.

Byte code fits only the interpreter that made it, so Pyodide's own Python compiles what it will
later run in the browser. The same sources always give the same bytes: no times, no random order.
"""

import py_compile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SCRATCH = Path("/tmp/compile_archive")


def compile_archive(source: str, target: str, installed_as: str, skipped: list[str]) -> int:
    """Compile a zip of sources into a zip of byte code.

    Args:
        source: Path of a zip with `.py` and data files.
        target: Path of the zip to write; `name.py` becomes `name.pyc` at the same place.
        installed_as: Path of the archive at run time, for tracebacks.
        skipped: Top-level names (modules or packages) to leave out.

    Returns:
        Number of modules compiled.

    Raises:
        py_compile.PyCompileError: A source is not valid Python; names file and line.
    """
    compiled = 0
    with (
        zipfile.ZipFile(source) as sources,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
    ):
        for name in _kept(sources.namelist(), set(skipped)):
            data = sources.read(name)
            if name.endswith(".py"):
                data = _byte_code(data, f"{installed_as}/{name}")
                name = f"{name}c"
                compiled += 1
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return compiled


def _kept(names: list[str], skipped: set[str]) -> Iterator[str]:
    for name in sorted(names):
        top = PurePosixPath(name).parts[0]
        if not name.endswith("/") and top.removesuffix(".py") not in skipped:
            yield name


def _byte_code(source: bytes, shown_as: str) -> bytes:
    scratch = _SCRATCH.with_suffix(".py")
    scratch.write_bytes(source)
    py_compile.compile(
        str(scratch),
        cfile=str(_SCRATCH.with_suffix(".pyc")),
        dfile=shown_as,
        doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    return _SCRATCH.with_suffix(".pyc").read_bytes()


def pack_folder(folder: str, target: str) -> None:
    """Put a folder of sources into a zip for `compile_archive`.

    Args:
        folder: What lies in it keeps its relative path.
        target: Path of the zip to write.
    """
    root = Path(folder)
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(root.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(root).as_posix(), _ZIP_DATE)
                archive.writestr(entry, path.read_bytes())
