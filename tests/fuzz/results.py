"""What Telegram answers to a call that it understands, method by method; to any other method: true."""

from collections.abc import Callable
from itertools import count
from typing import Any

from tests.fuzz.schema import Json
from tests.fuzz.words import BOT
from tests.fuzz.world import DAY, FIRST_MESSAGE, FIRST_POLL

NAMES = {"getMyName": "name", "getMyDescription": "description", "getMyShortDescription": "short_description"}


class Results:
    """Messages and polls have growing ids."""

    def __init__(self) -> None:
        self._messages, self._polls = count(FIRST_MESSAGE), count(FIRST_POLL)
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getMe": lambda params: BOT | {"supports_inline_queries": True},
            "sendMessage": lambda params: self._message(params, text=params["text"]),
            "sendPhoto": lambda params: self._message(params, photo=[_photo(f"photo-{next(self._messages)}")]),
            "sendPoll": lambda params: self._message(params, poll=self._poll(params)),
            "editMessageText": self._edited,
            "getChatMember": lambda params: _member(params["user_id"]),
            "answerGuestQuery": lambda params: {"inline_message_id": "guest"},
            "getMyCommands": lambda params: [],
        }

    def of(self, method: str, params: Json) -> Any:
        """The result of one call."""
        if method in NAMES:
            return {NAMES[method]: ""}
        return self._methods[method](params) if method in self._methods else True

    def _edited(self, params: Json) -> Any:
        return self._message(params, text=params["text"]) if "chat_id" in params else True

    def _message(self, params: Json, **content: Any) -> Json:
        chat = params["chat_id"]
        kind = "private" if isinstance(chat, int) and chat > 0 else "supergroup"
        number = params.get("message_id") or next(self._messages)
        return {"message_id": number, "from": BOT, "chat": {"id": chat, "type": kind}, "date": DAY, **content}

    def _poll(self, params: Json) -> Json:
        return {
            "id": str(next(self._polls)),
            "question": params["question"],
            "type": params.get("type", "regular"),
            "options": [
                {"persistent_id": str(at), "text": option["text"], "voter_count": 0}
                for at, option in enumerate(params["options"])
            ],
            "total_voter_count": 0,
            **dict.fromkeys(
                ("is_closed", "is_anonymous", "allows_multiple_answers", "allows_revoting", "members_only"), False
            ),
        }


def _photo(id: str) -> Json:
    return {"file_id": id, "file_unique_id": id, "width": 640, "height": 480}


def _member(person: int) -> Json:
    """Every second person is an owner."""
    status = {"status": "creator", "is_anonymous": False} if person % 2 else {"status": "member"}
    return {"user": {"id": person, "is_bot": False, "first_name": "x"}, **status}
