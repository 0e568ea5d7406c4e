"""The roster's two grids with the same number of people and days, in a centre of any size, and what each reads."""

from django.urls import reverse

from bench.counts import Visitor
from bench.reads import reads
from people.models import Person
from shifts.models import Roster

PEOPLE, DAYS = 60, 31
PUBLISHED_MONTH = "2026-12"  # of 31 days, as the draft's


def pages():
    leader = Person.objects.select_related("centre").get(employee_number="1100")
    draft, boss = Roster.objects.get(status=Roster.Status.DRAFT), Visitor(leader)
    part = last_page(leader)
    grids = {
        "published grid": f"{reverse('shifts:show_roster')}?month={PUBLISHED_MONTH}{part}",
        "draft grid": f"{reverse('shifts:show_draft', args=[draft.pk])}?month={draft.from_on:%Y-%m}{part}",
    }
    for name, path in grids.items():
        check_size(boss.request(path).content.decode())
        yield boss.page(name, path) | {"reads": reads(boss, path)}


def last_page(leader):
    """What the address of the grid's last page adds, which begins behind a person; nothing where all fit one page."""
    if Person.objects.filter(centre=leader.centre, team__isnull=False).count() == PEOPLE:
        return ""
    numbers = Person.objects.filter(team=leader.team).order_by("-employee_number").values_list("employee_number")
    return f"&team={leader.team_id}&after={numbers[PEOPLE][0]}"


def check_size(html):
    rows, cells = html.count("data-row="), html.split("data-row=", 1)[-1].split("</tr>", 1)[0].count("<td")
    if (rows, cells - 5) != (PEOPLE, DAYS):  # five cells add each row up
        raise RuntimeError(f"the grid has {rows} people by {cells - 5} days")
