"""How people write phone numbers, dates, names, codes and secrets: each field is read in one module here.

A reader takes the text as typed or pasted and returns the value, or a `FieldError` that says what to do. It
never guesses: what can mean two things is asked. The writings of each field: `tests/unit/typed_input/*.yaml`.
"""
