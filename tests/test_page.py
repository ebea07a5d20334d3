"""The page in a real browser: `pytest -m browser`, with the extra `browser` and a Chromium, playwright's or another."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conversion import EXAMPLES, of_file, of_text
from large_configuration import configuration
from page_picture import chromium
from test_page_data import HOSTILE, PAGE

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
pytestmark = pytest.mark.browser

WIDE = {"width": 1440, "height": 900}
VIEWS = ("overview", "config", "view1")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = chromium(playwright)
        yield started
        started.close()


class Opened:
    """A page in a browser, and everything that it should not do."""

    def __init__(self, browser: Any, file: Path, address: str = "", **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": WIDE, **options})
        self.page = self.context.new_page()
        self.file = file
        self.wrong: list[str] = []
        self.page.on(
            "console", lambda message: self.wrong.append(message.text) if message.type in {"error", "warning"} else None
        )
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", self._asked_by_dialog)
        self.page.on("request", self._asked)
        self.at(address)

    def _asked_by_dialog(self, dialog: Any) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.wrong.append(request.url)

    def at(self, address: str) -> Any:
        """The page at an address, when it is drawn."""
        self.page.goto(f"{self.file.as_uri()}#{address}")
        self.page.wait_for_selector("html[data-ready]")
        return self.page

    def text(self, selector: str) -> str:
        return "\n".join(self.page.locator(selector).all_text_contents())


def written(folder: Path, text: str) -> Path:
    (folder / PAGE).write_text(text, "utf-8")
    return folder / PAGE


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("quickstart"), of_file(EXAMPLES / "quickstart.yaml").output.texts[PAGE])


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("thousand"), of_text(configuration(1000)).output.texts[PAGE])


@pytest.fixture
def opened(browser: Any, quickstart: Path) -> Iterator[Opened]:
    one = Opened(browser, quickstart)
    yield one
    one.context.close()
    assert one.wrong == []


def test_the_verdict_comes_first_and_each_answer_leads_to_its_finding(opened: Opened) -> None:
    page = opened.page
    assert page.locator("h1").first.inner_text().startswith("Not ready for traffic ")
    page.locator(".glance .see button").first.click()
    code = page.evaluate("location.hash.slice(1)")
    head = page.locator(f".finding .head:has-text('{code}')")
    assert head.get_attribute("aria-expanded") == "true"
    assert head.evaluate("element => element === document.activeElement")


def test_findings_can_be_chosen_by_class_and_ticked_off_for_good(opened: Opened) -> None:
    page, shown = opened.page, opened.page.locator(".finding:visible")
    everything = shown.count()
    page.locator(".chips .chip").first.click()
    of_class = shown.count()
    assert 0 < of_class < everything
    page.locator(".finding:visible input").first.check()
    assert page.locator(".title [role=status]").inner_text() == f"1 of {everything} done"
    page.get_by_label("Hide what is done").check()
    assert shown.count() == of_class - 1
    page.reload()
    assert page.locator(".finding.done").count() == 1


def test_a_place_of_a_finding_leads_to_its_line_with_reason_and_fields(opened: Opened) -> None:
    page = opened.page
    page.locator(".finding .head").first.click()
    page.locator(".finding .places button").first.click()
    assert page.evaluate("location.hash") == "#L10"
    assert "rpm: 600" in page.locator("#config .line.now").inner_text()
    detail = opened.text("#config .detail")
    assert "Mapped, not exactly" in detail
    assert "LM401" in detail
    page.locator("#config .targets button").first.click()
    assert "600" in page.locator("#payload .line.now").inner_text()


def test_every_line_is_coloured_by_what_became_of_it(opened: Opened) -> None:
    page = opened.at("L7")
    for line, outcome in ((8, "exact"), (7, "differs")):
        assert outcome in str(page.locator(f"#config .line:has(.at:text-is('{line}'))").first.get_attribute("class"))
    opened.at("L75")
    assert "manual" in str(page.locator("#config .line.now").get_attribute("class"))
    assert "Manual" in str(page.locator("#config .line.now").text_content())


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda page: page.locator("[data-outcome=manual]").click(), "num_retries: 2"),
        (lambda page: page.get_by_label("Search lines").fill("redis type"), "type: redis"),
        (lambda page: page.get_by_label("Search lines").fill("lm605"), "drop_params: true"),
        (lambda page: page.get_by_label("Finding", exact=True).select_option("LM604"), "request_timeout: 120"),
        (lambda page: page.get_by_label("Entry of").fill("qwen-internal"), "openai/Qwen/Qwen2.5-32B-Instruct"),
        (lambda page: page.get_by_label("Entry of").fill("integrations: groq"), "os.environ/GROQ_API_KEY"),
    ],
)
def test_lines_can_be_searched_and_filtered(act: Any, expected: str, opened: Opened) -> None:
    page = opened.at("config")
    act(page)
    page.wait_for_selector("#config .line.fold")
    assert expected in opened.text("#config .pane:first-child .line:not(.dim)")
    assert page.locator("#config .pane:first-child .line:not(.fold):not(.dim)").count() < 40
    page.locator("#config .line.fold").first.click()
    page.keyboard.press("Escape")
    page.wait_for_selector("#config .line.fold", state="detached")


def test_a_field_of_a_payload_leads_back_to_its_lines(opened: Opened) -> None:
    page = opened.at("config")
    page.locator("#payload .line.set").first.click()
    assert page.locator("#config .pane:first-child .line.lit").count()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#L")


def test_everything_can_be_done_by_keyboard(opened: Opened) -> None:
    page, press = opened.page, opened.page.keyboard.press
    press("2")
    assert page.locator("#config").is_visible()
    press("/")
    assert page.evaluate("document.activeElement.id") == "search-config"
    page.keyboard.type("rpm")
    page.wait_for_selector("#config .line.fold")
    press("Escape")
    press("n")
    assert page.evaluate("location.hash") == "#L5"
    page.locator("#config .list").first.focus()
    press("ArrowDown")
    press("ArrowDown")
    assert page.evaluate("location.hash") == "#L7"
    active = page.locator("#config .list").first.get_attribute("aria-activedescendant")
    assert page.locator(f"#{active}").get_attribute("aria-selected") == "true"
    press("Enter")
    assert page.locator("#payload .list").evaluate("element => element === document.activeElement")
    press("End")
    press("3")
    assert page.locator("#view1").is_visible()
    page.locator("#tab-view1").focus()
    press("ArrowRight")
    assert page.locator("#overview").is_visible()
    press("?")
    assert page.locator("#help").is_visible()
    press("Escape")
    page.go_back()
    assert page.locator("#view1").is_visible()


def test_the_picture_shows_shares_as_widths_and_says_the_same_in_words(opened: Opened) -> None:
    page = opened.at("view1")
    name = page.get_by_role("link", name="gpt-4o: ")
    assert name.get_attribute("aria-label") == (
        "gpt-4o: 75 % to gpt-4o, openai; 25 % to gpt-4o-eastus, azure-contoso-eastus-2024-10-21"
    )
    widths = name.locator("path").evaluate_all("paths => paths.map(path => +path.getAttribute('stroke-width'))")
    assert widths[0] == pytest.approx(3 * widths[2], rel=0.01)
    assert "75 %" in page.locator("#view1 table").inner_text()
    assert page.get_by_role("link", name="gpt-4: ").get_attribute("aria-label") == (
        "gpt-4: 75 % to gpt-4o, openai; 25 % to gpt-4o-eastus, azure-contoso-eastus-2024-10-21"
    )
    page.get_by_label("Search names").fill("qwen")
    page.wait_for_selector("#view1 [role=status]:text-is('1 name')")
    page.locator("#view1 svg [role=link]").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#L59"


def test_names_that_look_like_markup_stay_names(browser: Any, tmp_path: Path) -> None:
    entries = [{"model_name": name, "litellm_params": {"model": f"groq/{name}", "x_odd": name}} for name in HOSTILE]
    text = json.dumps({"model_list": entries, HOSTILE[0]: {HOSTILE[1]: 1}}, indent=1, ensure_ascii=False)
    one = Opened(browser, written(tmp_path, of_text(text).output.texts[PAGE]))
    for view in VIEWS:
        page = one.at(view)
        assert page.locator("img, b:has-text('x'), script:not(#data):nth-of-type(3)").count() == 0
    assert HOSTILE[0] in one.text("#view1 svg text")
    assert "\u202e" not in page.locator("body").inner_text()
    assert "\\u202eevil" in page.locator("#view1").inner_text()
    one.at("config")
    assert HOSTILE[1] in one.text("#config .line")
    one.context.close()
    assert one.wrong == []


def test_no_script_but_its_own_can_run(opened: Opened) -> None:
    page = opened.page
    for make in (
        "script.textContent = 'window.ran = 1'",
        "document.body.innerHTML = '<img src=x onerror=\"window.ran = 1\">'",
    ):
        page.evaluate(f"""() => {{
            const script = document.createElement("script");
            try {{ {make} }} catch {{ return }}
            document.body.append(script);
        }}""")
    assert page.evaluate("window.ran") is None
    opened.wrong.clear()  # the browser reports what it refused


def test_a_thousand_deployments_open_in_less_than_two_seconds(browser: Any, thousand: Path) -> None:
    assert thousand.stat().st_size < 4_000_000
    for view in VIEWS:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            one = Opened(browser, thousand, view)
            times.append(time.perf_counter() - start)
            assert one.wrong == []
            elements = one.page.evaluate("document.querySelectorAll('*').length")
            one.context.close()
        print(f"{view}: {min(times):.2f} s, {elements} elements")
        assert min(times) < 2
        assert elements < 7000


def test_a_thousand_deployments_are_searched_at_once(browser: Any, thousand: Path) -> None:
    one = Opened(browser, thousand)
    page = one.at("config")
    start = time.perf_counter()
    page.get_by_label("Search lines").fill("timeout")
    page.wait_for_selector("#config .line.fold")
    assert time.perf_counter() - start < 1
    page.locator("#config .list").first.focus()
    page.keyboard.press("End")
    page.wait_for_selector("#config .line.now")
    one.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [*VIEWS, "L14", "LM401"])
def test_axe_finds_nothing(browser: Any, quickstart: Path, view: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    one = Opened(browser, quickstart, color_scheme=scheme, bypass_csp=True)
    found = axe.Axe().run(one.at(view)).response["violations"]
    one.context.close()
    assert [(rule["id"], rule["impact"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in found] == []


def test_what_is_printed_has_every_finding_with_its_box(opened: Opened) -> None:
    page = opened.page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    boxes, bodies = page.locator(".finding > input"), page.locator(".finding .body")
    assert boxes.count() == bodies.count() == page.locator(".finding").count()
    assert all(box.is_visible() for box in boxes.all())
    assert all(body.is_visible() and body.inner_text() for body in bodies.all())
    assert page.locator("#view1 table").is_visible()
    assert page.locator("header").is_hidden()


def test_the_configuration_prints_line_by_line_with_codes_as_it_is_filtered(opened: Opened) -> None:
    page = opened.at("config")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows = page.locator("#config .printout .row")
    assert rows.count() == len((EXAMPLES / "quickstart.yaml").read_text().splitlines())
    assert rows.nth(82).is_visible()
    assert [part.inner_text() for part in rows.nth(82).locator("span").all()] == [
        "83",
        "!",
        "  request_timeout: 120",
        "LM604",
    ]
    assert page.locator("#overview").is_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.locator("[data-outcome=manual]").click()
    page.wait_for_selector("#config .line.fold")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert rows.count() < 40
    assert page.locator("#config .printout .fold").count()


@pytest.mark.parametrize("width", [390, 720, 1024])
def test_a_narrow_window_needs_no_scrolling_sideways(width: int, browser: Any, quickstart: Path) -> None:
    one = Opened(browser, quickstart, viewport={"width": width, "height": 800})
    for view in ("overview", "config"):
        page = one.at(view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(f"document.getElementById('{view}').scrollWidth") <= width
    one.context.close()
    assert one.wrong == []
