"""The page in a real browser, as a person would use it: every control once, a run begun and finished, two sizes of window."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from sim.analysis import levels
from sim.experiment import execute, read
from sim.report.answers import one_page
from sim.report.html import report
from sim.report.text import words
from sim.report.text.translation import told_in
from tests.ports import free_port, wait_for
from tests.small import short_plan, small_results

SIM = str(Path(sys.executable).with_name("sim"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here; .ci/run installs it"),
    pytest.mark.slow,
    pytest.mark.xdist_group("browser"),
]
SERIOUS = {"serious", "critical"}
WIDE, NARROW = {"width": 1400, "height": 1000}, {"width": 420, "height": 900}
PATIENCE = 180_000  # milliseconds; other tests may have the processors
expect.set_options(timeout=PATIENCE)
# nothing runs, nothing is left in grey of the view before, nothing moves, and all this for a while
STILL = """() => {
  const moves = document.querySelector('[data-testid="stApp"]').dataset.testScriptState !== "notRunning"
    || document.querySelector('[data-stale="true"]') !== null
    || document.getAnimations().some(one => one.playState === "running");
  if (moves || window.stillSince === undefined) window.stillSince = performance.now();
  return performance.now() - window.stillSince > 300;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    small_results(folder / "levels", 2)
    execute(short_plan(2), folder / "to watch")
    return folder


@pytest.fixture(scope="module")
def address(folder):
    port = free_port()
    server = subprocess.Popen([SIM, "page", str(folder), "--port", str(port), "--no-open"], stderr=subprocess.DEVNULL)
    there = f"http://127.0.0.1:{port}"
    try:
        wait_for(server, port)
        yield there
    finally:
        server.terminate()
        server.wait(PATIENCE / 1000)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def window(browser, address):
    found = browser.new_page(viewport=WIDE)
    found.set_default_timeout(PATIENCE)
    found.goto(address)
    found.get_by_text("interval of the mean").first.wait_for()
    yield found
    found.close()


def view(window, name):
    window.locator("label", has_text=name).first.click()
    settle(window)


def settle(window):
    """Wait until the page is still: in the midst of a change its texts are grey, and too pale to read."""
    window.evaluate("window.stillSince = undefined")
    window.wait_for_function(STILL)


def findings(window):
    found = Axe().run(window, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    return {one["id"]: [node["html"] for node in one["nodes"]] for one in found if one["impact"] in SERIOUS}


def test_each_control_does_what_it_says(window, folder):
    slider = window.get_by_role("slider", name="Level to look at")
    cost = {point: levels.table(read(folder / "levels"))["cost"].iloc[point] for point in (0, 1)}
    for key, hours, point in (("ArrowRight", 20, 1), ("ArrowLeft", 5, 0)):
        slider.focus()
        window.keyboard.press(key)
        expect(window.get_by_role("heading", name=f"At {hours} h/week")).to_be_visible()
        expect(window.get_by_test_id("stMetricValue").first).to_have_text(words.money(cost[point]))
    with window.expect_download() as taken:
        window.get_by_role("button", name="q01_hours.csv as CSV").click()
    assert "net_return" in Path(taken.value.path()).read_text(encoding="utf-8")
    view(window, "Questions")
    window.locator("label", has_text="PDF").click()
    with window.expect_download() as taken:
        window.get_by_role("button", name="q01_hours.pdf").click()
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")
    view(window, "Deals")
    account = window.get_by_label("Account", exact=True)
    account.fill("12")
    account.press("Enter")
    expect(window.get_by_text("Account 12, in the first world").first).to_be_visible()
    window.locator("label", has_text="Français").click()
    expect(window.get_by_text("Réponse", exact=True).first).to_be_visible()


def choose(window, label, option):
    """Take an option of a box with a list."""
    box = window.get_by_role("combobox", name=label)
    box.click()
    box.press_sequentially(option)
    box.press("Enter")
    box.press("Tab")  # closes the list
    settle(window)


def test_what_is_picked_is_shown(window):
    choose(window, "Outcomes to compare", "Hours given")
    expect(window.get_by_role("img", name="Hours given")).to_be_visible()
    choose(window, "Compared with", "20 h/week")
    view(window, "Questions")
    choose(window, "Question", "3. What will our CRM say instead?")
    expect(window.get_by_text("Each way of giving credit").first).to_be_visible()
    view(window, "Deals")
    told = window.get_by_text("choose a row of the first world")
    before = told.inner_text()
    window.get_by_test_id("stMultiSelect").get_by_role("button", name="unchanged").first.click()
    expect(told).not_to_have_text(before)


def test_hours_and_split_are_moved(window):
    view(window, "New run")
    window.get_by_role("slider", name="Hours per week").focus()
    window.keyboard.press("ArrowLeft")
    window.get_by_text("Shares of the hours asked for").click()
    window.get_by_role("slider", name="dialogue").focus()
    window.keyboard.press("ArrowRight")
    expect(window.get_by_text("Together 101 %")).to_be_visible()
    window.get_by_role("slider", name="Worlds").focus()
    window.keyboard.press("ArrowLeft")
    expect(window.get_by_text("--replications 9")).to_be_visible()
    with window.expect_download() as taken:
        window.get_by_role("button", name="The scenario as a file").click()
    text = Path(taken.value.path()).read_text(encoding="utf-8")
    assert "hours_per_week: 4.5" in text or "hours_per_week: 19.5" in text


def test_a_run_is_begun_and_finished(window, folder):
    view(window, "New run")
    name = window.get_by_label("Name", exact=True)
    name.fill("by hand")
    name.press("Enter")
    settle(window)
    window.get_by_role("button", name="Run", exact=True).click()
    window.get_by_role("button", name="Bring it up").wait_for()
    assert read(folder / "by hand").is_finished
    window.get_by_role("button", name="Bring it up").click()
    settle(window)
    view(window, "Answer")
    expect(window.get_by_text("Only one level was tried").first).to_be_visible()


def test_warnings_are_looked_for_stopped_and_found(window, folder):
    """The answer stays while they are looked for; a stop keeps it; then they stand in the place of the search, and alone."""
    choose(window, "Results", "to watch")
    window.get_by_role("button", name="Look for it now").click()
    expect(window.get_by_role("button", name="Stop looking")).to_be_visible()
    expect(window.get_by_role("heading", name="The money")).to_be_visible()
    expect(window.get_by_text(re.compile(r"Worlds: [1-9]\d* / \d+"))).to_be_visible()
    assert findings(window) == {}
    window.get_by_role("button", name="Stop looking").click()
    window.get_by_role("button", name="Look for it now").click()
    window.get_by_role("heading", name="What would change the advice").wait_for(timeout=5 * PATIENCE)
    settle(window)
    results = read(folder / "to watch")
    for part in one_page.warned(results):
        for sentence in part.sentences:
            expect(window.get_by_text(sentence)).to_be_visible()
    for gone in ("Stop looking", "Look for it now"):
        expect(window.get_by_role("button", name=gone)).to_have_count(0)
    expect(window.get_by_text("Whoever moves anything")).to_have_count(0)


def test_people_are_added_and_taken_out(window):
    view(window, "Your company")
    window.get_by_label("Person 1: name").fill("Anna")
    for number in (2, 3, 4):
        window.get_by_role("button", name="Add a person").click()
        window.get_by_label(f"Person {number}: name").fill(f"P{number}")
    window.get_by_role("button", name="Remove person 2").click()
    expect(window.get_by_label("Person 4: name")).to_have_count(0)
    settle(window)  # a row that has moved stands twice for a moment, once in grey
    assert [window.get_by_label(f"Person {number}: name").input_value() for number in (1, 2, 3)] == ["Anna", "P3", "P4"]
    assert findings(window) == {}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_is_cut_and_no_serious_finding(window, size):
    window.set_viewport_size(size)
    settle(window)
    for name in ("Answer", "Questions", "Deals", "New run"):
        view(window, name)
        assert window.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        assert findings(window) == {}, name


@pytest.mark.parametrize("language", ["en", "fr"])
def test_reports_have_no_serious_finding(browser, folder, tmp_path, language):
    with told_in(language):
        report.write([read(folder / "levels")], tmp_path / "report.html")
    page = browser.new_page(viewport=WIDE)
    page.goto(f"file://{tmp_path / 'report.html'}")
    assert findings(page) == {}
    assert page.evaluate("[...document.images].every(one => one.complete && one.naturalWidth > 0 && one.alt)")
    page.close()
