"""What no schema can say of a valid request: the tokens that this server gave out.

Only requests that are meant to be valid are touched; those that are meant to be refused are sent as they are.
"""

from itertools import count

import schemathesis
from schemathesis.generation.modes import GenerationMode

numbers = count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    meta = case.meta
    if meta is None or meta.generation.mode != GenerationMode.POSITIVE:
        return
    # A cursor is what the page before answered: any other text is refused (400).
    if case.query and "cursor" in case.query:
        del case.query["cursor"]
    # Any version, so that requests get past the comparison of versions (412) to the use case.
    if "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
    # A key serves one request: with another body it is refused (422).
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"fuzz-{next(numbers)}"
