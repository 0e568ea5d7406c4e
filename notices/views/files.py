"""What is attached to notices: shown, added to a draft, taken off again."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.attachments import serve
from callcentre.refusals import Refused
from notices import actions
from notices.forms import FilesForm
from notices.models import NoticeFile
from notices.models.notices import WRITERS
from notices.views.reading import notice_page, the_notice


@access(EVERYONE)
@require_safe
def show_file(request, pk):
    return serve(request, visible(NoticeFile, request.user, pk))


@access(*WRITERS)
@require_POST
def add_files(request, pk):
    notice = the_notice(request, pk)
    form = FilesForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_files(notice=notice, files=form.cleaned_data["files"], by=request.user, at=clock.now())
            return redirect(notice)
        except Refused as refused:
            if refused.field is None:
                raise
            form.refuse(refused)
    return notice_page(request, notice, files_form=form, status=422)


@access(*WRITERS)
@require_POST
def remove_file(request, pk):
    file = visible(NoticeFile.objects.select_related("notice"), request.user, pk)
    actions.remove_file(file=file, by=request.user, at=clock.now())
    messages.success(request, _("The file is taken off. The journal keeps that it was there."))
    return redirect(file.notice)
