"""Help and steadying: one click from everywhere, without an account, and without a network."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, SignUp, Site, check_page

NUMBERS = {
    "US": ("911", "988"),
    "GB": ("999", "116 123"),
    "IE": ("112", "116 123"),
    "AU": ("000", "13 11 14"),
    "CA": ("911", "9-8-8"),
    "NZ": ("111", "1737"),
    "ES": ("112", "024"),
    "NL": ("112", "113"),
    "FR": ("112", "3114"),
    "DE": ("112", "0800 111 0 111"),
}


@pytest.mark.parametrize("country", sorted(NUMBERS))
def test_the_emergency_number_comes_first_then_the_line(page: Page, country: str) -> None:
    page.goto("/help/")
    page.select_option("select[name=country]", country)
    page.locator("main form button").click()
    page.wait_for_url(f"**/help/?country={country}*")
    links = page.locator("main a[href^='tel:']").all_inner_texts()
    emergency, line = NUMBERS[country]
    assert emergency in links[0]
    assert line in " ".join(links)
    expect(page.locator("main")).to_contain_text(
        "to be confirmed by the operator", ignore_case=True
    )


def test_both_pages_are_one_click_away_from_every_page(page: Page, sign_up: SignUp) -> None:
    sign_up()
    for address in ("/today/", "/journal/new/", "/lessons/", "/no/such/page/"):
        page.goto(address)
        page.get_by_role("link", name="Get help now").first.click()
        expect(page).to_have_url("/help/")
        page.goto(address)
        page.locator("header").get_by_role("link", name="Steady me").click()
        expect(page).to_have_url("/steady/")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_both_pages_are_sound(page: Page, size: str) -> None:
    if size == "desktop":
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    for address in ("/help/", "/help/?country=DE", "/help/?country=nowhere", "/steady/"):
        page.goto(address)
        check_page(page)


def test_exit_leaves_at_once_and_leaves_no_way_back(page: Page, sign_up: SignUp) -> None:
    sign_up()
    away = page.locator("header [data-exit]")
    expect(away).to_have_attribute("rel", "nofollow noreferrer")
    # The way out leads to another site; here it is sent to a page of ours, to see it replaced.
    page.evaluate("document.querySelector('[data-exit]').href = '/help/'")
    page.goto("/journal/")
    page.evaluate("document.querySelector('[data-exit]').href = '/help/'")
    away.click()
    page.wait_for_url("**/help/")
    page.go_back()
    expect(page).not_to_have_url("/journal/")


def test_without_a_network_steadying_and_help_still_open(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(base_url=site.url, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    context.set_offline(True)
    page.goto("/steady/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Steady me")
    page.locator("[data-go]").first.click()
    expect(page.locator("[data-go]").first).to_have_text("Pause")
    page.goto("/help/")
    expect(page.locator("main a[href='tel:112']").first).to_be_visible()
    page.goto("/today/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are offline")
    context.close()
