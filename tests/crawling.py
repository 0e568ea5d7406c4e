"""A crawl through the product in one browser: every page that the links of the pages lead to, each kind a few times."""

import collections
import html
import io
import re
import zipfile
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve

LINK = re.compile(r"""(?:href|src|hx-get|data-[a-z-]*(?:url|poll|address))=["']([^"'#\s]+)""")
BACK = re.compile(r"[?&](?:_changelist_filters|next|v)=[^&]*")
ELSEWHERE = ("/static/", "/accounts/login/", "/accounts/logout/", "/admin/logout/", "/admin/jsi18n/")
# What differs from one answer to the next whoever asks.
NOISE = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|nonce="[^"]*"|data-(?:version|v)="[^"]*"'
    r"|[?&]v=[0-9.]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)


class Page:
    def __init__(self, address, response):
        self.status = response.status_code
        content = b"".join(response.streaming_content) if response.streaming else response.content
        kind = response.get("Content-Type", "")
        self.text = NOISE.sub("", readable(content, kind))
        if response.has_header("Location"):
            self.text += f"Location: {response['Location']}"
        self.links = links(address, self.text) if "html" in kind or response.has_header("Location") else []


def readable(content, kind):
    """The text of an answer; of a workbook that of all its parts."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = [
            package.read(part).decode(errors="replace") for part in package.infolist() if "core" not in part.filename
        ]
    return "".join(parts)


def links(address, text):
    found = [*LINK.findall(text), *re.findall("Location: (.+)", text)]
    found = [urljoin(address, BACK.sub("", html.unescape(link))) for link in found]
    return [link for link in dict.fromkeys(found) if link.startswith("/") and not link.startswith(ELSEWHERE)]


def kind_of(address):
    """Pages of one kind show one kind of row: the view, and which filters are set."""
    path, query = urlsplit(address).path, urlsplit(address).query
    try:
        name = resolve(path).view_name
    except Resolver404:
        name = path
    return name, tuple(sorted(name for name, _value in parse_qsl(query)))


def crawl(client, seeds, most):
    """{address: Page} breadth-first from the seeds. most(view's name, filters): how many of that kind links lead to."""
    pages, waiting = {}, collections.deque(seeds)
    seen, counts = set(seeds), collections.Counter()
    while waiting:
        address = waiting.popleft()
        pages[address] = Page(address, client.get(address))
        for link in pages[address].links:
            kind = kind_of(link)
            if link not in seen and counts[kind] < most(*kind):
                counts[kind] += 1
                seen.add(link)
                waiting.append(link)
    return pages
