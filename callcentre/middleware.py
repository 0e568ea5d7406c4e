from django.shortcuts import render

from callcentre.refusals import Refused


class RefusalMiddleware:
    """A refusal that no form has caught becomes a page (or a fragment) with its sentence and its clause, as 409."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        template = "components/_refusal.html" if request.htmx else "refused.html"
        response = render(request, template, {"refused": exception}, status=409)
        response["X-Refusal"] = exception.code
        if request.htmx:
            response["HX-Retarget"] = "#refusals"
            response["HX-Reswap"] = "innerHTML"
        return response
