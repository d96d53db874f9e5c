"""日历: the year in force, what is proposed and what that would move, every version that was."""

from hotline.web.calendar import deciding, proposing, year
from hotline.web.calendar.blueprint import pages

__all__ = ["deciding", "pages", "proposing", "year"]
