from django.urls import path

from handover import entry_views, file_views, item_views, papers, phrase_views, search_views, views

app_name = "handover"
urlpatterns = [
    path("", views.list_logs, name="list_logs"),
    path("note/", entry_views.write_note, name="write_note"),
    path("open/<int:shift_pk>/", views.open_log, name="open_log"),
    path("<int:pk>/", views.show_log, name="show_log"),
    path("search/", search_views.search_logs, name="search_logs"),
    path("phrases/", phrase_views.list_phrases, name="list_phrases"),
    path("phrases/<int:pk>/", phrase_views.edit_phrase, name="edit_phrase"),
    path("phrases/<int:pk>/drop/", phrase_views.drop_phrase, name="drop_phrase"),
    path("<int:pk>/people/", entry_views.list_people, name="list_people"),
    path("<int:pk>/print/", papers.print_log, name="print_log"),
    path("<int:pk>/pdf/", papers.download_pdf, name="download_pdf"),
    path("files/<int:pk>/", file_views.show_file, name="show_file"),
    path("files/<int:pk>/remove/", file_views.remove_file, name="remove_file"),
    path("entries/<int:pk>/files/", file_views.add_files, name="add_files"),
    path("<int:pk>/history/", views.show_history, name="show_history"),
    path("<int:pk>/submit/", views.submit_log, name="submit_log"),
    path("<int:pk>/send-back/", views.send_back_log, name="send_back_log"),
    path("<int:pk>/accept/", views.accept_log, name="accept_log"),
    path("<int:pk>/accept-section/", views.accept_section, name="accept_section"),
    path("<int:pk>/unaccept-section/", views.unaccept_section, name="unaccept_section"),
    path("<int:pk>/add/", views.add_addendum, name="add_addendum"),
    path("<int:pk>/entries/", entry_views.add_entry, name="add_entry"),
    path("<int:pk>/nothing/", entry_views.mark_nothing, name="mark_nothing"),
    path("<int:pk>/nothing/withdraw/", entry_views.unmark_nothing, name="unmark_nothing"),
    path("entries/<int:pk>/", entry_views.show_entry, name="show_entry"),
    path("entries/<int:pk>/edit/", entry_views.edit_entry, name="edit_entry"),
    path("entries/<int:pk>/withdraw/", entry_views.withdraw_entry, name="withdraw_entry"),
    path("entries/<int:pk>/follow-up/", item_views.follow_up_entry, name="follow_up_entry"),
    path("<int:pk>/items/<int:item_pk>/", item_views.answer_item, name="answer_item"),
    path("<int:pk>/items/<int:item_pk>/owner/", item_views.hand_on_item, name="hand_on_item"),
]
