"""Network addresses: whether one lies in a list of addresses and networks."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network


def among(address: str, networks: Iterable[str]) -> bool:
    """Return whether ``address`` lies in one of ``networks`` (addresses or CIDR); False if it is no address."""
    try:
        caller = ip_address(address)
    except ValueError:
        return False
    return any(caller in ip_network(network, strict=False) for network in networks)
