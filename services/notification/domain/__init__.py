"""Rules of what citizens are told: pure, without a clock, a database or a carrier."""
