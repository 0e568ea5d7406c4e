"""The table behind callcentre.fulltext: one row for each code of each document. An app subclasses `IndexRow`:

    class AnswerTerm(IndexRow):
        document = models.ForeignKey(UnifiedAnswer, models.CASCADE, related_name="terms", db_index=False)

        class Meta(IndexRow.Meta):
            abstract = False

and its action, the only writer, calls `AnswerTerm.objects.reindex(...)` in its own transaction.
"""

from django.db import models
from django.db.models import Max, Q, Sum

from callcentre import fulltext

BATCH = 2000


class IndexQuerySet(models.QuerySet):
    def reindex(self, documents):
        """Write the rows of the documents anew: {document id: [(text, weight)]}, in two statements for a few of them.

        A code that several fields have counts with the greatest of their weights.
        """
        rows = []
        for pk, fields in documents.items():
            weights = {}
            for text, weight in sorted(fields, key=lambda field: field[1]):
                weights |= dict.fromkeys(fulltext.codes(text), weight)
            rows += [self.model(document_id=pk, code=code, weight=weight) for code, weight in weights.items()]
        self.filter(document__in=documents).delete()
        self.bulk_create(rows, batch_size=BATCH)

    def of_range(self, low, high):
        return self.filter(code=low) if low == high else self.filter(code__gte=low, code__lte=high)

    def best(self, query, limit):
        """Ids of the documents with most of what the query asks, best first: the candidates to rank. One statement."""
        exact = [low for low, high in query.ranges if low == high]
        wanted = Q(code__in=exact) if exact else Q()
        for low, high in query.ranges:
            if low != high:
                wanted |= Q(code__gte=low, code__lte=high)
        found = self.filter(wanted).order_by().values("document").annotate(found=Sum("weight"), newest=Max("document"))
        return found.order_by("-found", "-newest").values_list("document", flat=True)[:limit]

    def holding(self, query, field="pk"):
        """A condition on documents: that they have each word of the query, in one of its phrases.

        Pairs may stand apart in the text, so a few too many are found: who must know asks fulltext.rank of those shown.
        """
        condition = Q()
        for word in query.words:
            any_phrase = Q()
            for phrase in word:
                spans = [self.of_range(low, high).order_by().values("document") for low, high in phrase.ranges]
                every = Q()
                for rows in spans:
                    every &= Q(**{f"{field}__in": rows})
                any_phrase |= every
            condition &= any_phrase
        return condition


class IndexRow(models.Model):
    """A code that a document's text has. The subclass has `document`, a foreign key without an index of its own."""

    code = models.BigIntegerField()
    weight = models.SmallIntegerField()

    objects = IndexQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["document", "code"], name="%(class)s_is_kept_once_of_a_document"),
        ]
        indexes = [models.Index(fields=["code", "document", "weight"], name="%(class)s_by_code")]
