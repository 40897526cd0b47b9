"""Models of the bulletins app."""

from bulletins.models.bulletins import Bulletin, BulletinSection, OverdueExclusion, SectionVersion
from bulletins.models.records import BulletinCounter, BulletinFile, Receipt, ReportRun, ReportSchedule

__all__ = [
    "Bulletin",
    "BulletinCounter",
    "BulletinFile",
    "BulletinSection",
    "OverdueExclusion",
    "Receipt",
    "ReportRun",
    "ReportSchedule",
    "SectionVersion",
]
