from django.urls import path

from shifts import views

app_name = "shifts"
urlpatterns = [
    path("", views.show_now, name="show_now"),
    path("roster/", views.show_roster, name="show_roster"),
    path("mine/", views.show_mine, name="show_mine"),
    path("rosters/", views.list_rosters, name="list_rosters"),
    path("rosters/make/", views.make_roster, name="make_roster"),
    path("rotations/make/", views.make_rotation, name="make_rotation"),
    path("rosters/<int:pk>/", views.show_draft, name="show_draft"),
    path("rosters/<int:pk>/publish/", views.publish_roster, name="publish_roster"),
    path("rosters/<int:pk>/archive/", views.archive_roster, name="archive_roster"),
]
