"""What was found a moment ago: a follow-up question looks at what the question before it found."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import blake2b
from weakref import WeakKeyDictionary

from assistant.indexing.library import Library
from assistant.retrieval.hybrid import Found

KEPT = 64  # searches of a library, of some 100 KB each

# A library that is held here would keep its files open long after the next generation came.
_searches: WeakKeyDictionary[Library, OrderedDict[bytes, list[Found]]] = WeakKeyDictionary()
_lock = threading.Lock()


def found(library: Library, key: Hashable, search: Callable[[], list[Found]]) -> list[Found]:
    """What the search for that key found in the library, made now unless it was among the latest.

    Two who ask the same at once may both search. Of a key only a digest is kept: what people asked stays nowhere.
    """
    digest = blake2b(repr(key).encode()).digest()
    with _lock:
        latest = _searches.setdefault(library, OrderedDict())
        if digest in latest:
            latest.move_to_end(digest)
            return latest[digest]
    made = search()
    with _lock:
        latest[digest] = made
        while len(latest) > KEPT:
            latest.popitem(last=False)
    return made
