from django.urls import path

from escalations import report_views, views
from escalations.steps import STEPS

app_name = "escalations"
urlpatterns = [
    path("", views.list_cases, name="list_cases"),
    path("reports/", report_views.show_report, name="show_report"),
    path("new/", views.new_case, name="new_case"),
    path("<int:pk>/", views.show_case, name="show_case"),
    path("<int:pk>/edit/", views.edit_draft, name="edit_draft"),
    path("files/<int:pk>/", views.show_file, name="show_file"),
    path("files/<int:pk>/remove/", views.remove_file, name="remove_file"),
    path("follow-ups/<int:pk>/", views.show_follow_up, name="show_follow_up"),
    path("follow-ups/<int:pk>/acknowledge/", views.acknowledge_follow_up, name="acknowledge_follow_up"),
    *(
        path(f"<int:pk>/{step.slug}/", views.take_step, {"step": code}, name=f"{code}_case")
        for code, step in STEPS.items()
    ),
]
