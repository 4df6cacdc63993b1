"""Fields: the truth behind the widgets, whatever order browser and server speak in."""

import time

import pytest
from streamlit.testing.v1 import AppTest


def script():
    """A field with a widget, and a button that sets the field from code."""
    import streamlit as st

    from pages.state import fields, schema

    if not fields.begun():
        fields.begin(schema.defaults())
        st.session_state["_parts"] = False
    if st.session_state.get("shown", True):
        st.number_input("seed", **fields.bound("seed"), step=1)
    st.button("New", on_click=lambda: fields.put(seed=fields.get("seed") + 1))


@pytest.fixture
def app():
    return AppTest.from_function(script, default_timeout=30).run()


def fields_of(app):
    return app.session_state["_fields"]


def test_a_moved_widget_sets_its_field(app):
    app.number_input(key="seed").set_value(8).run()
    assert fields_of(app)["seed"] == 8 and not app.exception


def test_what_code_sets_is_shown_and_can_be_changed_again(app):
    before = fields_of(app)["seed"]
    app.button[0].click().run()
    assert app.number_input(key="seed").value == fields_of(app)["seed"] == before + 1
    app.number_input(key="seed").set_value(before + 9).run()
    assert fields_of(app)["seed"] == before + 9


def test_a_field_outlives_its_widget(app):
    app.number_input(key="seed").set_value(8).run()
    app.session_state["shown"] = False
    app.run()
    app.button[0].click().run()
    app.session_state["shown"] = True
    app.run()
    assert app.number_input(key="seed").value == fields_of(app)["seed"] == 9


@pytest.mark.parametrize("late", [False, True])
def test_a_value_the_browser_sent_before_it_saw_the_new_one_is_not_a_choice(app, monkeypatch, late):
    before = fields_of(app)["seed"]
    app.button[0].click().run()
    if late:  # nobody types the old number within a second, but somebody may later
        now = time.monotonic()
        monkeypatch.setattr(time, "monotonic", lambda: now + 5)
    app.number_input(key="seed").set_value(before).run()
    expected = before if late else before + 1
    assert app.number_input(key="seed").value == fields_of(app)["seed"] == expected
