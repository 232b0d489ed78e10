"""The clock a second time, from the text of docs/clock.md alone: days are walked one by one, never looked up.

Nothing here comes from `shared`. It is slow and plain on purpose: where the two differ, one of them is wrong.
"""
