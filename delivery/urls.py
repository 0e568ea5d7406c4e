from django.urls import path

from delivery import views

app_name = "delivery"
urlpatterns = [
    path("", views.list_messages, name="list_messages"),
    path("bell/", views.poll_bell, name="poll_bell"),
    path("settings/", views.edit_settings, name="edit_settings"),
    path("read/", views.mark_all_read, name="mark_all_read"),
    path("<int:pk>/open/", views.open_message, name="open_message"),
    path("<int:pk>/read/", views.mark_read, name="mark_read"),
]
