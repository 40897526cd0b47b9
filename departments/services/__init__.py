"""Writes of units and of the leading group (domain §2), split by noun."""

from departments.services.catalogue import load_departments
from departments.services.leading_group import (
    add_leading_group_member,
    change_leading_group_member,
    end_leading_group_member,
)
from departments.services.units import (
    close_department,
    create_department,
    move_department,
    rename_department,
    set_head_approval,
    update_department,
)

__all__ = [
    "add_leading_group_member",
    "change_leading_group_member",
    "close_department",
    "create_department",
    "end_leading_group_member",
    "load_departments",
    "move_department",
    "rename_department",
    "set_head_approval",
    "update_department",
]
