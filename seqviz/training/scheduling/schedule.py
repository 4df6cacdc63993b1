"""Training for many visitors of one server: whose segment is next, and what becomes of it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_IDLE_SECONDS, MAX_LOST_SEGMENTS, MAX_WAITING_TRAININGS
from seqviz.training.recipe import Recipe
from seqviz.training.run import Run, begin
from seqviz.training.scheduling.executors import Workers, open_workers
from seqviz.training.scheduling.finished import Finished
from seqviz.training.scheduling.follower import Follower, Training
from seqviz.training.scheduling.in_flight import InFlight, Segment
from seqviz.training.scheduling.pace import next_count
from seqviz.training.scheduling.worker import Answer

LOOK_SECONDS = 0.25  # how often followers are asked whether somebody watches
LAST = ("stopped", "done", "diverged", "failed")
_log = logging.getLogger(__name__)


def always() -> bool:
    """Somebody watches."""
    return True


class Schedule:
    """Trains what is followed, segment by segment, in turns, on one executor.

    A training goes on while somebody who follows it watches and has not paused. Those that are to
    go on take turns, as many at once as the executor has workers. It is opened with the first
    training, and closed after `idle` seconds without any.
    """

    def __init__(
        self,
        open_workers: Callable[[], Workers] = open_workers,
        *,
        idle: float = MAX_IDLE_SECONDS,
    ) -> None:
        self.changed = threading.Condition()  # guards everything here, and training and followers
        self.idle = idle
        self._trainings: dict[str, Training] = {}  # by digest, the unfinished ones
        self._finished = Finished()
        self._told: WeakKeyDictionary[Follower, object] = WeakKeyDictionary()
        self._tickets = 0
        self._stirred = self._warm = self._closed = False
        self._thread: threading.Thread | None = None
        # the dispatcher's alone
        self._in_flight = InFlight(open_workers, self._stir_from_afar)
        self._looked = self._busy = time.monotonic()  # when last

    # ---- for visitors ----------------------------------------------------------------------------

    def follow(self, start: Run | Recipe, *, watching: Callable[[], bool] = always) -> Follower:
        """Somebody's view of the training of a recipe, or of the rest of a run.

        Equal recipes share one training, and a finished one is done at once. watching: asked four
        times a second whether somebody still looks; without, the training gives up its turn.
        Raises SeqvizError when too many trainings wait.
        """
        recipe = start if isinstance(start, Recipe) else start.recipe
        digest = recipe.digest
        with self.changed:
            known = self._known(digest) is not None
        if isinstance(start, Recipe) and not known:
            start = begin(start)  # outside of the lock: it takes some milliseconds
        with self.changed:
            self._require_open()
            training = self._known(digest)
            if training is None:
                training = self._begin(start if isinstance(start, Run) else begin(recipe))
            elif isinstance(start, Run):
                self._catch_up(training, start)
            follower = Follower(training, self, watching)
            training.followers.add(follower)
            self._told[follower] = _seen(follower)
            self._start()
        return follower

    def stopped(self, run: Run) -> Follower:
        """The view of somebody who has left at this run: nothing is trained for it."""
        one = Follower(Training(run), self, always)
        one.leave()
        return one

    def warm(self) -> None:
        """Begin to start a worker, so that the first loss is there within a second."""
        with self.changed:
            self._require_open()
            self._warm = True
            self._start()

    def close(self) -> None:
        """End the workers, and every training where it is."""
        with self.changed:
            self._closed = True
            self.stir()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _require_open(self) -> None:
        if self._closed:
            raise SeqvizError("This schedule is closed: make a new one.")

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._dispatch, name="training", daemon=True)
            self._thread.start()
        self.stir()

    def _known(self, digest: str) -> Training | None:
        training = self._trainings.get(digest)
        if training is not None and not any(one.stays for one in training.followers):
            del self._trainings[digest]  # nobody is left: who asks now begins anew
            training = None
        return training or self._finished.get(digest)

    def _begin(self, run: Run) -> Training:
        training = Training(run)
        if run.done:
            self._finished.add(training)
            return training
        waiting = len(self._waiting())
        if waiting >= MAX_WAITING_TRAININGS:
            raise SeqvizError(
                f"{waiting} trainings are waiting on this server: try again in a minute."
            )
        self._trainings[training.digest] = training
        self._queue_up(training)
        training.wanted = True
        return training

    def _catch_up(self, training: Training, run: Run) -> None:
        """Equal recipes pass through equal weights: the run that is farther saves time."""
        if run.iteration > training.run.iteration and not training.finished:
            training.run = run
            self._keep_if_finished(training)

    # ---- what a follower asks, under the lock ----------------------------------------------------

    def stir(self) -> None:
        """Have the dispatcher look again."""
        self._stirred = True
        self.changed.notify_all()

    def place(self, training: Training) -> int:
        """The place in the queue, from 1; who is not in it would be the last."""
        waiting = self._waiting()
        return waiting.index(training) + 1 if training in waiting else len(waiting) + 1

    def turns(self) -> float:
        """How many times longer than alone a training takes now."""
        wanted = sum(one.wanted for one in self._trainings.values())
        return max(1.0, wanted / self._in_flight.size)

    def _waiting(self) -> list[Training]:
        """Those who would go on and have no worker, the next one first."""
        every = (one for one in self._trainings.values() if one.wanted and not one.in_flight)
        return sorted(every, key=lambda one: one.ticket)

    def _queue_up(self, training: Training) -> None:
        self._tickets += 1
        training.ticket = self._tickets

    # ---- the dispatcher --------------------------------------------------------------------------

    def _dispatch(self) -> None:
        while not self._closed:
            try:
                self._round()
            except Exception:  # whatever it was, the others' trainings go on
                _log.exception("A round of the training schedule failed")
                with self.changed:
                    self.changed.wait(LOOK_SECONDS)
        self._in_flight.close(wait=True)

    def _round(self) -> None:
        for segment, answer in self._in_flight.landed():
            self._take(segment, answer)
        self._ask_who_watches()
        self._see_who_goes_on()
        self._in_flight.look()
        while (training := self._next()) is not None and not self._closed:
            self._send(training)
        self._grow()
        self._tell()
        self._close_idle_workers()
        with self.changed:
            if not self._stirred:
                self.changed.wait(self._patience())
            self._stirred = False

    def _stir_from_afar(self) -> None:
        with self.changed:
            self.stir()

    def _patience(self) -> float | None:
        """Seconds until there is something to do, should nothing happen."""
        if self._trainings:
            return LOOK_SECONDS
        if self._in_flight.is_open:
            return max(0.01, self._busy + self.idle - time.monotonic())
        return None

    # ---- what came back --------------------------------------------------------------------------

    def _take(self, segment: Segment, answer: Answer | None) -> None:
        training = segment.training
        if answer is None or answer.problem is not None:
            self._take_loss(training, answer.problem if answer else None)
            return
        after = answer.run(training.recipe)
        run = segment.run.followed_by(after)
        with self.changed:
            training.in_flight, training.lost = False, 0
            training.turn_ended = time.monotonic()
            done = after.iteration - segment.run.iteration
            training.measured(done, answer.seconds)
            training.count = next_count(max(1, done), segment.seconds)
            if training.run is segment.run:  # nobody brought a farther one meanwhile
                training.run = run
            self._queue_up(training)
            self._keep_if_finished(training)

    def _keep_if_finished(self, training: Training) -> None:
        if training.run.done and self._trainings.get(training.digest) is training:
            del self._trainings[training.digest]
            self._finished.add(training)

    def _take_loss(self, training: Training, problem: str | None) -> None:
        """The segment will be sent again, unless it was lost too often."""
        with self.changed:
            training.in_flight = False
            training.lost += 1
            at = f"iteration {training.run.iteration:,}"
            if training.lost < MAX_LOST_SEGMENTS:
                if problem is None:
                    training.note = f"A worker ended and the run went on from {at}."
                return
            times = f"{MAX_LOST_SEGMENTS} times in a row"
            if problem is None:
                sentence = (
                    f"The worker ended {times} after {at}, perhaps for want of memory: lower "
                    "batch_size, steps or hidden_size, or try again."
                )
            else:
                sentence = f"After {at} this failed {times}: {problem}; change the recipe."
            self._fail(training, sentence)

    def _fail(self, training: Training, sentence: str) -> None:
        training.problem, training.note = sentence, None
        training.in_flight = training.wanted = False
        if self._trainings.get(training.digest) is training:
            del self._trainings[training.digest]

    # ---- who goes on -----------------------------------------------------------------------------

    def _ask_who_watches(self) -> None:
        """Strangers' functions, so without the lock."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        self._looked = time.monotonic()
        with self.changed:
            every = [one for training in self._trainings.values() for one in training.followers]
        for follower in every:
            try:
                if follower.watching():
                    follower.watched = time.monotonic()
            except Exception:
                _log.exception("A follower could not say whether somebody watches")

    def _see_who_goes_on(self) -> None:
        with self.changed:
            for digest in list(self._trainings):
                self._known(digest)  # forgets it when everybody has left
            for training in self._trainings.values():
                wanted = any(one.wants for one in training.followers)
                if wanted and not training.wanted:
                    self._queue_up(training)
                training.wanted = wanted
            if len(self._in_flight) or any(one.wanted for one in self._trainings.values()):
                self._busy = time.monotonic()

    def _next(self) -> Training | None:
        """Whose segment is to be sent now; None when all workers are busy or nobody waits."""
        with self.changed:
            waiting = self._waiting()
            if not waiting or len(self._in_flight) >= self._in_flight.size:
                return None
            waiting[0].in_flight = True
            return waiting[0]

    def _send(self, training: Training) -> None:
        try:
            self._in_flight.send(training)
        except SeqvizError as error:
            self._take_no_workers(training, str(error))
        except Exception as error:
            if "interpreter shutdown" in str(error):  # the server ends, and this thread with it
                self._closed = True
                return
            _log.exception("No executor takes a segment")
            self._take_loss(training, None)

    def _take_no_workers(self, training: Training, sentence: str) -> None:
        """There are none for anybody; some that were lost may come back, so that is tried again."""
        with self.changed:
            for one in [training, *self._waiting()]:
                one.in_flight = False
                one.lost += 1 if one.lost else MAX_LOST_SEGMENTS
                if one.lost >= MAX_LOST_SEGMENTS:
                    self._fail(one, sentence)

    def _grow(self) -> None:
        """Another worker is started when somebody waits, or may soon."""
        with self.changed:
            asked, self._warm = self._warm, False
            waits = bool(self._waiting())
        if not asked and not waits:
            return
        self._busy = time.monotonic()
        try:
            self._in_flight.grow()
        except Exception as error:  # the first training will say it to somebody
            _log.warning("No worker could be started ahead: %s", error)

    def _close_idle_workers(self) -> None:
        idle = not len(self._in_flight) and time.monotonic() - self._busy >= self.idle
        if idle and self._in_flight.is_open:
            self._in_flight.close(wait=False)

    # ---- who is told -----------------------------------------------------------------------------

    def _tell(self) -> None:
        """Call on_change of every follower who would see something new; never under the lock."""
        changed = []
        with self.changed:
            for follower in list(self._told):
                seen = _seen(follower)
                if seen != self._told[follower]:
                    self._told[follower] = seen
                    changed.append(follower)
                if follower.state in LAST:
                    del self._told[follower]
        for follower in changed:
            call = follower.on_change
            if call is None:
                continue
            try:
                call(follower)
            except Exception:
                _log.exception("A follower's on_change failed")


def _seen(follower: Follower) -> tuple[object, ...]:
    return follower.state, follower.place, follower.run, follower.note


_default_lock = threading.Lock()
_default: Schedule | None = None


def default_schedule() -> Schedule:
    """The one of this process, made when it is first asked for."""
    global _default
    with _default_lock:
        if _default is None:
            _default = Schedule()
        return _default
