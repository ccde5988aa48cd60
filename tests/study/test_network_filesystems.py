"""A study is not opened where a network file system could damage it."""

import sys
from pathlib import Path, PurePosixPath

import pytest

from engine.domain.problem import Refusal
from engine.study.filesystem import (
    mounts_of_linux,
    mounts_of_macos,
    network_filesystem,
    network_type,
)
from engine.study.sqlite import create_study, open_study

MOUNTINFO = r"""
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
40 27 0:40 / /mnt/group rw shared:1 - nfs4 server:/group rw,vers=4.2
41 40 8:1 / /mnt/group/local rw - xfs /dev/sda1 rw
42 27 0:42 / /mnt/with\040space rw master:2 propagate_from:1 - fuse.sshfs me@host: rw
43 27 0:43 / /mnt/auto rw - autofs systemd-1 rw
44 43 0:44 / /mnt/auto rw - cifs //server/share rw
45 27 0:45 / /mnt/hidden rw - cifs //server/share rw
46 27 8:2 / /mnt/hidden rw - ext4 /dev/sdb1 rw
""".strip()

MOUNT_OF_MACOS = """
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect)
//me@server/share (old) on /Volumes/share (old) (smbfs, nodev, nosuid, mounted by me)
server:/export on /Volumes/lab (nfs)
""".strip()


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me", None),
        ("/mnt/group/study", "nfs4"),
        ("/mnt/group", "nfs4"),
        ("/mnt/groups", None),
        ("/mnt/group/local/study", None),
        ("/mnt/with space/study", "fuse.sshfs"),
        ("/mnt/auto/x", "cifs"),
        ("/mnt/hidden/x", None),
    ],
)
def test_the_innermost_last_mount_decides_on_linux(folder, kind):
    assert network_type(PurePosixPath(folder), mounts_of_linux(MOUNTINFO)) == kind


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/Users/me", None),
        ("/Volumes/share (old)/x", "smbfs"),
        ("/Volumes/lab/x", "nfs"),
        ("/System/Volumes/Data/Users/me", None),
    ],
)
def test_the_innermost_last_mount_decides_on_macos(folder, kind):
    assert network_type(PurePosixPath(folder), mounts_of_macos(MOUNT_OF_MACOS)) == kind


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/shm is local on Linux")
def test_this_machine_tells_a_local_folder():
    assert network_filesystem(Path("/dev/shm")) is None


def on_a_share(folder):
    return "nfs4"


def test_a_new_study_is_refused_on_a_network_file_system(tmp_path):
    with pytest.raises(Refusal, match=r"network file system \(nfs4\).*local disk.*packets"):
        create_study(tmp_path / "s", author="lead", find_network=on_a_share)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("read_only", [True, False])
def test_an_existing_study_is_refused_on_a_network_file_system(tmp_path, read_only):
    create_study(tmp_path / "s", author="lead").close()
    with pytest.raises(Refusal) as refused:
        open_study(tmp_path / "s", read_only=read_only, find_network=on_a_share)
    assert refused.value.problem.code == "network_file_system"


def test_a_copy_may_be_saved_without_asking_where_it_lies(tmp_path):
    with create_study(tmp_path / "s", author="lead") as study:
        assert study.save_copy(tmp_path / "copy").exists()
