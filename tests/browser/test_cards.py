"""The cards: written, read, and one of them kept on the device by someone who asked for that."""

from playwright.sync_api import Browser, Page, expect

from tests import services
from tests.browser.conftest import DESKTOP, SignUp, Site, check_page, sign_up_as
from tests.factories import PASSWORD

CARD = "/cards/safety-card/"
COPY = f"{CARD}copy/"
KEEP = "Keep a copy on this device"
SLUGS = (
    "if-then-card",
    "safety-card",
    "signs-of-change",
    "therapist-questions",
    "keep-going-card",
)


def write(page: Page, site: Site) -> str:
    """Fill the safety card; the words for what keeps her alive."""
    page.goto(f"{CARD}edit/")
    page.fill("[name=warning_signs]", site.secret("I walk round the flat at night"))
    page.fill("[name=alone]", site.secret("ten rounds of the long out-breath"))
    page.fill("[name=people]", site.secret("Jonas by the bins 0151 2345 6789"))
    words = site.secret("Pepper, who is eleven and half blind")
    page.fill("[name=alive]", words)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(CARD)
    return words


def kept(page: Page) -> list[str]:
    """Addresses in the cache of a person's own."""
    found: list[str] = page.evaluate(
        """async () => {
            if (!(await caches.has("own-card"))) return [];
            const requests = await (await caches.open("own-card")).keys();
            return requests.map((one) => new URL(one.url).pathname);
        }"""
    )
    return found


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main form button.btn").click()
    page.wait_for_url("**/")


def controlled(page: Page) -> None:
    """Wait until the service worker answers for the page."""
    page.evaluate(
        """() => new Promise((done) => {
            const { serviceWorker } = navigator;
            if (serviceWorker.controller) return done(true);
            serviceWorker.addEventListener("controllerchange", () => done(true));
        })"""
    )


def has_gone(page: Page, cache: str) -> bool:
    gone: bool = page.evaluate("async (name) => !(await caches.has(name))", cache)
    return gone


def test_each_card_is_sound_empty_written_wrong_and_full(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    words = site.secret("a line of her own")
    page.goto("/cards/")
    check_page(page)
    for slug in SLUGS:
        page.goto(f"/cards/{slug}/")
        check_page(page)
        page.get_by_role("link", name="Begin").click()
        check_page(page)
        page.locator("main textarea").last.fill(words)
        for tick in page.locator("main input[type=checkbox]:visible").all()[:3]:
            tick.check(force=True)
        for number in page.locator("main input[type=radio][value='3']").all()[-1:]:
            number.check(force=True)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("main")).to_contain_text(words)
        check_page(page)
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        check_page(page)
        page.get_by_role("link", name="Change").click()
        page.locator("main textarea").first.fill("x" * 2100)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[data-summary]")).to_be_focused()
        check_page(page)
        page.set_viewport_size({"width": 320, "height": 700})
        check_page(page)
        page.once("dialog", lambda dialog: dialog.accept())
        page.goto(f"/cards/{slug}/delete/")
        check_page(page)
    page.goto("/cards/")
    check_page(page)


def test_a_copy_opens_without_a_network_and_goes_with_signing_out(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    words = write(page, site)
    controlled(page)
    assert kept(page) == []
    page.get_by_role("button", name=KEEP).click()
    expect(page.get_by_role("status").last).to_have_text("The copy is made.")
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    check_page(page)
    assert kept(page) == [COPY]

    page.context.set_offline(True)
    for address in (CARD, COPY):
        page.goto(address)
        expect(page.locator("main")).to_contain_text(words)
        expect(page.locator("a[href='tel:015123456789']")).to_be_visible()
    check_page(page)
    # The way there from any page that fails; and nothing else of hers opens.
    page.goto("/journal/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are offline")
    page.get_by_role("link", name="Your own card").click()
    expect(page).to_have_url(COPY)
    page.goto("/help/")
    expect(page.locator("main")).not_to_contain_text(words)

    page.context.set_offline(False)
    sign_out(page)
    assert kept(page) == []
    page.context.set_offline(True)
    page.goto(CARD)
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are offline")
    expect(page.get_by_role("link", name="Your own card")).to_have_count(0)
    page.context.set_offline(False)


def test_the_worker_alone_deletes_the_copy_when_someone_signs_out(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    write(page, site)
    controlled(page)
    page.get_by_role("button", name=KEEP).click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    page.goto("/accounts/logout/")
    page.locator("form[data-sign-out]").evaluate("form => delete form.dataset.signOut")
    page.locator("main form button.btn").click()
    page.wait_for_url("**/")
    assert kept(page) == []


def test_the_page_alone_deletes_the_copy_when_no_worker_is_there(
    site: Site, chromium: Browser, page: Page, sign_up: SignUp
) -> None:
    sign_up()
    workerless = chromium.new_context(
        base_url=site.url, service_workers="block", storage_state=page.context.storage_state()
    )
    alone = workerless.new_page()
    alone.goto("/today/")
    alone.evaluate(f"caches.open('own-card').then((own) => own.put('{COPY}', new Response()))")
    assert kept(alone) == [COPY]
    sign_out(alone)
    assert kept(alone) == []
    workerless.close()


def test_a_copy_follows_the_card_and_goes_when_it_is_deleted_or_removed(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    write(page, site)
    controlled(page)
    page.get_by_role("button", name=KEEP).click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    page.goto(f"{CARD}edit/")
    newer = site.secret("the quinces on the garden plot")
    page.fill("[name=alive]", newer)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    page.context.set_offline(True)
    page.goto(CARD)
    expect(page.locator("main")).to_contain_text(newer)
    page.context.set_offline(False)

    page.goto(CARD)
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_role("button", name=KEEP)).to_be_visible()
    assert kept(page) == []
    page.get_by_role("button", name=KEEP).click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    page.goto(f"{CARD}delete/")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="Begin")).to_be_visible()
    services.until(lambda: has_gone(page, "own-card"), 10, "the copy to be taken away")


def test_a_new_worker_tidies_up_and_leaves_the_copy(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    write(page, site)
    controlled(page)
    page.get_by_role("button", name=KEEP).click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    page.evaluate(
        """async () => {
            await caches.open("of an older version");
            await (await navigator.serviceWorker.ready).unregister();
        }"""
    )
    page.goto("/today/")
    services.until(lambda: has_gone(page, "of an older version"), 10, "the worker to tidy up")
    assert kept(page) == [COPY]


def test_a_copy_left_by_somebody_else_is_taken_away(
    page: Page, site: Site, sign_up: SignUp
) -> None:
    sign_up()
    words = write(page, site)
    controlled(page)
    page.get_by_role("button", name=KEEP).click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    # As if her session had run out, and he had signed in later in the same browser.
    page.context.clear_cookies()
    sign_up_as("theo.after.her@example.org", page, site)
    page.goto(f"{CARD}edit/")
    page.fill("[name=alone]", site.secret("the river, his own"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name=KEEP)).to_be_visible()
    assert kept(page) == []
    expect(page.locator("main")).not_to_contain_text(words)


def test_help_shows_the_card_to_its_owner_and_to_no_one_else(
    page: Page, site: Site, sign_up: SignUp, chromium: Browser
) -> None:
    address = sign_up()
    words = write(page, site)
    for query in ("", "?country=IE", "?country=ZZ"):
        page.goto(f"/help/{query}")
        expect(page.locator("main")).to_contain_text(words)
        check_page(page)
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    check_page(page)
    sign_out(page)
    page.goto("/help/")
    expect(page.locator("main")).not_to_contain_text(words)
    page.goto("/accounts/login/")
    page.fill("[name=login]", address)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.btn")
    page.wait_for_url("**/today/")
    page.goto("/help/")
    page.get_by_role("link", name="Change it").click()
    expect(page.locator("[name=alive]")).to_have_value(words)


def test_leaving_with_unsaved_words_warns(page: Page, site: Site, sign_up: SignUp) -> None:
    sign_up()
    page.goto("/cards/if-then-card/edit/")
    page.locator("[name=if_1]").press_sequentially(site.secret("half a sentence"))
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => (location.href = '/today/'))")
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(page).to_have_url("/cards/if-then-card/edit/")


def test_without_a_script_there_is_no_word_of_a_copy(
    site: Site, chromium: Browser, page: Page, sign_up: SignUp
) -> None:
    sign_up()
    write(page, site)
    plain = chromium.new_context(
        base_url=site.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    without = plain.new_page()
    without.goto(CARD)
    expect(without.get_by_text("Pepper")).to_be_visible()
    expect(without.get_by_role("button")).to_have_count(0)
    expect(without.get_by_text("Without a connection")).to_be_hidden()
    plain.close()
