"""Learn: nine lessons, in each of which one predicts before one sees."""

import streamlit as st

from pages.components.browser_storage.component import browser_storage
from pages.panels.learn.class_question import questions
from pages.panels.learn.course_list import course_list
from pages.panels.learn.lesson_page import lesson_page
from pages.panels.learn.summary import summary
from pages.panels.shared import page
from pages.state import setup as setups
from pages.state.classroom import course

session = page.begin("learn")
course.restore(session, browser_storage("learn", course.to_keep(session)))
setup = setups.current(session, wait=False)

with st.container():  # a link may bring answers to what has to be trained again
    course.finish(session)
if session.settings.lesson == course.SUMMARY:
    summary(session)
else:
    lesson_page(session, session.settings.lesson)
if not session.settings.present:
    with st.sidebar:  # last: a training that has just ended is judged the same on both sides
        course_list(session, setup)
page.end(session, setup, questions(session), opens=course.on_screen(session))
