"""Dated parameters: the value that holds at a centre on a date, and the values it had."""

from rulebook.models import ParameterValue
from rulebook.register import PARAMETERS


class Timeline:
    """A parameter's values at a centre, read in one query, for asking about many dates."""

    def __init__(self, centre, name, values=None):
        self.spec = PARAMETERS[name]
        if values is None:
            values = (
                ParameterValue.objects.filter(centre=centre, name=name)
                .order_by("from_on")
                .values_list("from_on", "value")
            )
        self.steps = [(from_on, self.spec.typed(value)) for from_on, value in values]

    def on(self, date):
        """The typed value on the local date: the newest set for it or before, else the register's default."""
        return next((value for from_on, value in reversed(self.steps) if from_on <= date), self.default)

    @property
    def default(self):
        return self.spec.typed(self.spec.default)


def timelines(centre, names):
    """{name: Timeline} of several parameters in one query."""
    rows = ParameterValue.objects.filter(centre=centre, name__in=names).order_by("from_on")
    values = {name: [] for name in names}
    for name, from_on, value in rows.values_list("name", "from_on", "value"):
        values[name].append((from_on, value))
    return {name: Timeline(centre, name, found) for name, found in values.items()}


def value(centre, name, on):
    """The typed value of the parameter at the centre on the local date `on`. Raises KeyError for an unknown name."""
    spec = PARAMETERS[name]
    rows = ParameterValue.objects.filter(centre=centre, name=name, from_on__lte=on).order_by("-from_on")
    found = rows.values_list("value", flat=True).first()
    return spec.typed(spec.default if found is None else found)


def history(centre, name):
    """[(from_on, typed value)], oldest first, of what directors have set; the default held before."""
    return Timeline(centre, name).steps
