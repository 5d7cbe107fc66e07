"""Standing: whether a desk held a copy at an instant, and if not, how far it had got."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.model.journal import Step

if TYPE_CHECKING:
    from sim.findings.notices import Copy
    from sim.model.journal import NoticeStep

# How far a copy had got, by the last step it had taken: the further, the larger.
_PROGRESS = {
    Step.DRAFTED: 0,
    Step.ATTEMPTED: 1,
    Step.CALLING: 2,
    Step.UNANSWERED: 2,
    Step.LOST: 3,
    Step.CONNECTED: 4,
    Step.PUBLISHED: 5,
    Step.DELIVERED: 6,
    Step.HANDLED: 7,
    Step.OMITTED: 7,
    Step.RELAYED: 7,
}
_STANDING = {
    Step.DRAFTED: ("not_yet_sent", "drafted, no attempt made yet"),
    Step.ATTEMPTED: ("in_transit", "waiting for a free line"),
    Step.CALLING: ("unanswered", "the call was ringing"),
    Step.UNANSWERED: ("unanswered", "all calls so far unanswered"),
    Step.LOST: ("lost", "the last attempt did not get through"),
    Step.CONNECTED: ("in_transit", "being passed on the line"),
    Step.PUBLISHED: ("in_transit", "published, and not read"),
    Step.DELIVERED: ("in_transit", "in the desk's tray or in an officer's hand"),
}


_SETTLED = {Step.REPLACED, Step.CANCELLED, Step.EXPIRED}


def is_held(copy: Copy, at: float, declared_end: float) -> bool:
    """Tell whether the desk had handled the copy, and the version had not ended.

    Parameters
    ----------
    copy
        The copy.
    at
        The instant.
    declared_end
        When the version ends as it was declared. One that its holder was told to
        end later counts until then.
    """
    handled = copy.when(Step.HANDLED)
    if handled is None or handled > at or copy.head.change == "cancel":
        return False
    return copy.told is not None and max(copy.told.window[1], declared_end) > at


def stood_at(copy: Copy, at: float) -> NoticeStep | None:
    """Give the step in which a copy stands at an instant; None once handled or given way."""
    taken = copy.until(at)
    if any(_is_settled(copy, step) for step in taken):
        return None
    return next((step for step in reversed(taken) if step.step in _PROGRESS), None)


def _is_settled(copy: Copy, step: NoticeStep) -> bool:
    is_handled = step.step is Step.HANDLED and step.leg == copy.last_leg
    return is_handled or step.step in _SETTLED


def progress_at(copy: Copy, at: float) -> tuple[bool, float, int, int, int, int]:
    """Give how far a copy had got, to be compared with others: over which leg, how far along it.

    A copy that was given up comes after all that are still tried, and after
    those of which the last try was later. Of equals the newest comes first.
    """
    taken = copy.until(at)
    is_tried = all(step.step is not Step.GAVE_UP for step in taken)
    leg, progress = max((step.leg, _PROGRESS.get(step.step, 0)) for step in taken)
    last = 0.0 if is_tried else taken[-1].at
    return is_tried, last, leg, progress, copy.head.version, copy.head.sending


def cause_of(copy: Copy, standing: NoticeStep) -> tuple[str, str]:
    """Give the cause that a copy's standing is, and what in particular."""
    if standing.leg < copy.last_leg and _PROGRESS[standing.step] >= _PROGRESS[Step.DELIVERED]:
        holder = standing.route[2 * standing.leg + 1]
        if standing.step is Step.OMITTED:
            return "relay_gap", f"{holder} had it and did not pass it on"
        return "relay_gap", f"{holder} had it and had not passed it on yet"
    cause, detail = _STANDING[standing.step]
    return cause, f"{detail}: {standing.why}" if standing.why else detail
