"""The city day: a simulation of three working weeks of a city, stepped as fast as the machine allows."""

from deploy.demo.city_day.day import run

__all__ = ["run"]
