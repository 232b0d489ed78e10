"""The addresses and keys of a stack that does not run, for commands whose doors are replaced."""

from deploy.local.stack import Stack

STACK = Stack(
    {"intake": "http://i", "routing": "http://r", "notification": "http://n"},
    sinks_url="http://s",
    kafka="k:1",
    postgres_url="postgresql://p",
    counter_api_key="counter.key",
    operator_api_key="operator.key",
    agencies={},
    oidc_issuer="http://o",
)
