"""Constraint: the client under test reads the HTTP status, `description` and `parameters`.

So every refusal carries exactly these three, worded as the Bot API words them.
Source: Bot API, "Making requests" and "ResponseParameters".
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
CONFLICT_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
CONFLICT_WEBHOOK = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
CONFLICT_SET_WEBHOOK = "Conflict: terminated by setWebhook request"


class ApiError(Exception):
    """A Bot API error answer: HTTP status, description, optional ResponseParameters."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        """Keep `code` (HTTP status), the full `description` and the `parameters` object."""
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """Return the JSON body of the answer."""
        answer: Json = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class ControlError(Exception):
    """A request of the control interface that a person could not carry out in Telegram."""


def bad(description: str) -> ApiError:
    """Return a 400 error; `description` comes without its "Bad Request: " prefix."""
    return ApiError(400, f"Bad Request: {description}")


def forbidden(description: str) -> ApiError:
    """Return a 403 error; `description` comes without its "Forbidden: " prefix."""
    return ApiError(403, f"Forbidden: {description}")


def too_many_requests(seconds: int) -> ApiError:
    """Return the 429 error that asks to wait `seconds`."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
