"""A visit whose network has learned a little; the schedule is a test's own, see thread_workers."""

import threading

from visits import press, sound, visit

SMALL = {"iterations": "20", "train_steps": "12", "hidden_size": "5", "cell": "LSTM",
         "num_layers": "1", "batch_size": "8"}  # fmt: skip


def trained(task):
    """Explore, with a network that has learned a little of this task and runs over its example."""
    app = visit("train.py", **SMALL | {"task": task})
    app = press(app, "Train")
    follower, ended = app.session_state["visit"].session.training.follower, threading.Event()
    before = follower.on_change

    def changed(one):
        if before is not None:
            before(one)
        if one.state == "done":
            ended.set()

    follower.on_change = changed
    changed(follower)
    assert ended.wait(60)
    return sound(sound(app.run()).switch_page("explore.py").run())
