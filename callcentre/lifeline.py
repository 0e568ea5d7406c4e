"""Run a command that ends with whoever asked for it: `lifeline.py OWNER [--user NAME] COMMAND...`.

OWNER is a file that the asking process keeps locked (`owner`). When the lock is gone, because its holder ended or was
killed, the command is asked to stop, and so it is when this process gets a signal. Whatever the command started and
left behind ends with it. Standard library only, run by its path: one of these stands beside every process of `serve`.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 4  # seconds from the request to stop until it is made to; honcho's own patience is 5


def command(owner, arguments, *, user=None):
    """The command line that runs `arguments` for as long as the file `owner` is locked."""
    account = ["--user", user] if user else []
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(owner), *account, *map(str, arguments)]


@contextlib.contextmanager
def owned(path):
    """Hold the lock: of this process alone, a fork does not have it."""
    with open(path, "w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield path


def run(owner, arguments):
    """Returns the command's exit code."""
    user = None
    if arguments[0] == "--user":
        user, arguments = arguments[1], arguments[2:]
    account = as_user(user)
    child = subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=follow_parent, **account
    )
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop(child))
    threading.Thread(target=stop_without_owner, args=(owner, child), daemon=True).start()
    code = child.wait()
    kill_group(child)  # what it left behind
    return code if code >= 0 else 128 - code


def follow_parent():
    """In the child: should this process be killed outright, Linux asks the child to stop."""
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def as_user(name):
    """Popen's arguments for running as somebody else: with that account's own group, and none of root's."""
    if not name:
        return {}
    import pwd  # noqa: PLC0415 - seldom needed, and each of these processes is to be small

    return {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}


def stop_without_owner(owner, child):
    with open(owner) as file:
        fcntl.lockf(file, fcntl.LOCK_SH)  # waits as long as the owner lives
    stop(child)


def stop(child):
    """As Ctrl-C would. PostgreSQL then stops without waiting for its clients."""
    child.send_signal(signal.SIGINT)
    threading.Timer(PATIENCE, kill_group, [child]).start()


def kill_group(child):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    os._exit(run(sys.argv[1], sys.argv[2:]))  # not sys.exit: a thread still waits for the owner
