"""The demonstration: sixty working days of believable reports on the county's real catalogue.

Everything here is invented except the catalogue and the figures the county reported on 2021-09-16, and what
is invented says so: standards carry 演示假设, people are named by their role. ``loading`` is the entry.
"""
