"""A log on paper: the same template for the printed page and for the PDF."""

import threading

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import Refused, texts
from handover.contents import Contents
from handover.models import READERS
from handover.page import logs_for
from handover.sections import Section

texts(
    {
        "pdf_not_installed": _(
            "This server lacks what makes PDFs: "
            "install libpango-1.0-0, libpangoft2-1.0-0 and a Chinese font. Printing works without."
        ),
        "pdf_busy": _("Other PDFs are being made just now. Try again in a moment, or print the page."),
        "pdf_too_long": _("This log is too long for a PDF. Print the page instead."),
    }
)

ONE_AT_A_TIME = threading.Lock()  # a PDF takes a second of a web thread's time: the others go on serving pages
PATIENCE = 10  # seconds
MOST_NOTES = 400
SHEETS = ("css/components/log_paper.css",)


def paper(log, person, at):
    contents = Contents(log)
    return {"log": log, "contents": contents, "printed_by": person, "printed_at": at, "sections": list(Section)}


@access(*READERS)
@require_safe
def print_log(request, pk):
    log = visible(logs_for(request.user), request.user, pk)
    return render(request, "handover/print.html", paper(log, request.user, clock.now()))


@access(*READERS)
@require_safe
def download_pdf(request, pk):
    log = visible(logs_for(request.user), request.user, pk)
    context = paper(log, request.user, clock.now())
    if len(context["contents"].entries) > MOST_NOTES:
        raise Refused("pdf_too_long")
    made = pdf_of(render_to_string("handover/pdf.html", context, request))
    name = f"log-{log.on:%Y%m%d}-{log.shift.type.code}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def pdf_of(html):
    """Raises Refused: pdf_not_installed, pdf_busy."""
    try:
        from weasyprint import CSS, HTML  # noqa: PLC0415 - it loads Pango, which not every server has
    except (ImportError, OSError) as missing:
        raise Refused("pdf_not_installed") from missing
    if not ONE_AT_A_TIME.acquire(timeout=PATIENCE):
        raise Refused("pdf_busy")
    try:
        sheets = [CSS(filename=finders.find(name)) for name in SHEETS]
        return HTML(string=html, url_fetcher=nothing_from_outside).write_pdf(stylesheets=sheets)
    finally:
        ONE_AT_A_TIME.release()


def nothing_from_outside(url, *args, **kwargs):
    """A PDF is made of the page alone: no file of the server and no other host."""
    raise ValueError("a log's paper has no links to load")
