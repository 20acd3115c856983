"""Saying what is waited for: soon enough, again, and never of what has answered."""

import threading

from warden.waiting import Waiting


class Ear:
    """Hears what is said, and can wait for it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._spoke = threading.Condition()

    def hear(self, sentence: str) -> None:
        with self._spoke:
            self.heard.append(sentence)
            self._spoke.notify_all()

    def wait_for(self, count: int) -> None:
        with self._spoke:
            assert self._spoke.wait_for(lambda: len(self.heard) >= count, timeout=30)


def test_what_takes_long_is_named_once_it_does() -> None:
    ear = Ear()
    waiting = Waiting(ear.hear, patience=0.01)
    waiting.began("Lambda ListFunctions at https://example.com")
    ear.wait_for(1)
    waiting.ended()
    assert ear.heard[0].startswith("Waiting for Lambda ListFunctions at https://example.com since ")


def test_what_answers_in_time_is_not_named() -> None:
    ear = Ear()
    waiting = Waiting(ear.hear, patience=60)
    waiting.began("quick")
    waiting.ended()
    waiting.ended()  # an error after an answer is no fault
    assert not waiting._timers
    assert ear.heard == []


def test_threads_wait_for_different_things() -> None:
    ear = Ear()
    waiting = Waiting(ear.hear, patience=0.01)
    other = threading.Thread(target=waiting.began, args=("another",))
    other.start()
    other.join()
    waiting.began("mine")
    ear.wait_for(2)
    waiting.ended()
    assert {one.split()[2] for one in ear.heard} >= {"another", "mine"}
    waiting._timers.clear()
