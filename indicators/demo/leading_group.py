"""The leading group of the demonstration: every position and field by its function, no real person."""

from dataclasses import replace
from datetime import datetime

from core.clock import local_date
from departments.models import Department, LeadingGroupMember
from departments.services.leading_group import Member, add_leading_group_member
from indicators.demo.history import Cast

P = LeadingGroupMember.Position

#: Name, title, position and fields of the county's leaders. As in the county's report of 2021: the magistrate is
#: head, every deputy magistrate deputy head, the principals of the units members.
LEADERS = (
    ("县长（演示）", "县委副书记、县长", P.HEAD, "全面负责优化营商环境工作"),
    ("常务副县长（演示）", "县委常委、常务副县长", P.DEPUTY, "发展改革、财政税务、政务服务、统计、营商环境日常工作"),
    ("工业副县长（演示）", "副县长", P.DEPUTY, "工业和科技创新、供电、市场监管、知识产权"),
    ("城建副县长（演示）", "副县长", P.DEPUTY, "住房和城乡建设、自然资源、城市管理、供水供气、交通运输"),
    ("金融商务副县长（演示）", "副县长", P.DEPUTY, "金融信贷、商务和跨境贸易、招商引资、招标采购"),
    ("社会事业副县长（演示）", "副县长", P.DEPUTY, "人力资源和社会保障、教育、卫生健康、公共服务"),
    ("政法副县长（演示）", "副县长、县公安局局长", P.DEPUTY, "公安、司法行政、法治环境、信访和投诉举报"),
)
#: Units whose principals are members, in the order of the list.
MEMBERS = ("fgw", "zsj", "czj", "scjgj", "zjj", "zrzyj", "rsj", "jrj", "swj", "shangwj", "kgj", "sfj", "gaj", "rmfy")


def appoint_leading_group(cast: Cast, *, now: datetime) -> int:
    """Let the office enter the group as of the aware ``now``, unless somebody is on the list; returns how many."""
    if LeadingGroupMember.objects.visible_to(cast.office).exists():
        return 0
    units = {unit.code: unit for unit in Department.objects.filter(code__in=MEMBERS)}
    members = [Member(*leader) for leader in LEADERS]
    members += [
        Member(f"{units[code].short_name}负责人（演示）", "主要负责人", P.MEMBER, department=units[code])
        for code in MEMBERS
        if code in units
    ]
    for order, member in enumerate(members, 1):
        add_leading_group_member(
            replace(member, official_order=order), valid_from=local_date(now), actor=cast.office, now=now
        )
    return len(members)
