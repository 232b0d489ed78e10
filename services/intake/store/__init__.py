"""SQL beside the function that runs it. One statement a table, whatever the number of rows."""
