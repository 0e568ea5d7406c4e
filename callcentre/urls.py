from django.contrib import admin
from django.urls import include, path

from callcentre import views

urlpatterns = [
    path("", include("board.urls")),
    path("accounts/", include("people.accounts_urls")),
    path("people/", include("people.urls")),
    path("rulebook/", include("board.rulebook_urls")),
    path("shifts/", include("shifts.urls")),
    path("duties/", include("duties.urls")),
    path("notices/", include("notices.urls")),
    path("notifications/", include("delivery.urls")),
    path("escalations/", include("escalations.urls")),
    path("hygiene/", include("hygiene.urls")),
    path("floor/", include("floor.urls")),
    path("handover/", include("handover.urls")),
    path("meetings/", include("meetings.urls")),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("health/live/", views.live, name="health_live"),
    path("admin/", admin.site.urls),
]
