"""A month is planned in its grid: by keyboard and mouse, published, changed with a reason, read on a phone."""

import contextlib
import functools
import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk

MONTHS = {"zh-hans": ("2027-02-01", "2027-02-28"), "en": ("2027-03-01", "2027-03-31")}  # a month each: one server
REASON = {"zh-hans": "新员工培训", "en": "Training of new people"}
POLL = 16_000  # milliseconds: a little more than the grid waits before it asks again


class Grid(Desk):
    """Rows and days are counted from 0; row 0 is a leader, the others are agents."""

    def cell(self, row, day):
        return self.page.locator("table.roster tbody tr").nth(row).locator("td").nth(day)

    def code(self, row, day):
        return self.cell(row, day).get_attribute("data-code")

    def keys(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    @contextlib.contextmanager
    def answered(self):
        """The grid asks the server, which draws the rows anew."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            yield
        answer.value.finished()

    def edit(self, *keys):
        with self.answered():
            self.keys(*keys)

    def shows(self, row, day, code):
        expect(self.cell(row, day)).to_have_attribute("data-code", code)

    def total(self, row):
        return self.page.locator("table.roster tbody tr").nth(row).locator("td.number").first

    def drag(self, start, end):
        self.cell(*start).focus()
        for place, press in ((start, self.page.mouse.down), (end, self.page.mouse.up)):
            box = self.cell(*place).bounding_box()
            self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=3)
            press()


@pytest.fixture
def sit_down(sit_down):
    """`sit_down("1100")`: a Grid of that person."""
    return functools.partial(sit_down, kind=Grid)


def test_a_month_is_planned_published_changed_and_read(server, sit_down, language):
    director = sit_down("8001")
    address = a_draft_is_made(director, *MONTHS[language])
    cells_are_edited_by_keyboard(director)
    a_block_is_copied(director)
    two_cells_are_exchanged_by_mouse(director)
    two_shifts_are_given_up(director)
    on_the_phone = sit_down("8001", PHONE)
    on_the_phone.open(address)
    it_is_published_with_a_reason(director, REASON[language])
    a_change_waits_over_a_reload(director)
    the_change_is_published(director, REASON[language])
    a_swap_is_begun_from_a_cell(director)
    agent = sit_down("1101", PHONE)
    agent.open(f"/shifts/roster/?from={MONTHS[language][0]}&days=month")
    expect(agent.page.locator(".day-list")).to_be_visible()
    agent.open(f"/shifts/roster/?from={MONTHS[language][0]}&days=month&view=grid")


def a_draft_is_made(desk, first, last):
    desk.open("/shifts/rosters/")
    desk.page.fill("input[name=from_on]", first)
    desk.page.fill("input[name=until_on]", last)
    desk.press(desk.button("Make draft"))
    desk.look()
    return desk.page.url


def cells_are_edited_by_keyboard(desk):
    """Row 2, day 1: a letter and Delete; each is a step that is undone and done again."""
    desk.cell(1, 0).focus()
    desk.keys("ArrowRight", "ArrowDown")
    expect(desk.cell(2, 1)).to_be_focused()
    was, total, foot = desk.code(2, 1), desk.total(2).text_content(), foot_of(desk, "M", 1)
    desk.edit("m" if was != "M" else "d")
    before = "M" if was != "M" else "D"
    desk.shows(2, 1, before)
    expect(desk.page.locator("[data-grid-status]")).to_contain_text(desk.word("Saved"))
    assert foot_of(desk, "M", 1) != foot
    desk.edit("Delete")
    desk.shows(2, 1, "")
    expect(desk.total(2)).to_have_text(str(int(total) - bool(was)))
    desk.edit("Control+z")
    desk.shows(2, 1, before)
    desk.edit("Control+y")
    desk.shows(2, 1, "")
    for code in (before, was):
        with desk.answered():
            desk.button("Undo").click()
        desk.shows(2, 1, code)
    expect(desk.total(2)).to_have_text(total)
    assert foot_of(desk, "M", 1) == foot


def foot_of(desk, code, day):
    """How many people a day has of a type, as the last rows say it."""
    name = {"D": ("日班", "Day"), "M": ("中班", "Middle")}[code]
    row = desk.page.locator("tfoot tr").filter(has=desk.page.get_by_role("rowheader", name=desk.word.pick(*name)))
    return row.locator("td").nth(day).inner_text()


def a_block_is_copied(desk):
    desk.cell(1, 0).focus()
    desk.keys("Shift+ArrowRight", "Shift+ArrowDown")
    expect(desk.page.locator("td[aria-selected]")).to_have_count(4)
    copied = [desk.code(row, day) for row in (1, 2) for day in (0, 1)]
    desk.keys("Control+c", *["ArrowRight"] * 4)
    target = [(row, day) for row in (2, 3) for day in (5, 6)]
    before = [desk.code(*place) for place in target]
    assert before != copied
    desk.edit("Control+v")
    for place, code in zip(target, copied, strict=True):
        desk.shows(*place, code)
    desk.edit("Control+z")
    for place, code in zip(target, before, strict=True):
        desk.shows(*place, code)


def two_cells_are_exchanged_by_mouse(desk):
    one, other = (1, 3), (1, 9)
    codes = desk.code(*one), desk.code(*other)
    with desk.answered():
        desk.drag(one, other)
    desk.shows(*one, codes[1])
    desk.shows(*other, codes[0])
    desk.edit("Control+z")
    desk.shows(*one, codes[0])


def two_shifts_are_given_up(desk):
    """Somebody has a day off, and a shift is without its leader, which is warned of."""
    worked = worked_day(desk, 4)
    desk.cell(4, worked).click()
    menu = desk.page.locator("#cell-menu")
    expect(menu).to_be_visible()
    desk.look()
    with desk.answered():
        menu.get_by_role("button", name=desk.word("rest")).click()
    desk.shows(4, worked, "")
    led = worked_day(desk, 0)
    desk.cell(0, led).focus()
    desk.edit("Delete")
    desk.shows(0, led, "")
    expect(desk.page.locator("#findings")).to_contain_text(desk.word("warns"))


def it_is_published_with_a_reason(desk, reason):
    desk.press(desk.link("Publish"))
    desk.look()
    desk.press(desk.button("Publish"))
    desk.look()
    expect(desk.page.locator("textarea[name=reason]")).to_have_attribute("aria-invalid", "true")
    desk.page.fill("textarea[name=reason]", reason)
    desk.press(desk.button("Publish"))
    desk.says("Published. Everybody's pages go by it from now on.")
    desk.look()


def a_change_waits_over_a_reload(desk):
    """Row 5: what is deleted here is told to one agent at the end, once."""
    day = worked_day(desk, 5)
    desk.cell(5, day).focus()
    desk.edit("Delete")
    desk.keys("ArrowDown")
    bar = desk.page.locator("[data-pending]")
    expect(bar).to_be_visible()
    desk.edit("Delete") if desk.code(6, day) else desk.edit("m")
    expect(bar.locator("[data-pending-count]")).to_have_text("2")
    desk.edit("Control+z")
    expect(bar.locator("[data-pending-count]")).to_have_text("1")
    desk.look()
    with desk.answered():
        desk.page.reload()
    expect(bar).to_be_visible()
    expect(desk.page.locator("td[data-pending-cell]")).to_have_count(1)
    desk.shows(5, day, "")


def worked_day(desk, row):
    return next(day for day in range(1, 20) if desk.code(row, day))


def the_change_is_published(desk, reason):
    desk.page.fill("#id_change_reason", f"{reason} 2")
    with desk.answered():
        desk.button("Publish changes").click()
    expect(desk.page.locator("[data-pending]")).to_be_hidden()
    expect(desk.page.locator("td[data-pending-cell]")).to_have_count(0)
    desk.press(desk.link("Versions"))
    expect(desk.page.locator("main")).to_contain_text(f"{reason} 2")
    desk.look()


def a_swap_is_begun_from_a_cell(desk):
    desk.page.goto("/shifts/rosters/")
    desk.press(desk.row(desk.word.pick("12月1日", "1 Dec")).locator("a.row-title"))
    row, day = 3, worked_day(desk, 3)
    desk.cell(row, day).focus()
    desk.keys("?")
    expect(desk.page.locator("#shortcuts")).to_contain_text(desk.word("Swap…"))
    desk.keys("Escape")
    desk.cell(row, day).focus()
    with desk.page.expect_navigation(url=re.compile(r"/shifts/swaps/offer/\?shift=\d+&giver=\d+")):
        desk.keys("s")
    desk.look()
    desk.page.go_back()
    desk.cell(row, day).click()
    desk.press(desk.page.locator("#cell-menu").get_by_role("link", name=desk.word("Swap…")))
    expect(desk.page).to_have_url(re.compile(r"/shifts/swaps/offer/\?shift=\d+&giver=\d+"))


def test_what_somebody_else_changed_is_noticed(server, sit_down):
    director, leader = sit_down("8001"), sit_down("1100")
    leader.page.clock.install()
    for desk in (director, leader):
        desk.open("/shifts/rosters/")
        desk.press(desk.row(desk.word("draft", "roster")).filter(has_text="2027").last.locator("a.row-title"))
    day = worked_day(director, 7)
    director.cell(7, day).focus()
    director.edit("Delete")
    leader.cell(7, day).focus()
    leader.edit("d" if leader.code(7, day) == "N" else "n")
    expect(leader.page.locator("#refusals")).to_contain_text(leader.word.pick("改过这份班表", "changed this roster"))
    leader.shows(7, day, "")
    leader.look()
    director.edit("Control+z")
    leader.page.clock.fast_forward(POLL)
    expect(leader.page.locator("[data-grid-status]")).to_contain_text(
        leader.word.pick("改过这份班表", "changed this roster")
    )
    assert leader.code(7, day) == director.code(7, day) != ""
