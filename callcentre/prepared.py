"""A queryset that every request asks: Django makes its SQL once a process, and each time only gives it its value.

To make the SQL of a request's person, with centre, team, roles and bell, costs ten times what its answer costs.
"""

import copy

from django.db import connections

MARK = -7_919_000_001  # stands for the value while the SQL is made; the number of no row


class Prepared:
    """`make(value)` returns a queryset in which the value, a whole number, stands nowhere but in the parameters."""

    def __init__(self, make):
        self.queryset = make(MARK)
        self.compiler = self.queryset.query.get_compiler(self.queryset.db)
        self.sql, self.parameters = self.compiler.as_sql()
        if MARK not in self.parameters:
            raise ValueError("the statement does not ask for the value")

    def rows(self, value):
        """What `make(value)` would find, as a list. Safe in any thread: each call has a compiler of its own."""
        queryset = self.queryset.all()
        compiler = copy.copy(self.compiler)
        compiler.query, compiler.connection = queryset.query, connections[queryset.db]
        parameters = tuple(value if parameter == MARK else parameter for parameter in self.parameters)
        compiler.as_sql = lambda: (self.sql, parameters)
        queryset.query.get_compiler = lambda using: compiler
        return list(queryset)
