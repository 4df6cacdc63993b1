"""What components are given: Streamlit looks for a table in what it takes for one, with pandas."""

import pytest
from streamlit.components.v2.bidi_component import serialization
from visits import visit

PAGES = (None, "compare.py", "memory.py", "train.py", "uses.py", "learn.py")


@pytest.mark.parametrize("page", PAGES)
def test_no_component_is_given_a_list(page, monkeypatch):
    looked_at = []
    look = serialization.is_dataframe_like

    def noted(value):
        looked_at.append(value)
        return look(value)

    monkeypatch.setattr(serialization, "is_dataframe_like", noted)
    visit(page, first=True)
    assert looked_at
    assert [value for value in looked_at if isinstance(value, list)] == []
