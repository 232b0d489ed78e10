"""The texts to citizens in messages.yaml: which there must be, what they may say, and how long they are."""
