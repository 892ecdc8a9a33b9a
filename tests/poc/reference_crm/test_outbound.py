"""Outbound: which addresses may be called, whatever way they are written."""

import ipaddress

import pytest

from poc.reference_crm.outbound import Rules, Undeliverable, allowed, checked

NAMED = Rules(networks=(ipaddress.ip_network("10.7.0.0/16"),))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.8.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.8.0.1", "::"],
)  # fmt: skip
def test_private_and_special_addresses_are_not_called(address: str) -> None:
    assert not allowed(ipaddress.ip_address(address), NAMED)


@pytest.mark.parametrize("address", ["10.7.3.4", "::ffff:10.7.3.4", "1.1.1.1", "2606:4700::1111"])
def test_public_addresses_and_those_the_bank_named_are_called(address: str) -> None:
    assert allowed(ipaddress.ip_address(address), NAMED)


@pytest.mark.parametrize(
    "url", ["http://a.example/", "https://", "https://a.example:0/", "https://a.example:x/", "https://u:p@a.example/",
            "https://a.example/#part", "gopher://a.example/", "https://[::1", ""]
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(Undeliverable):
        checked(url)
