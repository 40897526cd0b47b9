"""One door per act: ``POST issues/{number}/<act>/`` (api.md)."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action

from supervision.api.answers import IssueOutput
from supervision.services.evidence import add_evidence


def act_door(act: str, service: Callable, body: type[serializers.Serializer] | None = None, *, name: str = ""):
    """Return the door of ``act``: refusals in the contract's order, then ``service`` with the validated ``body``.

    Args:
        act: its name in the table and in the address.
        name: the attribute it is assigned to, where that is another.
    """

    def door(self, request, number):
        return self.act(act, service, body)

    door.__name__ = name or act
    door.__doc__ = (service.__doc__ or "").partition("\n")[0]
    routed = action(detail=True, methods=["post"], url_path=act, url_name=act.replace("_", "-"))(door)
    return extend_schema(request=body, responses=IssueOutput, operation_id=f"issues_{act}")(routed)


def give_evidence(issue, **given):
    """Let pieces of evidence speak for the issue, before or after rectification."""
    add_evidence(issue, **given)
    return issue
