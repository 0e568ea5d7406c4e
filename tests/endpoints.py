"""The other end of a channel, on this machine: a web server as a robot has, and a mail server. They keep what comes."""

import contextlib
import json
import re
import socketserver
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

HOST = "127.0.0.1"
OF_SEVERAL = re.compile(r"有([0-9]+)条消息")


@dataclass
class Posted:
    path: str
    query: dict
    body: dict

    @property
    def text(self):
        return (self.body.get("text") or self.body.get("content"))["content" if "text" in self.body else "text"]


@dataclass
class Group:
    """A group with a robot. `answers`: what it says to the next ones, (status, body); then that all is well."""

    port: int = 0
    posted: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    taken: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    hangs: bool = False

    def address(self, path="/robot"):
        return f"http://{self.host}{path}"

    @property
    def host(self):
        return f"{HOST}:{self.port}"

    @property
    def texts(self):
        return [posted.text for posted in self.posted]

    @property
    def told(self):
        """Of how many announcements the messages tell: a digest says of how many."""
        return sum(int(found[1]) if (found := OF_SEVERAL.search(text)) else 1 for text in self.texts)


@contextlib.contextmanager
def group():
    """Yields a Group behind a real web server on a free port."""
    made = Group()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            parts = urlsplit(self.path)
            made.posted.append(Posted(parts.path, dict(parse_qsl(parts.query)), json.loads(body)))
            made.taken.set()
            if made.hangs:
                made.go_on.wait(30)
                return
            status, answer = made.answers.pop(0) if made.answers else (200, {"errcode": 0, "code": 0})
            self.send_response(status)
            if status == 302:
                self.send_header("Location", made.address("/elsewhere"))
            self.end_headers()
            self.wfile.write(answer if isinstance(answer, bytes) else json.dumps(answer).encode())

        def log_message(self, *args):
            """The tests' output stays the tests'."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            """A client that has gone away is what some tests are about."""

    with Server((HOST, 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield made
        finally:
            made.go_on.set()
            server.shutdown()
            thread.join()


@dataclass
class Post:
    """A mail server's letters, [(recipient, text)]; it knows nobody of `unknown`."""

    port: int = 0
    letters: list = field(default_factory=list)
    unknown: set = field(default_factory=set)


@contextlib.contextmanager
def post_office():
    """Yields a Post behind as much SMTP as a client of ours speaks."""
    made = Post()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.say("220 here")
            to = []
            for line in self.rfile:
                command = line.decode().strip()
                word = command[:4].upper()
                if word == "RCPT":
                    address = command.partition("<")[2].partition(">")[0]
                    to = [address]
                    self.say("550 nobody of that name" if address in made.unknown else "250 ok")
                elif word == "DATA":
                    self.say("354 go on")
                    text = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                    made.letters.append((to[0], text))
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def say(self, line):
            self.wfile.write(f"{line}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server((HOST, 0), Handler) as server:
        made.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()
