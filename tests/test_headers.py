"""The headers that keep a page from being read, framed or kept by others."""

import gzip

import pytest
from django.test import Client
from django.urls import reverse

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types sw",
}


@pytest.mark.parametrize("name", ["today:home", "account_login", "safety:help", "no such page"])
def test_the_policy_is_strict_on_every_page(client: Client, db: None, name: str) -> None:
    address = reverse(name) if " " not in name else "/no/such/page/"
    headers = client.get(address).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_the_editing_screens_have_a_policy_of_their_own(client: Client, db: None) -> None:
    policy = client.get("/cms/").headers["Content-Security-Policy"]
    assert "trusted-types" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy


def test_a_path_that_only_looks_like_theirs_stays_strict(client: Client, db: None) -> None:
    policy = client.get("/cmsx/").headers["Content-Security-Policy"]
    assert "trusted-types sw" in policy


def test_a_page_travels_compressed_and_never_twice_in_one_length(client: Client, db: None) -> None:
    plain = client.get("/steady/")
    assert "Content-Encoding" not in plain
    packed = [client.get("/steady/", headers={"accept-encoding": "gzip"}) for _ in range(8)]
    assert {answer["Content-Encoding"] for answer in packed} == {"gzip"}
    assert all(gzip.decompress(answer.content) == plain.content for answer in packed)
    assert max(len(answer.content) for answer in packed) < len(plain.content) / 2
    assert len({len(answer.content) for answer in packed}) > 1
