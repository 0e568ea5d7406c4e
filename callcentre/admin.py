"""The admin, opened by role. Nobody is a superuser and there are no permission tables: each ModelAdmin says who."""

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

# Words of Django's own admin that its Chinese catalogue lacks: ours has them.
LACKING = [
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Error:"),
]


class Site(admin.AdminSite):
    site_header = site_title = _("Call centre administration")
    index_title = _("Supervision and settings")
    enable_nav_sidebar = True

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.is_staff

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """There is one login page, which counts failed attempts; who is signed in without a staff role is told."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, reverse("admin:index")))

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    def get_urls(self):
        """Without Django's way from the number of any row to its page: it tells of rows that are not the reader's."""
        return [address for address in super().get_urls() if getattr(address, "name", "") != "view_on_site"]

    def register(self, model_or_iterable, admin_class=None, **options):
        """Other packages' models stay out: their admin knows nothing of our roles."""
        if admin_class is not None and issubclass(admin_class, RoleAdmin):
            super().register(model_or_iterable, admin_class, **options)


class CappedPaginator(Paginator):
    """Counts no further than somebody leafs: a list's cost does not grow with the years."""

    MOST = 1000

    @cached_property
    def count(self):
        return self.object_list.order_by()[: self.MOST].count()


class OwnRows(admin.RelatedFieldListFilter):
    """Offers only rows of the person's own centre."""

    def field_choices(self, field, request, model_admin):
        return [(row.pk, str(row)) for row in field.remote_field.model.objects.visible_to(request.user)]


class RoleAdmin(admin.ModelAdmin):
    """Rows of the person's own centre, seen and edited by the roles that the class names.

    `centre_lookup` leads from a row to its centre; None for rows of the whole installation.
    """

    seen_by = ()
    edited_by = ()
    centre_lookup = "centre"
    actions = None

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.filter(**{self.centre_lookup: request.user.centre_id}) if self.centre_lookup else rows

    def get_list_filter(self, request):
        return [self.own_rows(named) for named in super().get_list_filter(request)]

    def own_rows(self, named):
        """A filter by other rows offers those of the person's centre."""
        field = get_fields_from_path(self.model, named)[-1] if isinstance(named, str) else None
        related = field and field.related_model
        return (named, OwnRows) if related and hasattr(related.objects, "visible_to") else named

    def get_view_on_site_url(self, obj=None):
        return obj.get_absolute_url() if obj is not None and hasattr(obj, "get_absolute_url") else None

    def has_view_permission(self, request, obj=None):
        return request.user.has_role(*self.seen_by, *self.edited_by)

    def has_change_permission(self, request, obj=None):
        return request.user.has_role(*self.edited_by)

    has_add_permission = has_change_permission

    def has_delete_permission(self, request, obj=None):
        return False

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer only rows of the person's own centre."""
        related = db_field.remote_field.model
        if "queryset" not in kwargs and hasattr(related.objects, "visible_to"):
            kwargs["queryset"] = related.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        related = db_field.remote_field.model
        if "queryset" not in kwargs and hasattr(related.objects, "visible_to"):
            kwargs["queryset"] = related.objects.visible_to(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class EvidenceAdmin(RoleAdmin):
    """What happened, for the directors to look through. Nobody adds, edits or deletes here: what may be done to a row
    is done on its page, by the page's action."""

    seen_by = ("director", "centre_director")
    list_per_page = 50
    list_max_show_all = 0
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
