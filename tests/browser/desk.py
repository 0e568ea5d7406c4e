"""One person at a browser. Every page they reach must be accessible, in one language, no wider than the screen."""

import re
from itertools import chain

from django.utils import translation
from playwright.sync_api import expect

from board.demo import names, notice_stories, stories

PHONE = {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}
WIDE = {"width": 1440, "height": 900}
HAN, LATIN = re.compile(r"[\u4e00-\u9fff]+"), re.compile(r"[A-Za-z]{2,}")
# Written by people, so the same in both languages.
DATA = sorted(
    {names.CENTRE, names.DEPARTMENT, names.ROOM, *names.TEAMS, *names.LEADERS, *chain.from_iterable(names.AGENTS)}
    | {name for name, _role in names.OFFICES.values()}
    | set(chain.from_iterable(stories.PLANTS))
    | {title for *_when, title, _text in notice_stories.NOTICES}
    | {notice_stories.NEWEST[0]}
    | {name for name, *_robot in names.GROUPS},
    key=len,
    reverse=True,
)
NAMES = ("Excel", "CSV", "PDF", "xlsx", "MB", "Webhook")  # the same in both languages
# The page's own words: what is in another language on purpose says so, keys and codes are in none.
SHELL_WORDS = """() => {
  const own = "nav, header, h1, h2, h3, button, .button, label, legend, summary, caption, th[scope=col], dt, " +
    ".badge, .hint, .lede, .tabs, .stat, .crumb, .quiet:not(.number), .message-text, .press-why, .optional";
  const apart = "[lang], kbd, code, option, input, .visually-hidden, .log-text, .row-text";
  const said = [document.title];
  for (const element of document.querySelectorAll(own)) {
    if (!element.checkVisibility() || element.parentElement.closest(own) || element.closest("body [lang]")) continue;
    const copy = element.cloneNode(true);
    for (const other of copy.querySelectorAll(apart)) other.remove();
    said.push(copy.textContent);
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder]")) {
    if (!element.checkVisibility() || element.closest("body [lang]")) continue;
    said.push(element.ariaLabel ?? "", element.placeholder ?? "");
  }
  return said.map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Words:
    """The product's words in one language, by the message in its code."""

    def __init__(self, language):
        self.language = language

    def __call__(self, message, context=None):
        with translation.override(self.language):
            return translation.pgettext(context, message) if context else translation.gettext(message)

    def pick(self, zh, en):
        return en if self.language == "en" else zh


class Desk:
    """A person who has signed in. `faults` collects what is wrong with the pages that they looked at."""

    def __init__(self, page, word, violations, faults):
        self.page, self.word, self.violations, self.faults = page, word, violations, faults
        self.opened = set()

    def open(self, address):
        """Judged the first time that this person opens it."""
        self.page.goto(address)
        if address not in self.opened:
            self.opened.add(address)
            self.look()

    def look(self):
        """Judge the page as it is now."""
        found = [*self.violations(self.page), *mixed_words(self.page, self.word.language), *sideways(self.page)]
        width = self.page.viewport_size["width"]
        where = self.page.url.split("/", 3)[3]
        self.faults += [f"/{where} ({self.word.language}, {width}): {fault}" for fault in found]

    def button(self, message, context=None, *, exact=False):
        return self.page.locator("main").get_by_role("button", name=self.word(message, context), exact=exact)

    def link(self, message, context=None):
        return self.page.locator("main").get_by_role("link", name=self.word(message, context))

    def press(self, button):
        """A button or link that leads to a page."""
        with self.page.expect_navigation():
            button.click()

    def choose(self, language):
        """Kept with the person once they are signed in."""
        switch = self.page.locator(f'form[action$="/language/"] button[value="{language}"]').first
        if switch.count():
            self.press(switch)
        expect(self.page.locator("html")).to_have_attribute("lang", "en" if language == "en" else "zh-Hans")

    def row(self, text):
        return self.page.locator("main li.row").filter(has_text=text)

    def waiting(self, text):
        """A row of what waits for the person, on the start page."""
        return self.page.get_by_role("region", name=self.word("Waits for me")).locator("li.row").filter(has_text=text)

    def says(self, message, context=None):
        """The bar that tells what has been done."""
        expect(self.page.locator("#messages")).to_contain_text(self.word(message, context))


def mixed_words(page, language):
    wrong = HAN if language == "en" else LATIN
    for text in page.evaluate(SHELL_WORDS):
        if wrong.search(without_data(text)):
            yield f"words of the other language: {text!r}"


def without_data(text):
    for word in (*DATA, *NAMES):
        text = text.replace(word, "")
    return text


def sideways(page):
    if (excess := page.evaluate(SIDEWAYS)) > 0:
        yield f"scrolls sideways by {excess} px"
