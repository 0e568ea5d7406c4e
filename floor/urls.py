from django.urls import path

from floor import views

app_name = "floor"
urlpatterns = [
    path("", views.show_leaves, name="show_leaves"),
    path("leave/", views.list_leaves, name="list_leaves"),
    path("leave/month/", views.show_month, name="show_month"),
    path("leave/ask/", views.ask_leave, name="ask_leave"),
    path("leave/<int:pk>/", views.show_leave, name="show_leave"),
    path("leave/<int:pk>/approve/", views.approve_leave, name="approve_leave"),
    path("leave/<int:pk>/refuse/", views.refuse_leave, name="refuse_leave"),
    path("leave/<int:pk>/withdraw/", views.withdraw_leave, name="withdraw_leave"),
    path("leave/<int:pk>/out/", views.go_out, name="go_out"),
    path("leave/<int:pk>/back/", views.come_back, name="come_back"),
    path("leave/<int:pk>/more/", views.ask_more, name="ask_more"),
    path("leave/<int:pk>/more/grant/", views.grant_more, name="grant_more"),
    path("leave/<int:pk>/more/refuse/", views.refuse_more, name="refuse_more"),
]
