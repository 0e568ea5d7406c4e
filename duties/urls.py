from django.urls import path

from duties import views

app_name = "duties"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:pk>/", views.show_duty, name="show_duty"),
    path("<int:pk>/start/", views.start_duty, name="start_duty"),
    path("<int:pk>/finish/", views.finish_duty, name="finish_duty"),
    path("<int:pk>/verify/", views.verify_duty, name="verify_duty"),
    path("<int:pk>/undo/", views.undo_duty, name="undo_duty"),
    path("<int:pk>/waive/", views.waive_duty, name="waive_duty"),
]
