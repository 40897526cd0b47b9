"""One door per act: ``POST <resource>/<key>/<act>/`` (api.md, Acts)."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action


def act_doors(resource: str, output: type[serializers.Serializer]) -> Callable[..., Callable]:
    """Return what makes the doors of the acts of ``resource``, each answering with ``output``.

    Args:
        resource: its name in operation ids, such as ``issues``.
        output: what a single row is answered as.
    """

    def act_door(
        act: str, service: Callable, body: type[serializers.Serializer] | None = None, *, name: str = ""
    ) -> Callable:
        """Return the door of ``act``: refusals in the contract's order, then ``service`` with the validated ``body``.

        Args:
            act: its name in the table and in the address.
            name: the attribute it is assigned to, where ``act`` is a word of the language (pass).
        """

        def door(self, request, **key):
            return self.act(act, service, body)

        door.__name__ = name or act
        door.__doc__ = (service.__doc__ or "").partition("\n")[0]
        routed = action(detail=True, methods=["post"], url_path=act, url_name=act.replace("_", "-"))(door)
        return extend_schema(request=body, responses=output, operation_id=f"{resource}_{act}")(routed)

    return act_door
