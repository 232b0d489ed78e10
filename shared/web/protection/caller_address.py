"""The address a request comes from, in the one form in which limits count it."""

from ipaddress import IPv6Address, ip_address, ip_network

from shared.web.protection.security_headers import Scope

UNKNOWN = "unknown"
IPV6_PREFIX = 64
"""An IPv6 subscriber holds a whole network of this size, so that its single addresses cost nothing."""


def caller_address(scope: Scope) -> str:
    """The IPv4 address, or the network of the IPv6 address, of the caller in an ASGI scope."""
    client = scope.get("client")
    return limited_address(client[0]) if client else UNKNOWN


def limited_address(host: str) -> str:
    """The address as limits count it: `2001:db8:1:2::/64` for an IPv6 one, any other as it is."""
    if ":" not in host:
        return host
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), IPV6_PREFIX), strict=False))
