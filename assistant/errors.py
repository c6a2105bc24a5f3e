"""Everything that can go wrong in words a reader can act on.

AssistantError
├── UsageError            the question, an option or a settings file is not usable (exit code 2)
│   ├── EmptyQuestion
│   ├── QuestionTooLong
│   ├── SettingsError
│   ├── DocumentUnknown   no file of the corpus has that name
│   └── AccountError      an account cannot be made or changed as asked
├── CorpusMissing, CorpusUnreadable, CorpusUnwritable, CorpusEmptied
├── PageMissing           a page that the library does not hold was asked for
│   └── FileChanged       the PDF is no longer the one that was indexed
├── IndexMissing, IndexUnusable, IndexUnwritable, IndexBusy
├── GenerationGone        an older generation was being read and has been taken away
├── RunFailed             a file went away or the disk failed in the middle of indexing
├── BackupFailed          the library could not be copied
├── ModelUnusable
├── ModelGaveUp           the language model gave no whole answer; quotes are shown instead
├── StaffDataUnusable     accounts, conversations and feedback cannot be read or written
├── NotAllowed            a reader asked for what curators alone may do
├── SignInRefused         the name or the password is not right
│   └── SignInPaused      there were too many tries
├── PortInUse, UnsafeAddress
└── DocumentRefused       one file cannot be read; the others are
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path


class AssistantError(Exception):
    """The root of the family: its text is one sentence, shown as it is, and exit_code ends a command."""

    exit_code = 1


class UsageError(AssistantError):
    """What was typed cannot be used as it is."""

    exit_code = 2


class EmptyQuestion(UsageError):
    """Nothing was asked."""

    def __init__(self) -> None:
        super().__init__('The question is empty. Type one, for example: assistant ask "What was recommended?"')


class QuestionTooLong(UsageError):
    """More was pasted than a question can hold."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            f"The question has {length:,} characters; at most {limit:,} can be read. Ask it in a sentence or two."
        )


class SettingsError(UsageError):
    """A setting has a name or a value that is not known."""


class DocumentUnknown(UsageError):
    """No file of the corpus has that name; nearest are those that have a similar one."""

    def __init__(self, name: str, nearest: Sequence[str]) -> None:
        near = f" Nearest: {', '.join(nearest)}." if nearest else " assistant documents lists all."
        super().__init__(f"The corpus has no document {name!r}.{near}")


class AccountError(UsageError):
    """An account cannot be made or changed as asked."""


class CorpusMissing(AssistantError):
    """There is no such folder of PDFs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"There is no folder {folder}. Make it and put PDFs in, or name another with --corpus DIR.")


class CorpusUnreadable(AssistantError):
    """The corpus folder is there but cannot be listed."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"The folder {folder} cannot be read ({reason}). Check its permissions.")


class CorpusUnwritable(AssistantError):
    """A file of the corpus cannot be moved."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"The files of {folder} cannot be changed ({reason}). Check its permissions and free space.")


class CorpusEmptied(AssistantError):
    """Every file went away at once, as when a network folder is not there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"All files of {folder} went away, so the index stays as it is. If it is meant to be empty: assistant index"
        )


class PageMissing(AssistantError):
    """A page was or, with None for the page, a document was asked for that the library does not hold."""

    def __init__(self, document: str, page: int | None) -> None:
        missing = f"page {page} of {document!r}" if page is not None else f"document {document!r}"
        super().__init__(f"The library holds no {missing}.")


class FileChanged(PageMissing):
    """The file is no longer the one that was indexed: its pages may not show what is quoted."""

    def __init__(self, document: str) -> None:
        AssistantError.__init__(
            self, f"The file {document!r} has changed since it was indexed. Bring the index up to date: assistant index"
        )


class IndexMissing(AssistantError):
    """Nothing was indexed yet."""

    def __init__(self, folder: Path) -> None:
        option = "" if folder == Path("index") else f" --index {folder}"
        super().__init__(f"No index in {folder}. Build one with: assistant index{option}")


class IndexUnusable(AssistantError):
    """The index was made by another version or model, or is damaged."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(f"The index in {folder} cannot be used: {reason}. Bring it up to date with: assistant index")


class GenerationGone(AssistantError):
    """What was being read was taken away: the library has been rebuilt twice since."""

    def __init__(self, folder: Path, generation: int) -> None:
        super().__init__(f"Generation {generation} of the index in {folder} is no longer there. Ask again.")


class IndexUnwritable(AssistantError):
    """The index folder does not let us write."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"Cannot write to the index folder {folder} ({reason}). Check its permissions and free space, "
            "or name another with --index DIR; what was indexed before is untouched."
        )


class IndexBusy(AssistantError):
    """Another process is indexing into the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Another process is indexing into {folder}. Wait for it to finish, then try again.")


class RunFailed(AssistantError):
    """A file went away, or the disk failed, in the middle of indexing."""

    def __init__(self, error: OSError) -> None:
        where = f": {error.filename}" if error.filename else ""
        super().__init__(f"The run failed ({error.strerror or error}{where}). What was finished is kept.")


class BackupFailed(AssistantError):
    """The copy could not be finished; what there was of it is deleted."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The backup to {folder} failed ({reason}); nothing is left of it. Check its permissions and free space."
        )


class ModelUnusable(AssistantError):
    """The embedding model cannot be loaded from this machine."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"The embedding model {name!r} cannot be loaded ({reason}). Name a folder that holds a "
            "sentence-transformers model with --model, or leave the setting out to use the packaged one."
        )


class ModelGaveUp(AssistantError):
    """The language model gave no whole answer; reason goes on from 'The language model'."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"The language model {reason}.")


class StaffDataUnusable(AssistantError):
    """Accounts, conversations and feedback cannot be read or written."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(f"The staff data in {file} cannot be used ({reason}). Check its permissions and free space.")


class NotAllowed(AssistantError):
    """A reader asked for what curators alone may do."""

    def __init__(self) -> None:
        super().__init__("Curators alone may do this. Ask one of them, or sign in as one.")


class SignInRefused(AssistantError):
    """The name or the password is not right; which of them is not told."""

    def __init__(self, said: str = "The name or the password is not right.") -> None:
        super().__init__(said)


class SignInPaused(SignInRefused):
    """There were too many tries that failed; the same is said of names that nobody has."""

    def __init__(self, seconds: float) -> None:
        self.minutes = max(1, math.ceil(seconds / 60))
        minutes = "a minute" if self.minutes == 1 else f"{self.minutes} minutes"
        super().__init__(f"There were too many tries. Try again in {minutes}.")


class PortInUse(AssistantError):
    """Some other program listens there."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} on {host} is in use. Stop what runs there or choose another: "
            f"assistant serve --port {port + 1 if port < 65535 else 7860}"
        )


class UnsafeAddress(UsageError):
    """The page would be open to a network although nobody has to sign in."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} would open the page to other machines, and nobody has to sign in. Add a user first: "
            "assistant user add NAME --role curator. Or use --host 127.0.0.1 and put a proxy with sign-in before it."
        )


class DocumentRefused(AssistantError):
    """One file cannot be read. reason is a word for tables, detail a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(detail)
