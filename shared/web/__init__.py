"""What every page and every HTTP answer of ours has in common: frame, identity, problems, health."""
