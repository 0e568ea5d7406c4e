from django.urls import path

from notices.views import answers, files, reading, writing

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
    path("<int:pk>/files/add/", files.add_files, name="add_files"),
    path("files/<int:pk>/", files.show_file, name="show_file"),
    path("files/<int:pk>/remove/", files.remove_file, name="remove_file"),
    path("answers/", answers.search_answers, name="search_answers"),
    path("answers/new/", answers.write_answer, name="write_answer"),
    path("answers/<int:pk>/", answers.show_answer, name="show_answer"),
    path("answers/<int:pk>/change/", answers.change_answer, name="change_answer"),
    path("answers/<int:pk>/publish/", answers.publish_answer, name="publish_answer"),
    path("answers/<int:pk>/discard/", answers.discard_answer, name="discard_answer"),
    path("answers/<int:pk>/withdraw/", answers.withdraw_answer, name="withdraw_answer"),
    path("answers/synonyms/", answers.list_synonyms, name="list_synonyms"),
    path("answers/synonyms/<int:pk>/", answers.change_synonyms, name="change_synonyms"),
    path("answers/synonyms/<int:pk>/remove/", answers.drop_synonyms, name="drop_synonyms"),
]
