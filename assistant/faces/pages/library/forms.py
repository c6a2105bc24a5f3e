"""Forms with files, read as they arrive: no file is ever whole in memory or in a folder for all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from assistant.errors import UsageError

MOST_FILES = 20
MOST_FIELDS = 20
FIELD_BYTES = 4000


class Sink(Protocol):
    """Takes what a file holds, piece by piece."""

    def write(self, data: bytes) -> object: ...
    def close(self) -> object: ...


class FormUnreadable(UsageError):
    """What was sent is no form with files, or has too many parts."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The form cannot be read ({reason}). Go back to the page and send it again.")


class Form:
    """A multipart/form-data body. opened is called with the name of each file as it was sent and says where it goes.

    write() takes the body piece by piece, finish() ends it; then fields holds the other values. Both raise
    FormUnreadable, and what opened and its sinks raise.
    """

    def __init__(self, content_type: str, opened: Callable[[str], Sink]) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if kind != b"multipart/form-data" or not boundary:
            raise FormUnreadable("it is not multipart/form-data")
        self.fields: dict[str, str] = {}
        self._opened = opened
        self._files = 0
        self._header = [b"", b""]
        self._disposition = b""
        self._field = ""
        self._value = b""
        self._sink: Sink | None = None
        self._whole = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._part_begins,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_ends,
                    "on_headers_finished": self._data_begins,
                    "on_part_data": self._data,
                    "on_part_end": self._part_ends,
                    "on_end": self._ends,
                },
            )
        except FormParserError as error:
            raise FormUnreadable(str(error)) from None

    def write(self, data: bytes) -> None:
        """The next piece of the body."""
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise FormUnreadable(str(error)) from None

    def finish(self) -> None:
        """The body has ended."""
        if not self._whole:
            raise FormUnreadable("it ended early")

    def _part_begins(self) -> None:
        self._header, self._disposition, self._value, self._sink = [b"", b""], b"", b"", None

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0] += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1] += data[start:end]

    def _header_ends(self) -> None:
        name, value = self._header
        if name.lower() == b"content-disposition":
            self._disposition = value
        self._header = [b"", b""]

    def _data_begins(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._field = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            return
        self._field = ""
        # A browser sends a file field in which nothing was chosen as a file without a name.
        if name := options[b"filename"].decode("utf-8", "replace"):
            self._files += 1
            if self._files > MOST_FILES:
                raise FormUnreadable(f"it holds more than {MOST_FILES} files")
            self._sink = self._opened(name)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._sink:
            self._sink.write(data[start:end])
        elif self._field:
            self._value += data[start:end]
            if len(self._value) > FIELD_BYTES:
                raise FormUnreadable("a field is too long")

    def _part_ends(self) -> None:
        if self._sink:
            self._sink.close()
        elif self._field:
            self.fields[self._field] = self._value.decode("utf-8", "replace")
            if len(self.fields) > MOST_FIELDS:
                raise FormUnreadable("it has too many fields")

    def _ends(self) -> None:
        self._whole = True
