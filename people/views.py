from urllib.parse import urlencode

from allauth.account.views import PasswordChangeView
from django.conf import settings
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock, workbooks
from callcentre.access import EVERYONE, PUBLIC, access, visible
from callcentre.refusals import Refused, refusal
from people import actions, checked_list, importing, rules
from people.forms import ImportForm
from people.models import Person, Role
from people.planning import plan

PAGE = 50
SHOWN = 200  # problems of a dry run; the page says how many there are


def next_url(request, default="/"):
    """Where the form says to go back to, when that is one of our own addresses."""
    target = request.POST.get("next", "")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else default


@access(PUBLIC)
@require_POST
def set_language(request):
    """Keep the page, change its language; a person's choice is remembered with the person."""
    language = request.POST.get("language")
    if language not in dict(settings.LANGUAGES):
        language = settings.LANGUAGE_CODE
    if request.user.is_authenticated:
        actions.choose_language(person=request.user, language=language)
    response = HttpResponseRedirect(next_url(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


class ChangePassword(PasswordChangeView):
    success_url = "/"

    def form_valid(self, form):
        response = super().form_valid(form)
        actions.password_changed(person=self.request.user, at=clock.now())
        return response


change_password = access(EVERYONE)(ChangePassword.as_view())


@access(PUBLIC)
@require_safe
def no_signup(request):
    """People come by the staff import, not by signing up: the library looks the address up, nobody links to it."""
    return render(request, "account/signup_closed.html", status=404)


@access(PUBLIC)
@require_safe
def no_reset(request):
    """Without e-mail an administrator sets a new initial password."""
    return render(request, "account/no_reset.html")


@access(Role.ADMINISTRATOR)
@require_safe
def list_people(request):
    """By employee number; `q` finds a part of a number or name, `after` begins behind a number."""
    query, after = (importing.clean_text(request.GET.get(name, ""))[:50].replace("\x00", "") for name in ("q", "after"))
    today = clock.local_date(request.user.centre, clock.now())
    people = Person.objects.visible_to(request.user).select_related("team").order_by("employee_number")
    if query:
        people = people.filter(Q(employee_number__icontains=query) | Q(name__icontains=query))
    rows = list(people.filter(employee_number__gt=after).prefetch_related("role_assignments")[: PAGE + 1])
    older = urlencode({"q": query, "after": rows[PAGE - 1].employee_number}) if len(rows) > PAGE else ""
    return render(
        request,
        "people/people.html",
        {
            "rows": [_line(person, request.user, today) for person in rows[:PAGE]],
            "query": query,
            "older": f"?{older}" if older else "",
            "newer": f"?{urlencode({'q': query})}" if after else "",
        },
    )


def _line(person, by, today):
    return {
        "person": person,
        "roles": [
            held.get_role_display()
            for held in person.role_assignments.all()
            if held.from_on <= today and (held.until_on is None or held.until_on >= today)
        ],
        "refused": refusal(rules.check_reset_password, by, person),
    }


@access(Role.ADMINISTRATOR)
@require_POST
@never_cache
def reset_password(request, pk):
    person = visible(Person, request.user, pk)
    password = actions.reset_password(person=person, by=request.user, at=clock.now())
    return render(request, "people/passwords.html", {"passwords": [(person, password)]})


@access(Role.ADMINISTRATOR)
@require_POST
@never_cache
def renew_passwords(request):
    """New initial passwords for everybody who has never signed in: for the slips of paper that were lost."""
    passwords = actions.renew_initial_passwords(centre=request.user.centre, by=request.user, at=clock.now())
    return render(
        request, "people/passwords.html", {"passwords": passwords, "download": download_token(request, passwords)}
    )


@access(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def import_staff(request):
    """The form, and the dry run of a file: every problem by its row, nothing written."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if not form.is_valid():
        return render(request, "people/import_staff.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        context = dry_run(request, form.cleaned_data["file"])
    except Refused as refused:
        form.add_error("file", str(refused))
        return render(request, "people/import_staff.html", {"form": form}, status=422)
    return render(request, "people/dry_run.html", context, status=422 if context["problems"] else 200)


def dry_run(request, file):
    reading = importing.read(file.read(importing.LARGEST_FILE + 1))
    on = clock.local_date(request.user.centre, clock.now())
    made = plan(request.user.centre, reading.entries, by=request.user, on=on)
    problems = sorted(reading.problems + made.problems, key=lambda problem: problem.row)
    token = "" if problems else checked_list.pack(request.user, reading.entries)
    return {
        "file": file.name,
        "plan": made,
        "ignored": reading.ignored,
        "problems": problems[:SHOWN],
        "problem_count": len(problems),
        "rows": len({entry.row for entry in reading.entries} | {problem.row for problem in problems}),
        "token": token,
    }


@access(Role.ADMINISTRATOR)
@require_POST
@never_cache
def confirm_import(request):
    """Do what the dry run showed, and show the initial passwords this once."""
    entries = checked_list.unpack(request.user, request.POST.get("token", ""))
    made, passwords = actions.import_staff(centre=request.user.centre, entries=entries, by=request.user, at=clock.now())
    context = {"plan": made, "passwords": passwords, "download": download_token(request, passwords)}
    return render(request, "people/passwords.html", context)


def download_token(request, passwords):
    return checked_list.pack_passwords(request.user, [(p.employee_number, p.name, word) for p, word in passwords])


@access(Role.ADMINISTRATOR)
@require_POST
@never_cache
def download_passwords(request):
    """The passwords of the page that asks, as an Excel file: the server does not keep them."""
    rows = checked_list.unpack_passwords(request.user, request.POST.get("token", ""))
    return workbooks.download(
        _("Initial passwords"),
        [(_("Employee number"), _("Name"), _("Initial password")), *rows],
        "initial-passwords.xlsx",
    )


@access(Role.ADMINISTRATOR)
@require_safe
def import_template(request):
    """An empty list with the columns' names."""
    return workbooks.download(_("Staff"), [importing.template_headings()], "staff.xlsx")
