"""After a restored database or a fault: compare, advance, replay."""
