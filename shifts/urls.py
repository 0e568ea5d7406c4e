from django.urls import path

from shifts.views import rosters, rotations

app_name = "shifts"
urlpatterns = [
    path("", rosters.show_now, name="show_now"),
    path("roster/", rosters.show_roster, name="show_roster"),
    path("mine/", rosters.show_mine, name="show_mine"),
    path("rosters/", rosters.list_rosters, name="list_rosters"),
    path("rosters/make/", rosters.make_roster, name="make_roster"),
    path("rotations/make/", rotations.make_rotation, name="make_rotation"),
    path("rosters/<int:pk>/", rosters.show_draft, name="show_draft"),
    path("rosters/<int:pk>/publish/", rosters.publish_roster, name="publish_roster"),
    path("rosters/<int:pk>/archive/", rosters.archive_roster, name="archive_roster"),
]
