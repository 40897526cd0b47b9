"""How a figure of statistics stands in an answer (api.md, Statistics)."""

from rest_framework import serializers


class FigureOutput(serializers.Serializer):
    """One figure; ``value`` is per cent with six decimals, null for a denominator of 0. A count has no denominator."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field called like an argument of fields
    numerator = serializers.IntegerField()
    denominator = serializers.IntegerField(allow_null=True)
    value = serializers.CharField(allow_null=True)
    text = serializers.CharField()
    formula = serializers.CharField()
