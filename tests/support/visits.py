"""A visit to the app without a browser: AppTest, started where the app starts."""

from pathlib import Path

import numpy as np
from player_bytes import decode
from streamlit.testing.v1 import AppTest

from pages.state import parts

# AppTest begins every run as one of the whole page: a part that reran alone would be all it shows.
# That the parts follow their controls is seen in tests/browser/test_parts.py.
parts.only = lambda *names: None

NAVIGATION = Path(__file__).parents[2] / "pages" / "navigation.py"
_first: list[AppTest] = []


def new_app(session=(), **parameters):
    """An app that has not run yet, opened with this link, with these keys in its session."""
    app = AppTest.from_file(NAVIGATION, default_timeout=60)
    app.query_params.update(parameters)
    for key, value in dict(session).items():
        app.session_state[key] = value
    if _first:  # looking for components among installed packages takes ten times as long as a run
        app._bidi_component_manager = _first[0]._bidi_component_manager
    else:
        _first.append(app)
    return app


def visit(page=None, session=(), **parameters):
    """A first visit with this link, and with these keys in the session already."""
    app = new_app(session, **parameters)
    return sound(app.switch_page(page).run() if page else app.run())


def sound(app):
    """The app, having made sure that it raised nothing."""
    assert not app.exception, [error.message for error in app.exception]
    return app


def player(app):
    """What the player was sent."""
    (sent,) = [c for c in app.get("bidi_component") if c.proto.component_name.endswith("player")]
    return decode(sent.proto.bytes)


def heatmaps(app):
    return [track for track in player(app)["tracks"] if track["type"] == "heat"]


def x_of(app):
    """What the network reads, (T, I)."""
    top = player(app)["tracks"][0]
    return top["x"].reshape(top["T"], top["I"])


def everything_shown(app):
    """All of the player's data, to compare; without what counts orders and frames."""
    tracks = [
        {k: v.tobytes() if isinstance(v, np.ndarray) else v for k, v in track.items()}
        for track in player(app)["tracks"]
    ]
    return {**player(app), "command": 0, "number": 0, "line": "", "tracks": tracks}


def facts(app):
    """The lines below Build: constructor, parameters, shapes."""
    return app.sidebar.markdown[0].value.split("\n\n")[0].replace("`", "").split("  \n")


def errors(app):
    return [error.value for error in app.error]


def widgets(app):
    """Every control that holds a value."""
    kinds = (
        "button_group", "slider", "toggle", "selectbox", "radio", "number_input", "text_input",
    )  # fmt: skip
    return [widget for kind in kinds for widget in app.get(kind)]


def control(app, key):
    """The control of this key, whatever kind it is."""
    (found,) = [widget for widget in widgets(app) if widget.key == key]
    return found


def choose(app, key, value):
    """Set the control of this key and run."""
    return sound(control(app, key).set_value(value).run())


def press(app, label):
    (button,) = [button for button in app.button if button.label == label]
    return sound(button.click().run())


def upload(app, name, data):
    app.file_uploader(key="_uploader").set_value((name, data, "application/octet-stream"))
    return sound(app.run())


def same_weights(first, second):
    return list(first) == list(second) and all(np.array_equal(first[k], second[k]) for k in first)
