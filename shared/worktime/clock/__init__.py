"""From a ledger to its dates: periods, pauses, warnings, lateness."""
