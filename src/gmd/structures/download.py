"""Files from the network: whole and of the right checksum, or not at all."""

from __future__ import annotations

import os
import re
import textwrap
from pathlib import Path

_TIMEOUT = 60.0
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DownloadError(ValueError):
    """A file that could not be fetched, said with its address and what to do."""


def download_file(
    url: str,
    path: str | os.PathLike[str],
    *,
    sha256: str,
    timeout: float = _TIMEOUT,
    progress: bool = False,
) -> None:
    """Fetch a file, unless it is there already.

    What comes is written to a temporary file beside `path`, a piece at a time, and renamed once
    its checksum is right.

    Parameters
    ----------
    url : str
        With http or https; redirections are followed.
    path : path-like
        The file to be; its folder is made if need be.
    sha256 : str
        The checksum, 64 hexadecimal digits.
    timeout : float
        Seconds to wait for the server at any time.
    progress : bool
        Whether to show a bar on standard error.

    Raises
    ------
    DownloadError
        Where the server cannot be reached, has no such file, breaks off or redirects in a circle,
        or where the checksum differs. Nothing is left behind.
    """
    import pooch  # with all that it brings, only where something is fetched
    import requests

    path = Path(path)
    if not url.startswith(("http://", "https://")):
        raise DownloadError(f"{url}: only http and https are fetched; give another address")
    if not _SHA256.fullmatch(sha256):
        raise DownloadError(f"{url}: {sha256!r} is no SHA-256; give its 64 hexadecimal digits")
    existed = path.exists()
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{sha256}",
            fname=path.name,
            path=path.parent,
            downloader=pooch.HTTPDownloader(progressbar=progress, timeout=timeout),
        )
    except requests.TooManyRedirects:
        reason = "the server redirects in a circle; give the file's own address"
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else error
        reason = f"the server answers {status}; correct the address, or fetch the file by hand"
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
        reason = f"the transfer broke off or did not begin ({_cause(error)}); try again"
    except requests.Timeout:
        reason = f"the server was silent for {timeout:g} s; try again"
    except requests.RequestException as error:
        reason = f"it cannot be fetched ({_cause(error)}); correct the address"
    except ValueError as error:
        found = _SHA256.findall(str(error))
        if not found:
            raise
        other = next((digest for digest in found if digest != sha256), "another")
        reason = (
            f"its SHA-256 is {other}, not {sha256}: the file was changed, or the checksum is "
            f"another file's; compare both with the archive's page"
        )
    else:
        return
    if not existed and path.parent.is_dir() and not any(path.parent.iterdir()):
        path.parent.rmdir()
    raise DownloadError(f"{url}: {reason}")


def _cause(error: BaseException) -> str:
    """The first line of what a chain of wrapped errors says."""
    lines = str(error).splitlines()
    return textwrap.shorten(lines[0], 200) if lines else type(error).__name__
