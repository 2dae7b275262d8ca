"""Where an audit works and where its papers go: a folder of ours inside the output folder, gone on any exit."""

import contextlib
import errno
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from auditor.fault import Exit, Fault, because

MANIFEST = "manifest.json"
_PREFIX = ".audit-"
_LEAST = 4 << 20  # bytes free, below which a disk counts as full
_DISK = (errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG)


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """An empty folder inside `out`, removed on any exit, with what a killed audit left there. Raises Fault when `out`
    cannot be written, is full or is in use."""
    fresh = not out.exists()
    try:
        with _locked(out):
            work = _emptied(out)
            try:
                yield from _kept(out, work)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    finally:
        if fresh:
            with contextlib.suppress(OSError):
                out.rmdir()  # only where nothing was delivered


def _emptied(out: Path) -> Path:
    for left in out.glob(f"{_PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=out))
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> Fault:
    return Fault(Exit.ENVIRONMENT, "output", path=out, error=because(error))


def _kept(out: Path, work: Path) -> Iterator[Path]:
    try:
        yield work
    except Fault:
        raise
    except Exception as error:
        if "no space left" in str(error).lower() or shutil.disk_usage(out).free < _LEAST:  # engines wrap it in theirs
            raise Fault(Exit.ENVIRONMENT, "full", path=out) from error
        if isinstance(error, OSError) and error.errno in _DISK:
            raise Fault(Exit.ENVIRONMENT, "writing", path=out, error=because(error)) from error
        raise


@contextmanager
def _locked(out: Path) -> Iterator[None]:
    """One audit at a time in a folder. The lock is the process's own: a killed audit holds none."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(out, error) from error
    try:
        import fcntl
    except ImportError:  # Windows has no locks on folders
        yield
        return
    handle = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Fault(Exit.ENVIRONMENT, "in_use", path=out) from error
    finally:
        os.close(handle)


def deliver(papers: Sequence[Path], out: Path, edition: str, ours: Collection[str] = ()) -> None:
    """Move finished papers into `out`, the manifest last: a folder with a manifest holds the papers it names, and none
    of `ours`, the names an audit may write, from an earlier one. The full edition is for its owner alone."""
    with _undisturbed():
        (out / MANIFEST).unlink(missing_ok=True)
        for name in sorted(set(ours) - {path.name for path in papers}):
            (out / name).unlink(missing_ok=True)
        for path in sorted(papers, key=lambda path: path.name == MANIFEST):
            if edition == "full":
                path.chmod(0o600)
            path.replace(out / path.name)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C comes too late: what is left takes a moment."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
