"""Whose turn it is: the SQL of the rule in `domain/deadlines`, that only an office's own time can be late."""

IS_OFFICES_TURN = """(t.kind = 'letter' OR (t.actor IS NULL
            AND CASE WHEN t.dossier_id IS NULL THEN coalesce(c.resume_to ->> 'state', c.state)
                     ELSE (SELECT one ->> 'state' FROM jsonb_array_elements(c.children) AS one
                            WHERE one ->> 'id' = t.dossier_id::text)
                END NOT IN ('supplement_requested', 'payment_requested')))"""
"""Whether the office is to act on task `t` of case `c`: not while the citizen or another person is awaited.

A test compares it with `running_clocks`, case by case.
"""
