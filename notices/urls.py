from django.urls import path

from notices.views import reading, writing

app_name = "notices"
urlpatterns = [
    path("", reading.list_notices, name="list_notices"),
    path("new/", writing.write_notice, name="write_notice"),
    path("<int:pk>/", reading.show_notice, name="show_notice"),
    path("<int:pk>/confirm/", reading.confirm_notice, name="confirm_notice"),
    path("<int:pk>/readers/", reading.list_readers, name="list_readers"),
    path("<int:pk>/nudge/", reading.nudge_readers, name="nudge_readers"),
    path("<int:pk>/print/", reading.print_notice, name="print_notice"),
    path("<int:pk>/edit/", writing.edit_notice, name="edit_notice"),
    path("<int:pk>/publish/", writing.publish_notice, name="publish_notice"),
    path("<int:pk>/discard/", writing.discard_notice, name="discard_notice"),
    path("<int:pk>/withdraw/", writing.withdraw_notice, name="withdraw_notice"),
]
