"""Checks of a catalogue folder."""
