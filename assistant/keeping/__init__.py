"""The care of a library: what a run would do, whether index and corpus agree, taking out, copying, watching."""

from assistant.keeping.copying import Backup, backup
from assistant.keeping.planning import Plan, plan
from assistant.keeping.removing import find, remove
from assistant.keeping.verifying import Proof, flaws, verify
from assistant.keeping.watching import watch

__all__ = ["Backup", "Plan", "Proof", "backup", "find", "flaws", "plan", "remove", "verify", "watch"]
