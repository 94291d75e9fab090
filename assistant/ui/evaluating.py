"""An evaluation that runs behind the pages: one a process, whoever looks and whoever leaves."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

import streamlit as st

from assistant.errors import CasewiseError
from assistant.evaluation.kept import keep_run, own_questions
from assistant.evaluation.question_sets import ask_all, read_question_set
from assistant.ui.links import escaped
from assistant.ui.people import person

if TYPE_CHECKING:
    from assistant.conversation import Assistant
    from assistant.settings import Settings

_EVERY = 2.0
"""Seconds between two looks at how far it is. Streamlit collects all garbage after each: twice a second, the model took more
than a minute to load on a busy machine."""


class _Stopped(Exception):
    """Somebody stopped the evaluation."""


@dataclass
class Evaluation:
    """How far the evaluation is that runs now, or how the last one ended."""

    done: int = 0
    total: int = 0
    ended: str = ""
    failed: bool = False
    _stop: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _thread: Thread | None = None

    @property
    def running(self) -> bool:
        """Whether one runs now."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, library: Assistant) -> None:
        """Ask the library its own questions from now on, unless that is going on already."""
        with self._lock:
            if self.running:
                return
            self.done = self.total = 0
            self.ended, self.failed = "", False
            self._stop.clear()
            self._thread = Thread(target=self._run, args=(library,), daemon=True, name="evaluation")
            self._thread.start()

    def stop(self) -> None:
        """Stop after the question that is being asked."""
        self._stop.set()

    def wait(self) -> None:
        """Wait until the one that runs now has ended."""
        if self._thread:
            self._thread.join()

    def _run(self, library: Assistant) -> None:
        try:
            questions, generation = read_question_set(own_questions(library.settings)), library.index.folder.name
            self.total = len(questions)
            outcomes = ask_all(library, questions, self._tell)
            keep_run(library.settings, outcomes, generation, datetime.now(UTC))
            self.ended = f"The evaluation is done: {len(outcomes):,} questions were asked."
        except _Stopped:
            self.ended = (
                f"The evaluation was stopped after {self.done:,} of {self.total:,} questions. Nothing was kept."
            )
        except CasewiseError as error:
            self.ended, self.failed = str(error), True
        except Exception as error:
            logging.getLogger(__name__).exception("The evaluation failed")
            kind = type(error).__name__
            self.ended, self.failed = f"The evaluation failed ({kind}). The server's log says more; try again.", True

    def _tell(self, stage: str, done: int, total: int) -> None:  # noqa: ARG002 - there is one
        self.done, self.total = done, total
        if self._stop.is_set() and done < total:
            raise _Stopped


@st.cache_resource(show_spinner=False)
def evaluation() -> Evaluation:
    """Return the evaluation of this process."""
    return Evaluation()


def show_evaluation(library: Assistant) -> None:
    """Offer to run an evaluation, or show how far it is, or how it ended."""
    running = evaluation()
    if running.running:
        _show_progress(library.settings)
        return
    if running.ended:
        (st.error if running.failed else st.success)(escaped(running.ended))
    if person(library.settings).may_evaluate:
        st.button("Run the evaluation", key="evaluate", on_click=_start, args=(library,))
    else:
        st.caption("Only editors run the evaluation.")


def _start(library: Assistant) -> None:
    if person(library.settings).may_evaluate:
        evaluation().start(library)


def _stop(settings: Settings) -> None:
    if person(settings).may_evaluate:
        evaluation().stop()


@st.fragment(run_every=_EVERY)
def _show_progress(settings: Settings) -> None:
    running = evaluation()
    if not running.running:
        st.rerun()
    share = running.done / running.total if running.total else 0.0
    said = f"Asked {running.done:,} of {running.total:,} questions …" if running.total else "Reading the questions …"
    st.progress(share, said)
    if person(settings).may_evaluate:
        st.button("Stop the evaluation", key="stop evaluation", on_click=_stop, args=(settings,))
    st.caption("It goes on if you leave this page.")
