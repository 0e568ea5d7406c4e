from django.urls import path

from people import views

app_name = "people"
urlpatterns = [
    path("", views.list_people, name="list_people"),
    path("language/", views.set_language, name="set_language"),
    path("import/", views.import_staff, name="import_staff"),
    path("import/confirm/", views.confirm_import, name="confirm_import"),
    path("import/template/", views.import_template, name="import_template"),
    path("passwords/", views.renew_passwords, name="renew_passwords"),
    path("passwords/download/", views.download_passwords, name="download_passwords"),
    path("<int:pk>/password/", views.reset_password, name="reset_password"),
]
