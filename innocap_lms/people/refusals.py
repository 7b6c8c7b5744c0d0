"""What somebody at a desk asked for by its id and did not find: noted, whether or not it is there.

Source: docs/privacy.md. Whoever tries the ids of another organisation's people leaves a trace, and
learns nothing by it.
"""

import logging

from flask import Response, request

from innocap_lms.extensions import is_writing, writing
from innocap_lms.people.policy import current_viewer, policy_of
from innocap_lms.people.trail import note

log = logging.getLogger(__name__)

LONGEST = 200  # characters of an address


def note_refusal(response: Response) -> Response:
    """After each request: write it into the ledger where somebody whose desk it is was told that
    there is nothing."""
    if response.status_code != 404 or not request.view_args or request.endpoint is None:
        return response
    policy = policy_of(request.endpoint)
    viewer = current_viewer()
    if viewer is None or not policy.roles or not policy.allows(viewer) or is_writing():
        return response
    try:
        with writing():
            note("access.refused", viewer.id, address=request.full_path.rstrip("?")[:LONGEST])
    except Exception:
        log.exception("what %s asked for could not be noted", viewer.id)  # the answer comes anyway
    return response
