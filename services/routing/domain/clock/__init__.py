"""The clocks of a case: counted and excluded time, due dates, reminders."""
