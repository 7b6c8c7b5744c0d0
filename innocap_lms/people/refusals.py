"""What somebody asked a desk for and did not find: noted, whether or not it is there.

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
    """After each request: write it into the ledger where somebody who is signed in was told by an
    address of a desk that there is nothing; of whoever has no such desk, where it named something.
    """
    if response.status_code != 404 or request.endpoint is None:
        return response
    policy, viewer = policy_of(request.endpoint), current_viewer()
    if viewer is None or not policy.roles or is_writing():
        return response
    if not (request.view_args or request.args or policy.allows(viewer)):
        return response
    try:
        with writing():
            note("access.refused", viewer.id, address=request.full_path.rstrip("?")[:LONGEST])
    except Exception:
        log.exception("what %s asked for could not be noted", viewer.id)  # the answer comes anyway
    return response
