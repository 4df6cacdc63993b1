"""Memory as a person meets it: each measure, its sliders, and places to jump to."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Response, expect
from screen import (
    PATIENCE,
    Open,
    choose,
    expect_step,
    main,
    player,
    settle,
    sidebar,
    slider,
    watch,
)

import seqviz
from seqviz.analysis.forgetting import influence_in_words
from seqviz.analysis.influence import influence
from seqviz.analysis.similarity import similar_steps
from seqviz.data import text as encoders

TEXT = "the cat and the dog and the bird"


def go(page: Page, name: str) -> None:
    """To another page by the navigation."""
    page.get_by_role("link", name=name, exact=True).click()


def memory(visit: Open, query: str) -> Page:
    page = visit(query)
    go(page, "Memory")
    expect(page.get_by_role("radiogroup", name="Measure")).to_be_visible()
    return page


def heard(trace: seqviz.Trace, step: int) -> str:
    """How the influence of a step is told, in words and then in numbers."""
    found = influence(trace)
    now = float(found.norms[step - 1, step - 1])
    words = influence_in_words(found, step - 1)
    return f"{words} The state at step {step} changes {now:.4f} times as much as"


def typed(text: str, mode: str, hidden: int) -> seqviz.Trace:
    sequence = encoders.one_hot(text)
    spec = seqviz.RNNSpec(mode, sequence.input_size, hidden, 2, seed=3)
    return seqviz.trace(seqviz.build(spec), sequence)


def test_a_deep_link_opens_every_measure(
    cached: BrowserContext, address: str, misbehaviour: list[str]
) -> None:
    page = cached.new_page()
    watch(page, address, misbehaviour)
    failed: list[str] = []

    def note(response: Response) -> None:
        if response.status >= 400:
            failed.append(urlsplit(response.url).path)

    page.on("response", note)
    page.set_default_timeout(PATIENCE)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{address}/memory?cell=GRU&hidden_size=8&step=20&measure=spectrum")
    expect(player(page)).to_be_visible()
    expect_step(page, 20)
    figures = main(page).get_by_role("figure")
    expect(figures).to_have_count(2)
    expect(figures.first).to_have_accessible_name(re.compile(r"fades.* W_hr: ρ = \d\.\d{4}, σ_max"))
    for measure, name in (
        ("Influence", "The state at step 20 forgets its inputs"),
        ("Forward test", "Nudging step 20 by 0.1"),
        ("Horizon", "The network forgets half of an input"),
        ("Gates", "With the update gate alone"),
        ("Trajectory", "This picture holds"),
    ):
        choose(page, "Measure", measure)
        expect(figures.first).to_have_accessible_name(re.compile(f"^{name}"))
        expect(figures.first).to_be_visible()
        expect_step(page, 20)
    page.close()
    # Streamlit looks for its server below the page's own address before it finds the root
    assert set(failed) <= {"/memory/_stcore/health", "/memory/_stcore/host-config"}
    for said in [said for said in misbehaviour if "404" in said][: len(failed)]:
        misbehaviour.remove(said)


def test_the_network_the_step_and_the_cell_come_along(visit: Open) -> None:
    page = visit("?cell=GRU&hidden_size=7")
    slider(page).fill("31")
    expect(page).to_have_url(re.compile("step=31"))
    go(page, "Memory")
    expect(page.get_by_role("radiogroup", name="Measure")).to_be_visible()
    expect(sidebar(page)).to_contain_text("nn.GRU(1, 7, num_layers=2)")
    expect_step(page, 31)
    expect(page.get_by_role("figure").first).to_have_accessible_name(re.compile("at step 31 "))
    expect(page).to_have_url(re.compile(r"/memory\?(?=.*cell=GRU)(?=.*hidden_size=7)(?!.*bias)"))
    choose(page, "Cell", "LSTM")
    expect(sidebar(page)).to_contain_text("nn.LSTM(1, 7, num_layers=2)")
    go(page, "Explore")
    expect(page.get_by_role("img", name="Draw a sequence")).to_be_visible()
    expect(sidebar(page)).to_contain_text("nn.LSTM(1, 7, num_layers=2)")
    settle(page)  # until then a control may stand beside the one it follows
    expect(page.get_by_role("radio", name="LSTM")).to_be_checked()
    expect_step(page, 31)


def test_sliders_change_what_is_measured_and_say_so(visit: Open) -> None:
    page = memory(visit, "?hidden_size=6&step=40")
    figure = page.get_by_role("figure").first
    plain = figure.get_attribute("aria-label") or ""
    page.get_by_role("slider", name="spectral radius").focus()
    page.keyboard.press("End")
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Changed network: W_hh rescaled to spectral radius 2.00")
    expect(page).to_have_url(re.compile(r"rho=2\.0"))
    expect(main(page).get_by_text("W_hh as it is")).to_be_visible()  # both lines, named
    expect_step(page, 40)
    expect(figure).not_to_have_attribute("aria-label", plain)
    page.get_by_role("button", name="As it is").click()
    expect(banner).to_have_count(0)
    expect(page).not_to_have_url(re.compile("rho="))

    choose(page, "Measure", "Forward test")
    expect(figure).to_have_accessible_name(re.compile("Nudging step 40 by 0.1 does what the"))
    page.get_by_role("slider", name="Nudge").focus()
    page.keyboard.press("End")
    expect(figure).to_have_accessible_name(re.compile("by 10 does not follow the gradient"))
    expect(main(page)).to_contain_text("make it smaller")
    expect(page).to_have_url(re.compile(r"nudge=10\.0"))
    expect_step(page, 40)


def test_the_slice_follows_the_player_and_places_alike_move_it(visit: Open) -> None:
    trace = typed(TEXT, "GRU", 12)
    page = memory(visit, f"?feed=type&text={TEXT}&cell=GRU&hidden_size=12&step=7")
    figures = main(page).get_by_role("figure")
    expect(figures).to_have_count(3)  # the map, the slice, the characters
    for figure in figures.all():
        expect(figure).to_have_accessible_name(re.compile(re.escape(heard(trace, 7))))
    slider(page).fill("12")
    expect(figures.nth(1)).to_have_accessible_name(re.compile(re.escape(heard(trace, 12))))
    expect(main(page)).to_contain_text("Influence on the state at step 12")

    choose(page, "Measure", "Alike")
    find = page.get_by_role("button", name="Find alike")
    expect(find).to_be_visible()
    box = player(page).get_by_role("img", name="Input sequence").bounding_box()
    assert box is not None
    columns = len(TEXT) + 1
    for step in (1, 4):  # "the ", dragged
        x = box["x"] + (step + 0.5) / columns * box["width"]
        page.mouse.move(x, box["y"] + box["height"] / 2, steps=5)
        if step == 1:
            page.mouse.down()
    page.mouse.up()
    page.wait_for_url(lambda url: "range_to=4" in url)
    settle(page)  # until then a control may stand beside the one it follows
    for name, value in (("From step", "1"), ("To step", "4")):
        expect(page.get_by_role("spinbutton", name=name)).to_have_value(value)
    find.click()
    found = similar_steps(trace, 0, 4)
    best = found.matches[0]
    places = main(page).get_by_role("button", name=re.compile("^Steps "))
    expect(places).to_have_count(len(found.matches))
    expect(places.first).to_have_text(f"Steps {best.start + 1}–{best.stop} · {best.score:.3f}")
    places.first.click()
    expect_step(page, best.stop)
    expect(page).to_have_url(re.compile(f"step={best.stop}"))
