"""Celery, and the whole timetable: beat only says *tick*; dated rows in the database decide what is due."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "callcentre.settings")

app = Celery("callcentre")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {"task": "callcentre.tasks.tick", "schedule": 60.0, "options": {"expires": 55}},
}
app.conf.beat_schedule_filename = os.path.join(os.environ.get("STATE_DIR", "var"), "celerybeat-schedule")
