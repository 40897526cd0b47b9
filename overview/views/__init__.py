"""HTML doors of the pages about several apps."""

from overview.views.components import Components
from overview.views.home import Home

__all__ = ["Components", "Home"]
