"""The accounts library's pages that this product uses, under the names that the library itself looks up."""

from allauth.account import views as accounts
from django.urls import path

from callcentre.access import PUBLIC, access
from people import views

urlpatterns = [
    path("login/", access(PUBLIC)(accounts.login), name="account_login"),
    path("logout/", access(PUBLIC)(accounts.logout), name="account_logout"),
    path("password/", views.change_password, name="account_change_password"),
    path("inactive/", access(PUBLIC)(accounts.account_inactive), name="account_inactive"),
    path("signup/", views.no_signup, name="account_signup"),
    path("password/forgotten/", views.no_reset, name="account_reset_password"),
]
