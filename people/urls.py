from django.urls import path

from people import draft_views, views

app_name = "people"
urlpatterns = [
    path("", views.list_people, name="list_people"),
    path("language/", views.set_language, name="set_language"),
    path("drafts/", draft_views.load_drafts, name="load_drafts"),
    path("drafts/keep/", draft_views.keep_draft, name="keep_draft"),
    path("drafts/drop/", draft_views.drop_draft, name="drop_draft"),
    path("import/", views.import_staff, name="import_staff"),
    path("import/confirm/", views.confirm_import, name="confirm_import"),
    path("import/template/", views.import_template, name="import_template"),
    path("passwords/", views.renew_passwords, name="renew_passwords"),
    path("passwords/download/", views.download_passwords, name="download_passwords"),
    path("<int:pk>/password/", views.reset_password, name="reset_password"),
]
