"""The reports of requests and reports: a month or a period against the one before, as a page and as an Excel file."""

import datetime as dt
from urllib.parse import urlencode

from django import forms
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from callcentre import clock, words, workbooks
from callcentre.access import access
from escalations import report_tables, reports
from escalations.models import Category, LevelKind
from escalations.permissions import COUNT, OVERSEE, OVERSEE_CONFIDENTIAL
from people.permissions import HELD_BY
from shifts import months

FIRST_COLUMN = 36  # characters
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2999, 12, 31)
REACH = {"min": EARLIEST.isoformat(), "max": LATEST.isoformat()}
ALL = ("", pgettext_lazy("filter", "all"))


class ReportForm(forms.Form):
    """What the address asks for; without dates it is the month that the address names, or this one."""

    first = forms.DateField(label=pgettext_lazy("period", "From"), required=False)
    last = forms.DateField(label=pgettext_lazy("period", "Until"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("Level"),
        required=False,
        choices=[ALL, *((kind.value, capfirst(kind.label)) for kind in LevelKind)],
    )

    def __init__(self, *args, categories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [
            ALL,
            *((category.value, capfirst(category.label)) for category in categories),
        ]
        for name in ("first", "last"):
            self.fields[name].widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **REACH})

    def clean(self):
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        for name, on in (("first", first), ("last", last)):
            if on and not EARLIEST <= on <= LATEST:
                self.add_error(name, _("Choose a date from 2000 to 2999."))
        if first and last and not self.errors and not dt.timedelta(0) <= last - first < reports.LONGEST * reports.DAY:
            self.add_error("last", _("A period ends after it begins, and is a year at most."))
        return self.cleaned_data


def asked_for(query, person, at):
    """(form, Period, {filter: value}) of the address."""
    year, month = months.parse_month(query.get("month"), clock.local_date(person.centre, at))
    period = reports.Period.of_month(year, month)
    names = [name for name in ReportForm.base_fields if query.get(name)]
    asked = {"first": period.first, "last": period.last} | {name: query[name] for name in names}
    form = ReportForm(asked, categories=reports.categories_of(person))
    if not form.is_valid():
        return form, period, {}
    given = form.cleaned_data
    wanted = {name: given[name] for name in ("category", "level") if given[name]}
    return form, reports.Period(given["first"], given["last"]), wanted


@access(*HELD_BY[COUNT])
@require_safe
def show_report(request):
    person, at = request.user, clock.now()
    form, period, wanted = asked_for(request.GET, person, at)
    now, before, lines = reports.read(person, period, at, **wanted)
    categories = reports.categories_of(person)
    tables = report_tables.Tables(now, before, lines, period=period, categories=categories, at=at)
    if "xlsx" in request.GET and form.is_valid():
        return download(person, period, tables, wanted)
    context = {
        "form": form,
        "period": period,
        "span": span_of(period),
        "span_before": span_of(period.before),
        "tables": tables.all,
        "figures": figures(tables),
        "is_empty": not now.cases and not before.cases,
        "counted": counted(person),
        "wanted": wanted,
        "kept": f"&{urlencode(wanted)}" if wanted else "",
        "download": urlencode({"first": period.first, "last": period.last, **wanted, "xlsx": 1}),
        "earlier": months.beside(period.first.year, period.first.month, -1),
        "later": months.beside(period.first.year, period.first.month, 1),
    }
    return render(request, "escalations/report.html", context, status=200 if form.is_valid() else 422)


def counted(person):
    """Which cases the figures are of: it stands on the page and in the file."""
    if person.has_perm(OVERSEE_CONFIDENTIAL):
        return _("All of the centre, the confidential ones too.")
    if person.has_perm(OVERSEE):
        return _("All of the centre but the confidential ones: those only the centre director counts.")
    return _("Those that you raised or that have come to you, but not the confidential ones.")


def span_of(period):
    if period.is_month:
        return words.month(period.first)
    return f"{words.long_date(period.first)} – {words.long_date(period.last)}"


def figures(tables):
    """The first line: [(name, value, kind, what it was before)]."""
    now, before = tables.now.times(), tables.before.times()
    rows = [
        (_("Submitted"), len(tables.now.cases), len(tables.before.cases), ""),
        (_("Median answer, min"), now.median, before.median, ""),
        (_("Answered late, %"), now.late_share, before.late_share, "warn" if now.late_share else ""),
        (_("Passed up by the timer"), now.risen, before.risen, "warn" if now.risen else ""),
        (_("Still open"), tables.now.open, tables.before.open, ""),
    ]
    return [
        (name, "–" if value is None else value, kind, _("before: %(number)s") % {"number": "–" if was is None else was})
        for name, value, was, kind in rows
    ]


def download(person, period, tables, wanted):
    title = _("Requests and reports: %(span)s") % {"span": span_of(period)}
    notes = [_("Against %(span)s.") % {"span": span_of(period.before)}, counted(person)]
    labels = {**dict(Category.choices), **dict(LevelKind.choices)}
    notes += [str(labels[value]) for value in wanted.values()]
    rows = report_tables.sheet(tables.all, title, notes)
    name = f"requests-{period.first}-{period.last}.xlsx"
    return workbooks.download(_("Requests and reports"), rows, name, first_width=FIRST_COLUMN)
