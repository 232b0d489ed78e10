"""The closing check: guarantees of the city, verified over the data of all services."""

from deploy.demo.city_day.closing_check.check import check

__all__ = ["check"]
