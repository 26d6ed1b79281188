"""What a process and all that it started listen on, as the kernel tells it."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from pathlib import Path

_LISTENS_TCP = "0A"
_ACCEPTS_UNIX = 0x10000
_BOUND_UDP = "07"


def family_of(process: int) -> list[int]:
    """Return a process and all that descend from it."""
    children = [
        int(number)
        for tasks in Path(f"/proc/{process}/task").glob("*/children")
        for number in tasks.read_text(encoding="ascii").split()
    ]
    return [process, *(number for child in children for number in family_of(child))]


def ports_of(processes: list[int]) -> set[tuple[str, int]]:
    """Return the addresses and ports of the network that the processes listen on."""
    inodes = set().union(*map(_socket_inodes, processes))
    return {
        _address(columns[1])
        for table, listens in (("tcp", _LISTENS_TCP), ("tcp6", _LISTENS_TCP), ("udp", _BOUND_UDP), ("udp6", _BOUND_UDP))
        for columns in _rows(table)
        if columns[3] == listens and columns[9] in inodes
    }


def unix_sockets_of(processes: list[int]) -> set[str]:
    """Return the names of the sockets of this machine that the processes listen on."""
    inodes = set().union(*map(_socket_inodes, processes))
    return {
        columns[7] if len(columns) > 7 else ""
        for columns in _rows("unix")
        if int(columns[3], 16) & _ACCEPTS_UNIX and columns[6] in inodes
    }


def _rows(table: str) -> Iterator[list[str]]:
    for line in Path(f"/proc/net/{table}").read_text(encoding="utf-8").splitlines()[1:]:
        yield line.split()


def _socket_inodes(process: int) -> set[str]:
    targets = [str(entry.readlink()) for entry in Path(f"/proc/{process}/fd").iterdir() if entry.is_symlink()]
    return {target[len("socket:[") : -1] for target in targets if target.startswith("socket:[")}


def _address(text: str) -> tuple[str, int]:
    host, port = text.split(":")
    if len(host) == 8:
        return socket.inet_ntoa(struct.pack("<I", int(host, 16))), int(port, 16)
    words = struct.pack("<4I", *(int(host[at : at + 8], 16) for at in range(0, 32, 8)))
    return socket.inet_ntop(socket.AF_INET6, words), int(port, 16)
