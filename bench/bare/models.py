from django.conf import settings
from django.db import models


class Room(models.Model):
    name = models.CharField(max_length=50)

    def __str__(self):
        return self.name


class Desk(models.Model):
    room = models.ForeignKey(Room, models.PROTECT)
    code = models.CharField(max_length=10)

    def __str__(self):
        return self.code


class Visit(models.Model):
    """Rows to show: 200 of them, from three tables, are what quality calls (c)."""

    desk = models.ForeignKey(Desk, models.PROTECT)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT)
    title = models.CharField(max_length=100)
    on = models.DateField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    is_done = models.BooleanField(default=False)

    def __str__(self):
        return self.title
