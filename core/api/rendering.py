"""JSON as the contract wants it: decimals as strings, also where a door answers with plain rows (api.md, Shape)."""

from decimal import Decimal

from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class ContractEncoder(JSONEncoder):
    """DRF's encoder turns a ``Decimal`` into a float, which changes figures; here it stays as written."""

    def default(self, o):
        return str(o) if isinstance(o, Decimal) else super().default(o)


class ContractRenderer(JSONRenderer):
    """The one renderer of JSON answers."""

    encoder_class = ContractEncoder
