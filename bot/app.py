"""build_application: every handler of the bot, in the order in which they are tried.

The first that fits takes the update. Whatever is not in this list is ignored: channel posts, other bots.
"""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
from telegram import LinkPreviewOptions, Update
from telegram.error import Forbidden, TimedOut
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    TypeHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.cooldown import Cooldown
from bot.handlers import Desk
from bot.handlers.answers import Answers
from bot.handlers.groups import Groups
from bot.handlers.inline import Inline
from bot.handlers.lists import Lists
from bot.handlers.menus import Menus
from bot.handlers.pictures import Pictures
from bot.handlers.questions import Addressed, ByPeople, Questions
from bot.handlers.quizzes import Quizzes
from bot.health import WatchedBot
from bot.order import AT_ONCE, PerChat
from bot.profile import introduce
from bot.settings import Settings
from bot.state import State
from knowledge.engine import Engine

log = logging.getLogger(__name__)
UPDATES = [  # all that the handlers below take
    "message", "edited_message", "callback_query", "inline_query", "guest_message", "my_chat_member", "poll_answer",
]  # fmt: skip


def build_application(engine: Engine, settings: Settings) -> "Application":  # type: ignore[type-arg]
    """The bot, ready to run: `engine` answers, `settings` say as whom and through which server."""
    app = (
        ApplicationBuilder()
        .bot(
            WatchedBot(
                settings.token,
                base_url=f"{settings.api}/bot",
                base_file_url=f"{settings.api}/file/bot",
                request=HTTPXRequest(connection_pool_size=AT_ONCE),
                defaults=Defaults(
                    link_preview_options=LinkPreviewOptions(is_disabled=True), allow_sending_without_reply=True
                ),
            )
        )
        .concurrent_updates(PerChat())
        .post_init(introduce(engine.replies.say))
        .build()
    )
    desk = Desk(engine, State())
    pictures = Pictures(desk)
    menus, lists, questions, answers = Menus(desk), Lists(desk, pictures), Questions(desk), Answers(desk)
    quizzes, groups, inline = Quizzes(desk), Groups(desk), Inline(desk)
    said = filters.UpdateType.MESSAGE & ~filters.VIA_BOT & ~filters.IS_AUTOMATIC_FORWARD & ByPeople()
    private = said & filters.ChatType.PRIVATE
    group = said & filters.ChatType.GROUPS
    words = filters.TEXT | filters.CAPTION
    app.add_handler(TypeHandler(Update, Cooldown().check), group=-1)  # before all others
    app.add_handler(MessageHandler(filters.UpdateType.GUEST_MESSAGE, inline.guest))  # else it passes for a question
    for names, handle in (
        (("start",), menus.start),
        (("aide", "help"), menus.help),
        (("chiffres", "figures"), lists.figures),
        (("citations", "quotes"), lists.quotations),
        (("resume", "summary"), menus.summary),
        (("quiz",), quizzes.ask),
        (("score",), quizzes.score),
        (("sources",), menus.sources),
        (("langue", "language"), menus.language),
        (("question", "ask"), questions.command),
    ):
        app.add_handler(CommandHandler(names, handle, said))
    app.add_handler(CallbackQueryHandler(lists.turn, r"^p:(figure|quotation):\d{1,3}:(fr|en):[0-9a-f]+:"))
    app.add_handler(CallbackQueryHandler(answers.in_place, r"^e:(fr|en):[\w-]+\Z"))
    app.add_handler(CallbackQueryHandler(answers.followed, r"^r:(fr|en):[\w-]+\Z"))
    app.add_handler(CallbackQueryHandler(answers.in_place, r"^t:(fr|en):[\w+-]+\Z"))
    app.add_handler(CallbackQueryHandler(pictures.send, r"^g:(fr|en):[\w-]+:[0-9a-f]+\Z"))
    app.add_handler(CallbackQueryHandler(menus.language_chosen, r"^l:(fr|en)\Z"))
    app.add_handler(CallbackQueryHandler(answers.too_old))
    app.add_handler(InlineQueryHandler(inline.offer))
    app.add_handler(PollAnswerHandler(quizzes.answered))
    app.add_handler(ChatMemberHandler(groups.joined, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, groups.migrated))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE & words, questions.edited))
    app.add_handler(MessageHandler(private & filters.COMMAND, questions.unknown))
    app.add_handler(MessageHandler(private & words, questions.ask))
    app.add_handler(MessageHandler(group & words & ~filters.COMMAND & Addressed(), questions.ask))
    app.add_handler(MessageHandler(private & ~filters.StatusUpdate.ALL & ~filters.BOOST_ADDED, questions.other))
    app.add_error_handler(_apologise(desk))
    return app


def _apologise(desk: Desk) -> Callable[[object, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, None]]:
    async def failed(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log the failure, and tell the person who waits for a reply, once, if that is possible."""
        log.error("an update could not be handled", exc_info=context.error)
        if isinstance(context.error, (Forbidden, TimedOut)) or _cut_off(context.error):
            return  # nobody there to read it, or the reply may have gone out after all
        message = update.message if isinstance(update, Update) else None  # not an edit, not a guest's: nobody waits
        if message is not None:
            try:
                await message.reply_text(desk.say("trouble", desk.language(message)))
            except Exception:  # the network that failed the reply may fail the apology too
                log.warning("the apology could not be sent either")

    return failed


def _cut_off(error: Exception | None) -> bool:
    """Whether the connection broke after the request had gone out: what it asked for may have been done."""
    return error is not None and isinstance(error.__cause__, (httpx.ReadError, httpx.RemoteProtocolError))
