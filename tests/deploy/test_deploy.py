"""What operators are given: the containers, the proxy, the service, the alerts, the dashboard, and their pages.

No engine runs here: the files are read. What an installed tool can check more closely, it does.
"""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.metrics import MetricWrapperBase

from bot import metrics
from bot.run import FINISH
from bot.settings import Settings
from bot.store.__main__ import _parser as store_commands
from tests.paths import ROOT

DEPLOY = ROOT / "deploy"
EXAMPLE = (DEPLOY / ".env.example").read_text(encoding="utf-8")
CADDYFILE = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
THREATS = (ROOT / "docs/threats.md").read_text(encoding="utf-8")
COMPOSE = ["compose.yaml", "compose.single.yaml"]
RULES = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
PANELS = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))["panels"]
QUERIES = [t["expr"] for panel in PANELS for t in panel["targets"]] + [rule["expr"] for rule in RULES]
ENDED_IN = FINISH + 1.0  # seconds, at most


def read(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


def services(name: str) -> dict[str, Any]:
    """The services of a compose file, each with what it extends."""
    found = {}
    for service, given in read(name)["services"].items():
        extended = given.get("extends", {"file": name, "service": service})
        found[service] = read(extended["file"])["services"][extended["service"]] | given
    return found


ALL = [pytest.param(s, id=f"{file}:{n}") for file in COMPOSE for n, s in services(file).items()]
BOTS = [pytest.param(s, id=f"{file}:{n}") for file in COMPOSE for n, s in services(file).items() if "build" in s]


@pytest.mark.parametrize("service", ALL)
def test_every_container_is_contained(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("cap_add", [])) <= {"NET_BIND_SERVICE"}
    assert "no-new-privileges:true" in service["security_opt"]
    assert "build" in service or service["user"].split(":")[0] not in ("", "0", "root")  # the image names its user
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))
    assert not {"privileged", "network_mode", "pid"} & set(service)
    assert service["pids_limit"]
    assert service["mem_limit"]


@pytest.mark.parametrize("service", ALL)
def test_every_container_comes_back_and_fills_no_disk_with_its_log(service: dict[str, Any]) -> None:
    assert service["restart"] == "unless-stopped"
    assert {"max-size", "max-file"} <= set(service["logging"]["options"])


@pytest.mark.parametrize("service", ALL)
def test_every_image_is_pinned(service: dict[str, Any]) -> None:
    assert "build" in service or re.search(r":\d+", service["image"])


@pytest.mark.parametrize("service", BOTS)
def test_a_container_of_the_bot_may_finish_what_is_in_work(service: dict[str, Any]) -> None:
    assert float(service["stop_grace_period"].removesuffix("s")) > ENDED_IN


@pytest.mark.parametrize("service", BOTS)
def test_health_and_metrics_are_for_the_machine_alone(service: dict[str, Any]) -> None:
    assert service["environment"]["HEALTH_LISTEN"].endswith(":9464")
    assert all(re.fullmatch(r"127\.0\.0\.1:\d+:9464", port) for port in service["ports"])


@pytest.mark.parametrize("service", BOTS)
def test_the_settings_of_the_containers_are_settings_that_the_bot_takes(service: dict[str, Any]) -> None:
    given = {n: re.sub(r"\$\{\w+[^}]*\}", "example", v) for n, v in service["environment"].items()}
    settings = Settings.from_environment(given | {"TELEGRAM_BOT_TOKEN": "1:x"})
    assert settings.health == ("0.0.0.0", 9464)  # noqa: S104 - inside the container
    assert settings.webhook in ("", "https://example/telegram")


def test_no_secret_is_in_the_image_or_on_a_command_line() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "TOKEN" not in dockerfile
    for file in COMPOSE:
        assert "TOKEN" not in (DEPLOY / file).read_text(encoding="utf-8")
        for service in services(file).values():
            assert not {"command", "entrypoint"} & set(service)
            if "build" in service:
                assert service["env_file"] == ".env"
    assert "env_file" not in services("compose.yaml")["proxy"]
    assert "env_file" not in services("compose.yaml")["postgres"]


def test_the_database_is_reached_by_the_bot_alone() -> None:
    compose, there = read("compose.yaml"), services("compose.yaml")
    assert compose["networks"]["inside"] == {"internal": True}
    assert there["postgres"]["networks"] == ["inside"]
    assert "ports" not in there["postgres"]
    assert {n for n, s in there.items() if "inside" in s["networks"]} == {"postgres", "bot-1", "bot-2"}
    assert there["postgres"]["healthcheck"]["test"][1] == "pg_isready"
    assert there["bot-1"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_the_proxy_forwards_one_path_and_logs_no_secret() -> None:
    bots = [name for name, service in services("compose.yaml").items() if "build" in service]
    (forwarded,) = re.findall(r"reverse_proxy (.*) \{", CADDYFILE)
    assert forwarded.split() == [f"{name}:8080" for name in bots]
    (path,) = re.findall(r"path (\S+)", CADDYFILE)
    address = services("compose.yaml")["bot-1"]["environment"]["WEBHOOK_URL"]
    assert address.endswith(f"}}{path}")
    assert "method POST" in CADDYFILE
    assert "request>headers delete" in CADDYFILE
    assert "admin off" in CADDYFILE


def test_the_proxy_bounds_what_strangers_may_cost() -> None:
    assert "max_size 1MB" in CADDYFILE
    assert "read_header 5s" in CADDYFILE
    assert "read_body 10s" in CADDYFILE
    assert "health_uri /readyz" in CADDYFILE  # the replica says how it is
    assert "fail_duration" not in CADDYFILE  # or two calls that are cut off would take out both


def unit() -> dict[str, str]:
    lines = (DEPLOY / "verbatim.service").read_text(encoding="utf-8").splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines) if re.fullmatch(r"\w+", name)}


def test_the_service_is_confined() -> None:
    said = unit()
    yes = """NoNewPrivileges ProtectHome PrivateTmp PrivateDevices PrivateUsers ProtectKernelTunables
        ProtectControlGroups RestrictNamespaces RestrictSUIDSGID MemoryDenyWriteExecute LockPersonality"""
    assert {said[name] for name in yes.split()} == {"yes"}
    assert said["ProtectSystem"] == "strict"
    assert said["CapabilityBoundingSet"] == ""
    assert said["RestrictAddressFamilies"] == "AF_INET AF_INET6 AF_UNIX"
    assert said["User"] == said["StateDirectory"] == "verbatim"


def test_the_service_comes_back_unless_that_is_useless_and_may_finish_what_is_in_work() -> None:
    said = unit()
    assert (said["Restart"], said["RestartPreventExitStatus"]) == ("always", "2")
    assert float(said["TimeoutStopSec"]) > ENDED_IN
    assert f"EnvironmentFile={said['EnvironmentFile']}" in (DEPLOY / "verbatim.service").read_text(encoding="utf-8")
    assert said["EnvironmentFile"] in OPERATIONS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_no_fault_in_the_service(tmp_path: Path) -> None:
    text = (DEPLOY / "verbatim.service").read_text(encoding="utf-8")
    there = text.replace("/srv/verbatim/.venv/bin/python", sys.executable).replace("/srv/verbatim", str(ROOT))
    (tmp_path / "verbatim.service").write_text(there, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / "verbatim.service"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_setting_is_explained_where_it_is_set_and_where_it_is_listed() -> None:
    source = (ROOT / "bot" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', source))
    assert "TELEGRAM_BOT_TOKEN" in names
    assert set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)) == names | {"DOMAIN", "POSTGRES_PASSWORD"}
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS, re.MULTILINE)) == names


def test_the_example_is_what_the_bot_takes_once_the_token_is_in() -> None:
    lines = [line.removeprefix("#") for line in EXAMPLE.splitlines() if re.match(r"#?[A-Z_]+=", line)]
    given = dict(line.split("=", 1) for line in lines) | {"TELEGRAM_BOT_TOKEN": "1:x"}
    assert Settings.from_environment(given).database == "sqlite:////var/lib/verbatim/verbatim.db"


def defined() -> set[str]:
    """The names under which Prometheus finds what bot/metrics.py counts."""
    found = [f for m in vars(metrics).values() if isinstance(m, MetricWrapperBase) for f in m.describe()]
    return {f"{family.name}_total" if family.type == "counter" else family.name for family in found}


def asked_for(query: str) -> set[str]:
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"\bverbatim_\w+", query)}


@pytest.mark.parametrize("query", QUERIES)
def test_dashboard_and_alerts_ask_for_what_the_bot_counts(query: str) -> None:
    assert asked_for(query) <= defined()


def test_the_dashboard_shows_all_that_the_bot_counts() -> None:
    shown = {name for panel in PANELS for target in panel["targets"] for name in asked_for(target["expr"])}
    assert shown == defined()


def test_dashboard_and_alerts_find_the_bot_by_its_job() -> None:
    (job,) = read("prometheus.yaml")["scrape_configs"]
    assert job["job_name"] == "verbatim"
    for query in QUERIES:
        assert len(re.findall(r'\{job="verbatim"', query)) == len(re.findall(r"\bverbatim_\w+\{|\bup\{", query))


def test_the_dashboard_asks_which_prometheus_and_its_panels_do_not_overlap() -> None:
    cells = []
    for panel in PANELS:
        assert panel["datasource"]["uid"] == "${datasource}"
        at = panel["gridPos"]
        cells += [(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r["alert"])
def test_every_alert_says_what_it_is_and_where_to_read_what_to_do(rule: dict[str, Any]) -> None:
    said = rule["annotations"]
    assert said["summary"]
    assert said["description"]
    page, _, anchor = said["runbook"].partition("#")
    assert (ROOT / page).read_text(encoding="utf-8") == OPERATIONS
    assert anchor in anchors(OPERATIONS)


def test_the_links_within_the_operator_s_page_lead_somewhere() -> None:
    assert set(re.findall(r"\]\(#([\w-]+)\)", OPERATIONS)) <= anchors(OPERATIONS)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus is not installed")
@pytest.mark.parametrize(
    "words", ["check config prometheus.yaml", "check rules alerts.yaml", "test rules alerts.test.yaml"]
)
def test_prometheus_takes_the_rules_and_they_ring_when_they_should(words: str) -> None:
    done = subprocess.run(["promtool", *words.split()], cwd=DEPLOY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def commands() -> list[str]:
    """The lines of the operator's page that are meant to be pasted, each whole."""
    blocks = re.findall(r"```bash\n(.*?)```", OPERATIONS, re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]


@pytest.mark.parametrize("line", commands())
def test_every_command_for_the_operator_names_what_exists(line: str) -> None:
    assert subprocess.run(["bash", "-n", "-c", line], check=False).returncode == 0
    for target in re.findall(r"\bmake (\w+)", line):
        assert subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, check=False).returncode == 0
    for path in re.findall(r"\bdeploy/[\w.]+", line):
        assert path == "deploy/.env" or (ROOT / path).is_file()
    for words in re.findall(r"(?:^store|bot\.store) ([a-z]+(?: [^'&|]+)?)", line):
        assert store_commands().parse_args(shlex.split(words)).command
    if compose := re.search(r"docker compose -f deploy/(\S+) ", line):
        named = set(re.findall(r"\b(?:bot(?:-\d)?|postgres|proxy)\b(?=[ :]|$)", line.split(compose[1])[1]))
        assert named <= set(services(compose[1]))


def test_every_test_that_the_threats_name_exists() -> None:
    rows = [line for line in THREATS.splitlines() if line.startswith("| **")]
    assert rows
    for row in rows:
        file = ""
        for named, test in re.findall(r"`(\w+/test_\w+\.py)?::(test_\w+)`", row):
            file = named or file
            source = (ROOT / "tests" / file).read_text(encoding="utf-8")
            assert re.search(rf"^(async )?def {test}\(", source, re.MULTILINE), f"{file}::{test}"


RUNS = sorted(p for folder in ("bot", "knowledge") for p in (ROOT / folder).rglob("*.py"))
FORBIDDEN = {"subprocess", "pickle", "marshal", "shelve", "ctypes", "pty", "multiprocessing"}


@pytest.mark.parametrize("path", RUNS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_what_runs_the_bot_starts_no_program_and_reads_no_pickle(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not {alias.name.split(".")[0] for alias in node.names} & FORBIDDEN
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in FORBIDDEN
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "__import__", "os.system", "os.popen")
            assert not called.startswith(("os.exec", "os.spawn", "asyncio.create_subprocess"))


@contextmanager
def advisories(vulnerable: str) -> Iterator[str]:
    """A service like osv.dev that knows one vulnerable package; yields its address."""

    class Service(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["package"]
            affected = [{"package": asked, "ranges": []}]
            known = [{"id": "PYSEC-1", "summary": "bad", "affected": affected}] if asked["name"] == vulnerable else []
            body = json.dumps({"vulns": known} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def audit(address: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ROOT / ".ci/audit"],
        env=os.environ | {"PIP_AUDIT_OSV_URL": address},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(("vulnerable", "status"), [("aiohttp", 1), ("another", 0)])
def test_a_known_vulnerability_fails_the_audit(vulnerable: str, status: int) -> None:
    with advisories(vulnerable) as address:
        done = audit(address)
    assert done.returncode == status, done.stderr
    assert ("PYSEC-1" in done.stdout) == bool(status)
    assert "NOT AUDITED" not in done.stderr


def test_an_audit_that_reaches_no_advisories_says_so_and_holds_up_nobody() -> None:
    done = audit("http://127.0.0.1:1/v1/query")
    assert done.returncode == 0
    assert "NOT AUDITED" in done.stderr
