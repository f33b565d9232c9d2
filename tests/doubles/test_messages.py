"""Messages that a bot sends: edits, replies, files, polls."""

from __future__ import annotations

import pytest
import telegram

from botapi.errors import NOT_MODIFIED
from botapi.people import ControlError
from tests.doubles.staging import Stage, keyboard, png, refused


async def test_editing(stage: Stage) -> None:
    """An edit must change the text, its entities or the buttons, and leaves a trace."""
    chat = await stage.started()
    sent = await stage.bot.send_message(chat.id, "a", reply_markup=keyboard("x"))
    same = await refused(sent.edit_text("a", reply_markup=keyboard("x")))
    assert same == NOT_MODIFIED.capitalize()
    edited = await sent.edit_text("a")
    assert isinstance(edited, telegram.Message)
    assert edited.reply_markup is None and edited.edit_date is not None
    await sent.edit_text("<b>a</b>", parse_mode="HTML")
    await sent.edit_text("<b>a</b>", parse_mode="HTML", reply_markup=keyboard("y"))
    seen = chat.transcript().messages[-1]
    assert (seen.text, seen.buttons, seen.earlier) == ("a", [["y"]], ["a"])
    await stage.alice.delete(seen)
    assert await refused(sent.edit_text("b")) == "Message to edit not found"
    assert chat.transcript().messages[-1].deleted


async def test_replies(stage: Stage) -> None:
    """A reply holds the message it answers; a quote must be in it."""
    chat = await stage.started()
    asked = await chat.send("How much is it?")
    reply = telegram.ReplyParameters(asked.message_id, quote="much")
    sent = await stage.bot.send_message(chat.id, "2", reply_parameters=reply)
    assert sent.reply_to_message and sent.reply_to_message.text == "How much is it?"
    assert sent.quote and (sent.quote.text, sent.quote.position) == ("much", 4)
    assert await chat.replies_to(asked) == [chat.transcript().messages[-1]]
    wrong = telegram.ReplyParameters(asked.message_id, quote="little")
    call = stage.bot.send_message(chat.id, "x", reply_parameters=wrong)
    assert await refused(call) == "Quote_text_invalid"
    lax = telegram.ReplyParameters(999, allow_sending_without_reply=True)
    assert not (await stage.bot.send_message(chat.id, "3", reply_parameters=lax)).reply_to_message


async def test_files(stage: Stage) -> None:
    """An uploaded file can be fetched and sent again by its file_id."""
    chat = await stage.started()
    sent = await stage.bot.send_photo(chat.id, png(40, 30), caption="<b>c</b>", parse_mode="HTML")
    photo = sent.photo[-1]
    assert (photo.width, photo.height, sent.caption) == (40, 30, "c")
    file = await stage.bot.get_file(photo.file_id)
    assert bytes(await file.download_as_bytearray()) == png(40, 30)
    assert (await stage.bot.send_photo(chat.id, photo.file_id)).photo[-1] == photo
    assert await refused(stage.bot.send_photo(chat.id, b"text")) == "Image_process_failed"
    assert await refused(stage.bot.send_photo(chat.id, png(500, 5))) == "Photo_invalid_dimensions"
    call = stage.server.calls("sendPhoto", stage.account)[0]
    assert call.params["photo"]["size"] == len(png(40, 30))
    picture = await chat.send("look", photo=png(3, 3))
    [update] = await stage.updates()
    assert update.message and update.message.photo and update.message.caption == "look"
    assert (picture.media, picture.text) == ("photo", "look")


async def test_polls(stage: Stage) -> None:
    """Votes reach the bot, a closed poll takes none."""
    group = await stage.server.group("G", admins=[stage.alice], bots=[stage.account])
    await stage.updates()
    await stage.bot.send_poll(group.id, "Oui ?", ["Oui", "Non"], is_anonymous=False)
    [seen] = await group.wait_for(lambda message: message.poll)
    await stage.alice.vote(seen, "Non")
    poll, answer = await stage.updates()
    assert poll.poll and [option.voter_count for option in poll.poll.options] == [0, 1]
    assert answer.poll_answer and answer.poll_answer.option_ids == (1,)
    assert answer.poll_answer.user and answer.poll_answer.user.id == stage.alice.id
    await stage.bot.send_poll(group.id, "Fini ?", ["Oui", "Non"], is_closed=True)
    (closed,) = await group.wait_for(lambda message: message.poll and message.poll["is_closed"])
    with pytest.raises(ControlError, match="no open poll"):
        await stage.alice.vote(closed, "Oui")
    quiz = stage.bot.send_poll(group.id, "?", ["a", "b"], type="quiz", correct_option_ids=[2])
    assert await refused(quiz) == "Wrong quiz correct_option_id"
