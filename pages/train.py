"""Train: a network learns while you watch, and its whole training can be scrubbed."""

import streamlit as st

from pages.panels.shared import page
from pages.panels.shared.build import sidebar
from pages.panels.shared.choices import quantity_pills
from pages.panels.shared.messages import problem
from pages.panels.shared.player import player
from pages.panels.train import task_choice
from pages.panels.train.begin import staged
from pages.panels.train.controls import controls
from pages.panels.train.examples import examples
from pages.panels.train.learned_from import first_data, learned_from_panel, take_typed
from pages.panels.train.score import score
from pages.panels.train.through_training import through_training_panel
from pages.panels.train.training_settings import training_settings
from pages.state.classroom.folded import shows

session = page.begin("train")
task_choice.settle(session)
first_data(session)
take_typed(session)
now = staged(session)
player.send_ahead(session, now.frame)

if shows(session, "build"):
    with st.sidebar:
        task_choice.task_panel(session)
    sidebar(session, now.setup, trained_here=True)
    with st.sidebar:
        training_settings(session)
with st.container(gap="xsmall"):
    if not session.settings.present:
        controls(session, now.setup, now.recipe, now.follower)
        learned_from_panel(session, now.setup, now.feed)
with st.container():
    problem(now.problem)
with st.container(horizontal=True, gap="small"):
    if not session.settings.present:
        quantity_pills(session, now.setup.spec.quantities)
        examples(session, now)
player.show(session, now.frame)
if now.follower is not None and now.follower.state not in ("waiting", "running"):
    score(session, now.follower.run)
    through_training_panel(session, now.follower.run)
page.end(session, now.setup)
