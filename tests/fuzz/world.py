"""Who and where: the people, chats, numbers and dates that random updates tell of."""

FIRST_POLL, FIRST_MESSAGE = 5_000, 1_001  # ids that the double of Telegram's servers begins with
PEOPLE = [11, 11, 11, 12, 13, 2**31 + 7, 2**52 - 1]
GROUPS = [(-21, "group"), (-21, "group"), (-1_000_000_000_022, "supergroup"), (-(2**52) + 1, "supergroup")]
CHANNELS = [(-1_000_000_000_023, "channel")]
PRIVATE = [(person, "private") for person in PEOPLE]
LIMITS = [
    0, -1, 2**31 - 1, 2**31, -(2**31), 2**32, 2**52, -(2**52), 2**53 + 1, 2**63 - 1, -(2**63), 2**63, 2**64, 10**30,
]  # fmt: skip
UNNUMBERED = 0  # the id of an update that has not got its own yet
SENT = [1, 1, 1, 2, FIRST_MESSAGE, FIRST_MESSAGE + 1, FIRST_MESSAGE + 2, 2**31 - 1]  # message ids
PLAIN = [1, 0, 2, 3, 7, 100, 2**31 - 1]
DAY = 1_799_971_200  # seconds since 1970: when everything happens
DATES = [DAY, DAY - 86_400 * 900, 2**31 - 1, 1]
CODES = ["fr", "en", "en-GB", "fr-CA", "de", "ar", "zh-hans", "f", ""]
OFTEN = {  # of a hundred updates or so; any other type comes once
    "message": 30, "edited_message": 8, "callback_query": 20, "inline_query": 6, "guest_message": 6,
    "poll_answer": 6, "my_chat_member": 4,
}  # fmt: skip
