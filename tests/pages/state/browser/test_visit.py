"""The address: written when the screen is another, and again where a way back may miss it."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state.query_params_proxy import QueryParamsProxy
from visits import choose, sound, visit

from pages.state.browser import visit as visits

LINK = {"steps": "24", "cell": "GRU", "trained": "-"}  # not in the order of the schema


@pytest.fixture
def written(monkeypatch):
    """What is written to the address, in order."""
    all_of_it = []
    write = QueryParamsProxy.from_dict

    def recorded(self, params):
        all_of_it.append(list(dict(params).items()))
        write(self, params)

    monkeypatch.setattr(QueryParamsProxy, "from_dict", recorded)
    return all_of_it


def back_to(app, monkeypatch, **parameters):
    """What the browser's button does: the address from before, in a run that says so."""

    def going_back():
        page = get_script_run_ctx().page_script_hash
        return SimpleNamespace(page_script_hash=page, is_history_navigation=True)

    app.query_params.clear()
    app.query_params.update(parameters)
    with monkeypatch.context() as patched:
        patched.setattr(visits, "get_script_run_ctx", going_back)
        return sound(app.run())


def test_an_address_is_written_once(written):
    app = visit(**LINK)
    assert written == []
    app = choose(app, "hidden_size", 20)
    app.run()
    assert len(written) == 1 and ("hidden_size", "20") in written[0]


def test_an_address_that_was_come_back_to_is_written_again_as_it_is(written, monkeypatch):
    """What the run before wrote may reach the browser only there."""
    app = choose(visit(**LINK), "hidden_size", 20)
    written.clear()
    app = back_to(app, monkeypatch, **LINK)
    assert written == [list(LINK.items())]  # in another order it would be another address
    app.run()
    assert len(written) == 1
