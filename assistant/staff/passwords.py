"""Passwords as they are kept: scrypt with a salt of their own, so that whoever gets the file cannot read them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
from base64 import b64decode, b64encode
from dataclasses import dataclass

from assistant.errors import AccountError

# NIST SP 800-63B-4, section 3.1.1.2: where nothing but a password is asked for, at least 15 characters.
LEAST = 15
MOST = 1024
SALT_BYTES = 16
# Each takes 32 MiB while it is computed: a crowd of sign-ins waits in line instead of filling the memory.
_in_turn = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: 128 * n * r bytes of memory, and p times the time.

    The default is one of the settings of equal strength in OWASP's Password Storage Cheat Sheet, that with 32 MiB:
    a quarter of a second on one core of a laptop.
    """

    n: int = 2**15
    r: int = 8
    p: int = 3


def checked(password: str) -> str:
    """The password, if it may be used. Raises AccountError with what is asked of one."""
    if len(password) < LEAST:
        raise AccountError(
            f"A password has at least {LEAST} characters. Four words that only you would put together are easy to "
            "remember and hard to guess."
        )
    if len(password) > MOST:
        raise AccountError(f"A password has at most {MOST:,} characters.")
    return password


def hashed(password: str, cost: Cost) -> str:
    """The password as it is kept: the cost, the salt and the hash, '$' between them."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = _digest(password, salt, cost)
    return f"scrypt${cost.n}${cost.r}${cost.p}${b64encode(salt).decode()}${b64encode(digest).decode()}"


def fits(password: str, kept: str, cost: Cost) -> bool:
    """Whether this is the password that is kept; with '' for kept it never is, and finding out takes as long."""
    if not kept:
        hashed(password, cost)
        return False
    _, *numbers, salt, digest = kept.split("$")
    then = Cost(*map(int, numbers))
    return hmac.compare_digest(_digest(password, b64decode(salt), then), b64decode(digest))


def outdated(kept: str, cost: Cost) -> bool:
    """Whether it was hashed at another cost than passwords are now."""
    return not kept.startswith(f"scrypt${cost.n}${cost.r}${cost.p}$")


def _digest(password: str, salt: bytes, cost: Cost) -> bytes:
    # The same letters typed on another keyboard may come as other code points (NIST SP 800-63B-4: normalise).
    typed = unicodedata.normalize("NFKC", password).encode()
    with _in_turn:
        return hashlib.scrypt(typed, salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=256 * cost.n * cost.r)
