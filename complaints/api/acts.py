"""The doors of the acts of a complaint (api.md)."""

from complaints.api.answers import ComplaintOutput
from core.api.acts import act_doors

act_door = act_doors("complaints", ComplaintOutput)
