"""HTML doors of the pages about several apps."""

from overview.views.components import Components
from overview.views.dashboard import Dashboard
from overview.views.feed import deadlines_feed
from overview.views.help import Feedback, Help
from overview.views.home import Home, RecentChanges
from overview.views.prints import Prints
from overview.views.screen import Screen
from overview.views.search import Search

__all__ = [
    "Components",
    "Dashboard",
    "Feedback",
    "Help",
    "Home",
    "Prints",
    "RecentChanges",
    "Screen",
    "Search",
    "deadlines_feed",
]
