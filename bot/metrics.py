"""What the bot counts, for Prometheus. Nothing here tells who asked, or what."""

from prometheus_client import Counter, Gauge, Histogram

QUESTIONS = Counter("verbatim_questions", "Questions, by what became of them", ["outcome", "language"])
UPDATES = Counter("verbatim_updates", "Updates that have ended", ["kind", "result"])
TOOK = Histogram(
    "verbatim_update_seconds",
    "From an update's arrival to its end",
    ["kind"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800),
)
ASK = Histogram(
    "verbatim_ask_seconds",
    "One question, the engine alone",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1),
)
WAITING = Gauge("verbatim_inbox_waiting", "Updates that wait in the inbox")
OLDEST = Gauge("verbatim_inbox_oldest_seconds", "How long the oldest of them has waited")
ASIDE = Gauge("verbatim_inbox_aside", "Updates set aside with their error")
RETRIES = Counter("verbatim_retries", "Attempts that will be made again", ["reason"])
TELEGRAM_ERRORS = Counter("verbatim_telegram_errors", "Calls that Telegram refused or did not answer", ["error"])
STORE_ERRORS = Counter("verbatim_store_errors", "Works that the database did not do")
INTAKE = Gauge("verbatim_intake_timestamp_seconds", "When Telegram last answered a poll or called the webhook")
