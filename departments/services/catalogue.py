"""The county's list of units that the product brings along: 48 departments and 20 townships and streets."""

import csv
from datetime import datetime
from pathlib import Path

from django.db import transaction

from departments.models import Department
from departments.services.units import NewDepartment, create_department

CATALOGUE = Path(__file__).resolve().parent.parent / "data" / "departments.csv"


@transaction.atomic
def load_departments(*, now: datetime) -> int:
    """Create the units of ``departments.csv`` whose code is not there yet; return how many.

    Idempotent: a unit that exists is left as it is, it may have been renamed or closed since. Names, short names
    and order are the county's chart of 2021 (domain §2).
    """
    known = set(Department.objects.values_list("code", flat=True))
    units = [unit for unit in catalogue_units() if unit.code not in known]
    for unit in units:
        create_department(unit, actor=None, now=now)
    return len(units)


def catalogue_units() -> list[NewDepartment]:
    """Return the rows of the file."""
    kinds = {label: value for value, label in Department.Kind.choices}
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return [
            NewDepartment(
                code=row["code"],
                name=row["name"],
                short_name=row["short_name"],
                kind=kinds[row["kind"]],
                aliases=tuple(row["aliases"].split(";")),
                official_order=int(row["official_order"]),
            )
            for row in csv.DictReader(file)
        ]
