"""Who may change whose record."""

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts

texts(
    {
        "own_roles": _("Nobody changes their own roles. Ask another administrator."),
        "own_reset": _("For your own password use “Change password”."),
        "own_departure": _("Nobody closes their own account. Ask another administrator."),
        "person_left": _("This person has left. Open the account again in the administration first."),
        "role_missing": _("A new person needs a role. Fill it in."),
        "number_elsewhere": _("This employee number is taken in another centre. Give another one."),
        "number_left": _(
            "This number belongs to somebody who has left. Open that account again, or give another number."
        ),
        "team_without_department": _("This team is new. Say which department it belongs to."),
        "team_elsewhere": _("This team belongs to the department “%(department)s”. Correct one of the two."),
        "import_has_problems": _(
            "The list no longer fits: people have changed since it was checked. Check the file again."
        ),
        "import_token_expired": _("The checked list is older than an hour or not yours. Check the file again."),
        "import_too_long_to_keep": _("The list is too long for one file. Split it into several files."),
    }
)


def check_change_roles(by, person):
    """Raise Refused("own_roles") where somebody changes their own. by: None for the software itself."""
    if by is not None and by.pk == person.pk:
        raise Refused("own_roles", field="role")


def check_reset_password(by, person):
    """Raise Refused: "own_reset" for one's own, "person_left" for somebody who cannot sign in at all."""
    if by.pk == person.pk:
        raise Refused("own_reset")
    if not person.is_active:
        raise Refused("person_left")


def check_close_account(by, person):
    """Raise Refused("own_departure"): so the last administrator cannot lock everybody out."""
    if by.pk == person.pk:
        raise Refused("own_departure", field="is_active")
