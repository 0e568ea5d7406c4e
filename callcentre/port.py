"""Is the port free? Standard library only: `make run` asks before it installs anything."""

import socket
import sys

HOST = "127.0.0.1"


def is_free(port):
    """Whether a server could listen on the port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def complaint(text):
    """What is wrong with the port that somebody asked for, or None."""
    if not (text.isascii() and text.isdigit() and 1024 <= int(text) <= 65535):
        return f"PORT={text} is no port: it is a number from 1024 to 65535."
    port = int(text)
    if is_free(port):
        return None
    other = next((number for number in range(port + 1, 65536) if is_free(number)), port - 1)
    return f"Port {port} is taken by another program, perhaps a centre you already started. Try: make run PORT={other}"


if __name__ == "__main__":
    sys.exit(complaint(sys.argv[1]))
