from django.urls import path

from board import views

app_name = "board"
urlpatterns = [
    path("", views.start, name="start"),
    path("search/", views.search_all, name="search"),
    path("health/ready/", views.ready, name="ready"),
]
