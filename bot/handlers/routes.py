"""Which class takes which update: every handler in the order in which they are tried; commands by their table.

The first that fits takes the update. Whatever is not in this list is ignored: channel posts, other bots.
"""

from telegram import Update
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    PollAnswerHandler,
    TypeHandler,
)

from bot.api.client import Client
from bot.handlers import filters
from bot.handlers.answers import Answers, ForgedPress
from bot.handlers.cooldown import Cooldown
from bot.handlers.desk import Desk
from bot.handlers.groups import Groups
from bot.handlers.inline import Inline
from bot.handlers.lists import Lists
from bot.handlers.menus import Menus
from bot.handlers.pictures import Pictures
from bot.handlers.privacy import Privacy
from bot.handlers.questions import Questions
from bot.handlers.quizzes import Quizzes
from bot.inbox.attempt import App, Attempt
from knowledge.commands import COMMANDS

UPDATES = [  # all that the handlers below take
    "message", "edited_message", "callback_query", "inline_query", "guest_message", "my_chat_member", "poll_answer",
]  # fmt: skip


def build_application(client: Client, desk: Desk) -> App:
    """The handlers, ready to be given updates: they answer by `client` and work with `desk`."""
    app = ApplicationBuilder().bot(client).updater(None).context_types(ContextTypes(context=Attempt)).build()
    pictures = Pictures(desk)
    menus, lists, questions, answers = Menus(desk), Lists(desk, pictures), Questions(desk), Answers(desk)
    quizzes, groups, inline, privacy = Quizzes(desk), Groups(desk), Inline(desk), Privacy(desk)
    app.add_handler(TypeHandler(Update, Cooldown().check), group=-1)  # before all others
    app.add_handler(ForgedPress(answers.too_old))  # before those that do what the button says
    app.add_handler(MessageHandler(filters.GUEST_QUESTION, inline.guest))  # else it passes for a question
    for feature in (menus, lists, pictures, quizzes, questions, answers, privacy, groups, inline):
        for name, command in feature.commands.items():
            app.add_handler(CommandHandler(set(COMMANDS[name].names.values()), command, filters.SENT))
        for kind, press in feature.presses.items():
            app.add_handler(CallbackQueryHandler(press, kind.pattern()))
    app.add_handler(CallbackQueryHandler(answers.too_old))
    app.add_handler(InlineQueryHandler(inline.offer))
    app.add_handler(PollAnswerHandler(quizzes.answered))
    app.add_handler(ChatMemberHandler(groups.joined, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_handler(MessageHandler(filters.MIGRATION, groups.migrated))
    app.add_handler(MessageHandler(filters.EDITED_QUESTION, questions.edited))
    app.add_handler(MessageHandler(filters.UNKNOWN_COMMAND, questions.unknown))
    app.add_handler(MessageHandler(filters.PRIVATE_QUESTION, questions.ask))
    app.add_handler(MessageHandler(filters.GROUP_QUESTION, questions.ask))
    app.add_handler(MessageHandler(filters.NO_TEXT, questions.no_text))
    return app
