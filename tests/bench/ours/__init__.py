"""Programs that run the product's own code, or one part of it, as a process to be measured."""
