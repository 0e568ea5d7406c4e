from django.urls import path, register_converter

from board import clauses
from rulebook import views

app_name = "rulebook"


class ClauseId:
    regex = r"[a-z]+(?:\.[a-z]+)?\.[0-9]+"

    def to_python(self, value):
        return value

    to_url = to_python


register_converter(ClauseId, "clause")

urlpatterns = [
    path("", clauses.list_clauses, name="list_clauses"),
    path("<clause:clause_id>/", clauses.show_clause, name="show_clause"),
    path("<clause:clause_id>/switch/", clauses.switch_clause, name="switch_clause"),
    path("<clause:clause_id>/<slug:name>/", clauses.set_parameter, name="set_parameter"),
    path("pledge/", views.read_pledge, name="read_pledge"),
    path("pledge/people/", views.list_unacknowledged, name="list_unacknowledged"),
    path("breaches/", views.list_breaches, name="list_breaches"),
    path("breaches/<int:pk>/confirm/", views.confirm_breach, name="confirm_breach"),
    path("breaches/<int:pk>/excuse/", views.excuse_breach, name="excuse_breach"),
    path("breaches/<int:pk>/take-back/", views.take_back_breach, name="take_back_breach"),
]
