"""Run a command that ends with whoever asked for it: `lifeline.py OWNER [--again] [--user NAME] COMMAND...`.

OWNER is a file that the asking process keeps locked (`owner`). When the lock is gone, because its holder ended or was
killed, the command is asked to stop, and so it is when this process gets a signal. Whatever the command started and
left behind ends with it. With `--again` a command that ends by itself is begun again, for ever; not one that cannot
start at all. Standard library only, run by its path: one of these stands beside every process of `serve`.
"""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PATIENCE = 4  # seconds from the request to stop until it is made to; honcho's own patience is 5
STARTED = 10  # seconds after which a command is taken to have started
PAUSE = 1  # seconds until it is begun again


def command(owner, arguments, *, user=None, again=False):
    """The command line that runs `arguments` for as long as the file `owner` is locked."""
    options = [*(["--again"] if again else []), *(["--user", user] if user else [])]
    return [sys.executable, "-I", "-S", str(Path(__file__)), str(owner), *options, *map(str, arguments)]


@contextlib.contextmanager
def owned(path):
    """Hold the lock: of this process alone, a fork does not have it."""
    with open(path, "w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield path


def run(owner, arguments):
    """Returns the command's exit code."""
    again, user = False, None
    if arguments[0] == "--again":
        again, arguments = True, arguments[1:]
    if arguments[0] == "--user":
        user, arguments = arguments[1], arguments[2:]
    life = Life(arguments, as_user(user))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: life.end())
    threading.Thread(target=end_without_owner, args=(owner, life), daemon=True).start()
    code = life.live()
    while again and life.has_started and not life.ended:
        print(f"{Path(arguments[0]).name} ended with {code}: begun again", file=sys.stderr, flush=True)
        time.sleep(PAUSE)
        code = life.live()
    return code if code >= 0 else 128 - code


class Life:
    """The command, once or again and again."""

    def __init__(self, arguments, account):
        self.arguments, self.account = arguments, account
        self.child, self.ended, self.has_started = None, False, False

    def live(self):
        """Run the command to its end. Returns its exit code."""
        if self.ended:
            return -signal.SIGINT
        began = time.monotonic()
        self.child = subprocess.Popen(
            self.arguments,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=follow_parent,
            **self.account,
        )
        if self.ended:  # asked to while it began
            stop(self.child)
        code = self.child.wait()
        self.has_started = self.has_started or time.monotonic() - began > STARTED
        kill_group(self.child)  # what it left behind
        return code

    def end(self):
        self.ended = True
        if self.child:
            stop(self.child)


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


def end_without_owner(owner, life):
    with open(owner) as file:
        fcntl.lockf(file, fcntl.LOCK_SH)  # waits as long as the owner lives
    life.end()


def stop(child):
    """As Ctrl-C would. PostgreSQL then stops without waiting for its clients."""
    child.send_signal(signal.SIGINT)
    threading.Timer(PATIENCE, kill_group, [child]).start()


def kill_group(child):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    os._exit(run(sys.argv[1], sys.argv[2:]))  # not sys.exit: a thread still waits for the owner
