"""A visit to the app without a browser: AppTest, started where the app starts."""

import io
from pathlib import Path

import numpy as np
import torch
from player_bytes import decode
from streamlit.testing.v1 import AppTest

NAVIGATION = Path(__file__).parents[2] / "pages" / "navigation.py"
OF_EVERY_PAGE = ("connection", "page_links", "classroom", "page_help")
_first: list[AppTest] = []


UNTRAINED = {"cell": "RNN_TANH", "trained": "-"}
"""Where most tests begin: a first visit's network is trained, and no seed gives its numbers."""


def new_app(session=(), first=False, **parameters):
    """An app that has not run yet, opened with this link, with these keys in its session.

    first: the link stays as it is; else it asks for an untrained network, a tanh without a cell.
    """
    app = AppTest.from_file(NAVIGATION, default_timeout=60)
    if not first and "trained" not in parameters:
        parameters = UNTRAINED | parameters
    app.query_params.update(parameters)
    for key, value in dict(session).items():
        app.session_state[key] = value
    if _first:  # looking for components among installed packages takes ten times as long as a run
        app._bidi_component_manager = _first[0]._bidi_component_manager
    else:
        _first.append(app)
    return app


def visit(page=None, session=(), first=False, **parameters):
    """A first visit with this link, and with these keys in the session already; first: new_app."""
    app = new_app(session, first, **parameters)
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


def components(app):
    """What each component was sent, but for those that every page has."""
    sent = [component.proto for component in app.get("bidi_component")]
    return [proto for proto in sent if not proto.component_name.endswith(OF_EVERY_PAGE)]


def link_of(app):
    """The address's parameters, without those by which UNTRAINED is asked for."""
    return {name: text for name, text in app.query_params.items() if UNTRAINED.get(name) != text}


def everything_shown(app):
    """All of the player's data, to compare; without what counts orders and frames."""
    tracks = [
        {k: v.tobytes() if isinstance(v, np.ndarray) else v for k, v in track.items()}
        for track in player(app)["tracks"]
    ]
    return {**player(app), "command": 0, "number": 0, "channel": "", "tracks": tracks}


def facts(app):
    """The lines below Build: constructor, parameters, shapes."""
    return app.sidebar.markdown[0].value.split("\n\n")[0].replace("`", "").split("  \n")


def session_of(app):
    """The visit's own."""
    return app.session_state["visit"].session


def said(app):
    """All Markdown of the page."""
    return " ".join(one.value for one in app.main.markdown)


def labels(app):
    """What the page's buttons are called."""
    return {button.label for button in app.main.button}


def errors(app):
    return [error.value for error in app.error]


def widgets(app):
    """Every control that holds a value."""
    kinds = (
        "button_group", "slider", "toggle", "selectbox", "radio", "number_input", "text_input",
        "text_area",
    )  # fmt: skip
    return [widget for kind in kinds for widget in app.get(kind)]


def name_of(widget):
    """What a widget sets: its key without the version."""
    return (widget.key or "").split("@")[0]


def control(app, name):
    """The control that sets this, whatever kind it is."""
    (found,) = [widget for widget in widgets(app) if name_of(widget) == name]
    return found


def choose(app, name, value):
    """Set the control of this name and run."""
    return sound(control(app, name).set_value(value).run())


def press(app, label):
    (button,) = [button for button in app.button if button.label == label]
    return sound(button.click().run())


def upload(app, name, data, slot="upload"):
    """A file through the uploader or the microphone of this slot."""
    kinds = [*app.get("file_uploader"), *app.get("audio_input")]
    (uploader,) = [one for one in kinds if name_of(one) == slot]
    kind = "audio/wav" if slot in ("record", "hum") else "application/octet-stream"
    uploader.set_value((name, data, kind))
    return sound(app.run())


OPEN_WEIGHTS = {"_own": True}  # the expander of the sidebar on Explore


def with_weights(module, layer=None, session=(), **link):
    """A visit to Explore that uploads a module's state_dict, and chooses one of several layers."""
    app = visit(session={**OPEN_WEIGHTS, **dict(session)}, **link)
    file = io.BytesIO()
    torch.save(module.state_dict(), file)
    upload(app, "model.pt", file.getvalue(), "weights")
    return app if layer is None else choose(app, "own_layer", layer)


def empty(app, name):
    """Press the button that empties a box."""
    (button,) = [button for button in app.button if button.key == f"_clear_{name}"]
    return sound(button.click().run())


def take_away(app, slot="upload"):
    """The uploader's file removed by hand."""
    (uploader,) = [one for one in app.file_uploader if name_of(one) == slot]
    return sound(uploader.set_value(None).run())


def same_weights(first, second):
    return list(first) == list(second) and all(np.array_equal(first[k], second[k]) for k in first)
