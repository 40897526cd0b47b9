"""Units and members of the leading group for tests."""

from datetime import date

from departments.models import Department, LeadingGroupMember

LONG_AGO = date(2020, 1, 1)


def make_department(code: str, **fields) -> Department:
    """Create a unit; its names follow from its code, it comes last unless told otherwise."""
    values = {
        "name": f"西平县{code}局",
        "short_name": f"县{code}局",
        "official_order": Department.objects.count() + 1,
    }
    return Department.objects.create(code=code, **values | fields)


def make_member(name: str, **fields) -> LeadingGroupMember:
    """Put a person on the leading group's list since long ago; a member unless told otherwise."""
    values = {"job_title": "副县长", "position": LeadingGroupMember.Position.MEMBER, "valid_from": LONG_AGO}
    return LeadingGroupMember.objects.create(name=name, **values | fields)
