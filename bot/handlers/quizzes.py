"""/quiz and /score: native quiz polls made of proven entries, and who answered them rightly."""

from random import SystemRandom

from telegram import Poll, Update

from bot.chats.quizzes import Rounds
from bot.handlers.desk import Desk, Feature, message_of
from bot.inbox.attempt import Attempt
from bot.view.render import cut
from knowledge.telling.quiz import Quizmaster

LISTED = 10  # people of a score
MOST_NAME = 60  # characters


class Quizzes(Feature):
    """Posts quizzes and keeps the score of each chat's round."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.commands = {"quiz": self.ask, "score": self.score}
        self.rounds = Rounds(desk.chats)
        self._master = Quizmaster(desk.engine.knowledge, desk.engine.replies)
        self._chance = SystemRandom()

    async def ask(self, update: Update, attempt: Attempt) -> None:
        """/quiz: another question than the chat's last one."""
        message = message_of(update)
        language = await self.desk.language(message)
        quiz = self._master.make(language, self._chance, after=await self.rounds.last(message.chat_id))
        if quiz is None:
            await message.reply_text(self.desk.say("quiz_none", language))
            return
        posted = await message.reply_poll(
            quiz.question,
            quiz.choices,
            type=Poll.QUIZ,
            correct_option_ids=[quiz.right],  # type: ignore[list-item]  # the library's type lists the numbers 0 to 11
            explanation=quiz.explanation,
            is_anonymous=False,  # else nobody is told who answered, and there is no score
            do_quote=False,
        )
        if posted.poll is not None:
            await self.rounds.posted(attempt, message.chat_id, posted.poll.id, quiz.right, quiz.entry)

    async def answered(self, update: Update, attempt: Attempt) -> None:
        """Somebody chose in a poll that is not anonymous."""
        answer = update.poll_answer
        if answer is None or not answer.option_ids:
            return
        poll, choice = answer.poll_id, answer.option_ids[0]
        if (chat := answer.voter_chat) is not None:  # somebody who speaks as a chat
            await self.rounds.answered(attempt, poll, chat.id, chat.title or "", choice)
        elif answer.user is not None:
            await self.rounds.answered(attempt, poll, answer.user.id, answer.user.first_name, choice)

    async def score(self, update: Update, attempt: Attempt) -> None:
        """/score: who answered how many rightly in this chat's round."""
        message = message_of(update)
        language = await self.desk.language(message)
        scores = (await self.rounds.scores(message.chat_id))[:LISTED]
        lines = [
            self.desk.say("score_line", language, name=cut(name, MOST_NAME), right=str(right), asked=str(asked))
            for name, right, asked in scores
        ]
        title = self.desk.say("score" if lines else "score_none", language)
        await message.reply_text("\n".join([title, *lines]))
