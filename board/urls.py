from django.urls import path

from board import desk, live, views, wall

app_name = "board"
urlpatterns = [
    path("", views.start, name="start"),
    path("search/", views.search_all, name="search"),
    path("desk/", desk.show_my_desk, name="show_my_desk"),
    path("desk/poll/", desk.poll_my_desk, name="poll_my_desk"),
    path("desk/choose/", desk.choose_desk, name="choose_desk"),
    path("live/", live.show_live, name="show_live"),
    path("live/poll/", live.poll_live, name="poll_live"),
    path("wall/", wall.show_wall_link, name="show_wall_link"),
    path("wall/renew/", wall.renew_wall, name="renew_wall"),
    path("wall/<str:token>/", wall.show_wall, name="show_wall"),
    path("wall/<str:token>/poll/", wall.poll_wall, name="poll_wall"),
    path("health/ready/", views.ready, name="ready"),
]
