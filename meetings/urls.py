from django.urls import path

from meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.list_meetings, name="list_meetings"),
    path("dates/", views.preview_dates, name="preview_dates"),
    path("<int:pk>/", views.show_meeting, name="show_meeting"),
    path("<int:pk>/print/", views.print_minutes, name="print_minutes"),
    path("<int:pk>/move/", views.move_meeting, name="move_meeting"),
    path("<int:pk>/open/", views.open_meeting, name="open_meeting"),
    path("<int:pk>/unopen/", views.unopen_meeting, name="unopen_meeting"),
    path("<int:pk>/attendance/", views.mark_attendance, name="mark_attendance"),
    path("<int:pk>/attendance/all/", views.mark_all_present, name="mark_all_present"),
    path("<int:pk>/attendance/add/", views.add_guest, name="add_guest"),
    path("<int:pk>/points/<int:point>/", views.write_minutes, name="write_minutes"),
    path("<int:pk>/decisions/", views.add_decision, name="add_decision"),
    path("<int:pk>/decisions/<int:decision>/remove/", views.remove_decision, name="remove_decision"),
    path("<int:pk>/items/", views.add_action_item, name="add_action_item"),
    path("<int:pk>/items/<int:item>/remove/", views.remove_action_item, name="remove_action_item"),
    path("<int:pk>/items/<int:item>/close/", views.close_action_item, name="close_action_item"),
    path("<int:pk>/items/<int:item>/reopen/", views.reopen_action_item, name="reopen_action_item"),
    path("<int:pk>/end/", views.end_meeting, name="end_meeting"),
    path("<int:pk>/resume/", views.resume_meeting, name="resume_meeting"),
    path("<int:pk>/finalise/", views.finalise_minutes, name="finalise_minutes"),
    path("<int:pk>/confirm/", views.confirm_minutes, name="confirm_minutes"),
]
