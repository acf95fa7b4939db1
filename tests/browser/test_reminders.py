"""A person's mails from the first form to a break and back, by keyboard on a small phone."""

from datetime import date, timedelta

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, SignUp, Site, check_page, watched


def press(page: Page, name: str) -> None:
    """Press a button by keyboard alone."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def follow(page: Page, name: str, heading: str) -> None:
    link = page.locator("main").get_by_role("link", name=name)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def fill(page: Page, name: str, value: str) -> None:
    page.fill(f"[name={name}]", value)


def start_check_in(page: Page) -> None:
    page.goto("/reminders/")
    check_page(page)
    press(page, "Start the mail")
    expect(page.locator("[data-summary]")).to_be_focused()
    expect(page.locator("[data-summary]")).to_contain_text("No mail is sent without your agreement")
    check_page(page)
    fill(page, "local_time", "20:30")
    page.locator("[name=consent]").focus()
    page.keyboard.press("Space")
    press(page, "Start the mail")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your mails")


def test_the_whole_of_it_by_keyboard_on_a_phone(page: Page, site: Site, sign_up: SignUp) -> None:
    sign_up()
    page.set_viewport_size(PHONE)
    start_check_in(page)
    expect(page.locator(".coming li")).to_have_count(3)
    expect(page.locator(".coming")).to_contain_text("at 20:30")
    check_page(page)

    follow(page, "Weekly look-back", "A look back, once a week")
    check_page(page)
    expect(page.locator("[name=days]:checked")).to_have_value("6")
    fill(page, "local_time", "18:00")
    press(page, "Start the mail")
    expect(page.locator("main")).to_contain_text("On: Sunday at 18:00")

    follow(page, "A letter to yourself", "A letter to yourself")
    check_page(page)
    words = site.secret("the stone under the stairs, for later")
    page.locator("[name=words]").focus()
    page.keyboard.type(words)
    warned = []
    page.on("dialog", lambda dialog: (warned.append(dialog.type), dialog.dismiss()))
    page.evaluate("document.querySelector('main a.soft').click()")
    expect(page.locator("[name=words]")).to_have_value(words)
    assert warned == ["beforeunload"]
    day = date.today() + timedelta(days=40)
    fill(page, "on_date", day.isoformat())
    press(page, "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("Letters to yourself")
    expect(page.locator("main")).to_contain_text(f"{day:%A}, {day.day} {day:%B} {day.year}")
    expect(page.locator("main")).not_to_contain_text("the stone")
    check_page(page)

    follow(page, f"{day:%A}", "Change this letter")
    expect(page.locator("[name=words]")).to_have_value(words)
    check_page(page)

    page.goto("/reminders/mail/")
    check_page(page)
    fill(page, "quiet_from", "20:00")
    fill(page, "quiet_to", "07:00")
    press(page, "Save")
    expect(page.locator("[data-summary]")).to_contain_text("A mail of yours is set for 20:30")
    check_page(page)
    fill(page, "quiet_from", "22:00")
    press(page, "Save")
    expect(page.locator("main")).to_contain_text("quiet from 22:00 to 07:00")

    follow(page, "Take a break", "A break from the mails")
    check_page(page)
    press(page, "Begin the break")
    expect(page.locator("main")).to_contain_text("Nothing comes until you start the mails again.")
    check_page(page)
    page.goto("/today/")
    expect(page.locator("main")).to_contain_text("Your mails are on a break.")
    check_page(page)
    press(page, "Start them again")
    expect(page.locator("main")).to_contain_text("Your next mail comes on")


def test_on_a_journey_the_page_asks_once_and_keeps_what_was_chosen(
    page: Page, site: Site, sign_up: SignUp, chromium: Browser
) -> None:
    sign_up()
    start_check_in(page)
    note = "form[data-travelling]"
    expect(page.locator(note)).to_be_hidden()

    abroad = chromium.new_context(
        viewport=PHONE, base_url=site.url, timezone_id="Europe/Lisbon",
        storage_state=page.context.storage_state(),
    )  # fmt: skip
    watch = watched(abroad, site.url)
    there = abroad.new_page()
    there.goto("/today/")
    said = "Your device says Lisbon, your plan says Berlin. Change it?"
    expect(there.locator(note)).to_contain_text(said)
    check_page(there)
    press(there, "Keep it")
    expect(there.locator(note)).to_be_hidden()
    there.goto("/reminders/")
    expect(there.locator(note)).to_be_hidden()
    there.evaluate("localStorage.clear()")
    there.reload()
    expect(there.locator(note)).to_contain_text(said)
    check_page(there)
    press(there, "Change it")
    expect(there.locator("main")).to_contain_text("Your mails come by the clock of Lisbon now.")
    expect(there.locator(note)).to_be_hidden()
    abroad.close()
    assert watch.foreign == []
    assert watch.broken == []

    # Back home, it is the other way round.
    page.goto("/reminders/")
    expect(page.locator(note)).to_contain_text("Your device says Berlin, your plan says Lisbon.")


def test_a_neighbour_with_the_same_clock_is_no_journey(
    page: Page, site: Site, sign_up: SignUp, chromium: Browser
) -> None:
    sign_up()
    start_check_in(page)
    cases = [
        ("Europe/Berlin", "Europe/Vienna", False),
        ("Europe/Berlin", "Africa/Algiers", True),  # the same today, and not in summer
        ("Asia/Kolkata", "Asia/Calcutta", False),
    ]
    for plan, zone, asks in cases:
        page.goto("/reminders/mail/")
        page.select_option("[name=time_zone]", plan)
        press(page, "Save")
        expect(page.locator("main")).to_contain_text(
            f"by the clock of {plan.split('/')[1]}", ignore_case=True
        )
        context = chromium.new_context(
            base_url=site.url, timezone_id=zone, storage_state=page.context.storage_state()
        )
        near = context.new_page()
        near.goto("/reminders/")
        note = near.locator("form[data-travelling]")
        if asks:
            expect(note).to_be_visible()
        else:
            near.wait_for_load_state("networkidle")
            expect(note).to_be_hidden()
        context.close()


def test_without_script_nothing_is_asked_and_everything_works(
    page: Page, site: Site, sign_up: SignUp, chromium: Browser
) -> None:
    sign_up()
    plain = chromium.new_context(
        viewport=PHONE, base_url=site.url, timezone_id="Europe/Lisbon", java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )  # fmt: skip
    bare = plain.new_page()
    bare.goto("/reminders/")
    bare.check("[name=consent]")
    bare.get_by_role("button", name="Start the mail").click()
    expect(bare.locator("main")).to_contain_text("What comes next")
    expect(bare.locator("form[data-travelling]")).to_be_hidden()
    plain.close()
