"""Where the service listens: on which address, when other machines may reach it, and under which names."""

from __future__ import annotations

import ipaddress
import os
import socket

from assistant.errors import PortInUse, UnsafeAddress
from assistant.settings import Settings

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)


def bound(host: str, port: int, guarded: bool = False) -> socket.socket:
    """A socket on a free port, so that nobody else takes it while the page is prepared.

    guarded says that everybody has to sign in; without it the address must be a loopback one.
    """
    if not guarded and not is_loopback(host):
        raise UnsafeAddress(host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        # Lets a restart take the port at once; on Windows it would let two servers share it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError):
        listener.close()
        raise PortInUse(host, port) from None
    return listener


def names(settings: Settings) -> set[str]:
    """The names in the address bar under which the service may be reached."""
    known = {"127.0.0.1", "localhost", "::1", settings.host, *map(str.strip, settings.hosts.split(","))} - {""}
    return known | {socket.gethostname().lower()} if settings.host in EVERYWHERE else known


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
