"""Bring the rows to what the code says, after every migrate: safe to run again and on two machines."""

from django.apps import apps

from callcentre import clock
from rulebook.register import CLAUSES, SECTIONS


def sync(sender=None, using="default", **kwargs):
    """Receiver of post_migrate. A clause that the register drops keeps its row: records cite it."""
    _sync_register(using)
    _sync_checklists(using)


def _sync_register(using):
    section_model, clause_model = apps.get_model("rulebook.Section"), apps.get_model("rulebook.Clause")
    _upsert(
        section_model.objects.using(using),
        [section_model(key=s.key, order=s.order, name_zh=s.zh, name_en=s.en) for s in SECTIONS.values()],
    )
    _upsert(clause_model.objects.using(using), [clause_model(**row_of(clause)) for clause in CLAUSES.values()])


def row_of(clause):
    """The fields of a Clause row for the register's clause."""
    return {
        "id": clause.id,
        "section_id": clause.section,
        "order": clause.order,
        "number_zh": clause.number_zh,
        "number_en": clause.number_en,
        "text_zh": clause.zh,
        "text_en": clause.en,
        "live_zh": clause.live_zh,
        "live_en": clause.live_en,
        "kinds": list(clause.kinds),
        "pending": clause.pending,
    }


def _upsert(queryset, rows):
    fields = [field.name for field in queryset.model._meta.concrete_fields if not field.primary_key]
    queryset.bulk_create(
        rows, update_conflicts=True, update_fields=fields, unique_fields=[queryset.model._meta.pk.name]
    )


def _sync_checklists(using):
    from rulebook import actions  # noqa: PLC0415 - models must be ready

    if using == "default":
        actions.ensure_all_checklists(at=clock.now())
