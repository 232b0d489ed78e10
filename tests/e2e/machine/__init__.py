"""The whole table of states, driven from outside: HTTP and topics in, pages and topics out."""
