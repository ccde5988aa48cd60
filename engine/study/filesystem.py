"""Which network file system a folder lies on: a database in write-ahead mode can break there."""

import ctypes
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath

NetworkDetector = Callable[[Path], str | None]
"""Takes a folder; returns the name of its network file system, or None for a local one."""

Mount = tuple[str, str]
"""A mount point and the type of its file system."""

# fmt: off
NETWORK_FILE_SYSTEMS = frozenset({
    "9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "ftp", "fuse.afp",
    "fuse.beegfs", "fuse.ceph", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs",
    "fuse.gvfsd-fuse", "fuse.mfs", "fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs",
    "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs3", "nfs4", "ocfs2", "orangefs",
    "panfs", "prl_fs", "pvfs2", "smb2", "smb3", "smbfs", "sshfs", "vboxsf", "webdav",
})
# fmt: on


def network_filesystem(folder: Path) -> str | None:
    """Return the name of the network file system the folder lies on, or None for a local one."""
    folder = folder.resolve()
    if sys.platform == "win32":
        return _windows_share(folder)
    return network_type(folder, _mounts())


def network_type(folder: PurePath, mounts: Iterable[Mount]) -> str | None:
    """Return the type of the innermost mount that holds the folder, where it is a network one.

    Parameters
    ----------
    mounts
        In the order in which they were mounted: a later one hides an earlier one at its place.
    """
    holding = [mount for mount in mounts if folder.is_relative_to(mount[0])]
    if not holding:
        return None
    _, kind = max(reversed(holding), key=lambda mount: len(mount[0]))
    return kind if kind in NETWORK_FILE_SYSTEMS else None


def mounts_of_linux(mountinfo: str) -> list[Mount]:
    """Return the mounts told by the text of ``/proc/self/mountinfo``."""
    mounts = []
    for line in mountinfo.splitlines():
        fields, _, rest = line.partition(" - ")
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields.split(" ")[4])
        mounts.append((point, rest.split(" ")[0]))
    return mounts


def mounts_of_macos(listing: str) -> list[Mount]:
    """Return the mounts told by what the command ``mount`` prints on macOS."""
    return re.findall(r"^.+? on (/.*) \(([^,)]+)[^()]*\)$", listing, flags=re.MULTILINE)


def _mounts() -> list[Mount]:
    if sys.platform == "darwin":
        command = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
        return mounts_of_macos(command.stdout)
    mountinfo = Path("/proc/self/mountinfo")
    if not mountinfo.exists():
        return []
    return mounts_of_linux(mountinfo.read_text(encoding="utf-8", errors="surrogateescape"))


def _windows_share(folder: Path) -> str | None:
    remote_drive = 4
    is_remote = folder.drive.startswith("\\\\")
    if sys.platform == "win32":
        is_remote |= ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == remote_drive
    return "network share" if is_remote else None
