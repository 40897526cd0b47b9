"""The doors of the acts of an issue (api.md)."""

from core.api.acts import act_doors
from supervision.api.answers import IssueOutput
from supervision.services.evidence import add_evidence

act_door = act_doors("issues", IssueOutput)


def give_evidence(issue, **given):
    """Let pieces of evidence speak for the issue, before or after rectification."""
    add_evidence(issue, **given)
    return issue
