"""The city day: three working weeks of a whole city, stepped as fast as this machine can follow."""

from deploy.demo.city_day.day import run

__all__ = ["run"]
