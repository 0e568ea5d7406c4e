from django.urls import path

from bench.bare import views

urlpatterns = [
    path("a/", views.nothing),
    path("b/", views.small),
    path("c/", views.table),
    path("w/", views.write),
]
