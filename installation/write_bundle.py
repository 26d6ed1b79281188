"""`make bundle`: everything that an installation needs, in one archive, for a room without a network.

Belongs here: gathering the wheels of the lock, the project as git knows it, their hashes, the archive.
Does not belong here: installing it (`install.sh`, which goes into the archive), or services (`units/`).

    marsad-<version>/
      SHA256SUMS           every other file; `sha256sum --check` reads it
      install.sh           sh install.sh /opt/marsad
      platform.txt         for which machine and which Python
      project.tar          what is committed
      wheels/              every package of the locks of a server (`LOCKS`) for this platform, each checked against them
      wheels.lock          the same packages with the hashes of these very wheels

The same commit and the same wheels give the same bytes. Fonts, scripts and styles of others are wheels, too.
"""

from __future__ import annotations

import argparse
import hashlib
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-desk.lock")
"""What a server in the room runs: the command and the desk."""
_LINUX = re.compile(r"manylinux_(\d+)_(\d+)_")
_OLD_LINUX = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}


def main() -> None:
    """Write the archive of this checkout into a folder and print its path."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the archive comes")
    parser.add_argument("--wheels", type=Path, help="a folder that holds the wheels already")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.folder) as scratch:
        wheels = asked.wheels or gather_wheels([HOUSE / lock for lock in LOCKS], Path(scratch) / "wheels")
        if _git("status", "--porcelain").strip():
            print("marsad: what is not committed is not in the archive.", file=sys.stderr)
        archive = write_bundle(asked.folder, version_of_checkout(), _git("archive", "--format=tar", "HEAD"), wheels)
    size = archive.stat().st_size / 1e6
    print(f"marsad: {archive}: {size:.0f} MB. In the other room: tar -xf it, then sh */install.sh FOLDER")


def gather_wheels(locks: Iterable[Path], folder: Path) -> Path:
    """Fetch every package of these locks for this platform, checked by hash; source packages are built into wheels."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    named = [word for lock in locks for word in ("-r", lock)]
    subprocess.run([*command, "--require-hashes", *named, "-w", folder], check=True)
    return folder


def version_of_checkout() -> str:
    """Return version and commit, which name the folder of an installation: `0.1.0-4122d63e5f60`."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return f"{project['version']}-{_git('rev-parse', '--short=12', 'HEAD').decode().strip()}"


def write_bundle(folder: Path, version: str, project: bytes, wheels: Path) -> Path:
    """Write the archive and return its path.

    Args:
        folder: where it is placed, by one rename.
        version: of the project, with its commit.
        project: a tar file of the checkout.
        wheels: a folder with nothing but wheels.
    """
    packed = sorted(wheels.glob("*.whl"))
    files = {
        "install.sh": (HOUSE / "installation" / "install.sh").read_bytes(),
        "platform.txt": platform_of(version, (path.name for path in packed)).encode(),
        "project.tar": project,
        "wheels.lock": "".join(_lock_line(path) for path in packed).encode(),
    }
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    sums |= {f"wheels/{path.name}": _sha256(path) for path in packed}
    files["SHA256SUMS"] = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode()
    name = f"marsad-{version}"
    whole = folder / f"{name}-{platform.machine()}-python{_python()}.tar"
    unfinished = whole.with_suffix(".part")
    with tarfile.open(unfinished, "w") as archive:
        for file_name, data in sorted(files.items()):
            archive.addfile(_entry(f"{name}/{file_name}", len(data)), BytesIO(data))
        for path in packed:
            with path.open("rb") as stream:
                archive.addfile(_entry(f"{name}/wheels/{path.name}", path.stat().st_size), stream)
    return unfinished.replace(whole)


def platform_of(version: str, wheels: Iterable[str]) -> str:
    """Return the machine that these wheels require, as lines of `name=value`, which the installer checks."""
    needed = max((glibc for name in wheels if (glibc := _glibc_of(name))), default=())
    return (
        f"version={version}\nmachine={platform.system()} {platform.machine()}\npython={_python()}\n"
        f"glibc={'.'.join(map(str, needed))}\n"
    )


def _glibc_of(wheel: str) -> tuple[int, ...]:
    """Return the oldest glibc that a wheel runs with; empty for one of pure Python."""
    tags = [(int(major), int(minor)) for major, minor in _LINUX.findall(wheel)]
    tags += [version for tag, version in _OLD_LINUX.items() if tag in wheel]
    return min(tags, default=())


def _lock_line(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{_sha256(wheel)}\n"


def _entry(name: str, size: int) -> tarfile.TarInfo:
    """Return an archive entry without owner and date."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=HOUSE, check=True, capture_output=True).stdout


if __name__ == "__main__":
    main()
