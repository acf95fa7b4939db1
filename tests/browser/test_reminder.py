"""A reminder: chosen, found due by beat, sent by a worker, opened from the mail, stopped."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from tests import services
from tests.browser.conftest import SignUp, Site, check_page, watched


def minutes_from_now(minutes: int) -> str:
    """The wall time where the browser is, rounded down to the minute."""
    there = datetime.now(ZoneInfo("Europe/Berlin"))
    return (there + timedelta(minutes=minutes)).strftime("%H:%M")


def link(message: EmailMessage, part: str) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    found = re.search(rf"https?://\S+{part}\S*", str(body.get_content()))
    assert found, f"no {part} link in the mail"
    return found[0].rstrip(".>")


def test_a_mail_comes_at_its_hour_and_its_links_work(
    page: Page, site: Site, sign_up: SignUp, chromium: Browser
) -> None:
    address = sign_up(mail=True)
    page.goto("/reminders/")
    check_page(page)
    expect(page.locator("[name=time_zone]")).to_have_value("Europe/Berlin")
    page.fill("[name=local_time]", minutes_from_now(1))
    page.get_by_role("button", name="Start the mail").click()
    expect(page.locator("main")).to_contain_text("What comes next")
    check_page(page)

    def reminders() -> list[EmailMessage]:
        return [m for m in site.mails_to(address) if m["List-Unsubscribe"]]

    services.until(lambda: bool(reminders()), 90, "the reminder")
    message = reminders()[0]
    assert message["Subject"] == "Two minutes to steady"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    # Elsewhere, without being signed in.
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site.url)
    watch = watched(context, site.url)
    mail = context.new_page()
    mail.goto(link(message, "/c/"))
    check_page(mail)
    mail.locator("[name=steady][value='2']").check(force=True)
    line = site.secret("typed from the mail without signing in")
    mail.fill("[name=line]", line)
    mail.get_by_role("button", name="Save").click()
    expect(mail.get_by_role("heading", level=1)).to_have_text("Thank you")
    check_page(mail)

    stop = link(message, "/stop/")
    mail.goto(stop)
    check_page(mail)
    page.reload()
    expect(page.locator("main")).to_contain_text("What comes next")
    mail.locator("main form button").click()
    expect(mail.locator("main")).to_contain_text("stopped", ignore_case=True)
    check_page(mail)
    context.close()
    assert watch.foreign == []
    assert watch.broken == []

    page.goto("/check-in/")
    expect(page.locator("[name=steady][value='2']")).to_be_checked()
    expect(page.locator("[name=line]")).to_have_value(line)
    page.goto("/reminders/")
    expect(page.locator("main")).to_contain_text("No mail is planned")
    assert len(reminders()) == 1
