from django.urls import path

from notices import views

app_name = "notices"
urlpatterns = [
    path("<int:pk>/", views.show_notice, name="show_notice"),
    path("<int:pk>/confirm/", views.confirm_notice, name="confirm_notice"),
]
