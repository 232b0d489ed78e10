"""The closing check: does the city keep what it promised? Over the data of all services, line by line."""

from deploy.demo.city_day.closing_check.check import check

__all__ = ["check"]
