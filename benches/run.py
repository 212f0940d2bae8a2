#!/usr/bin/env python3
"""What `./dev bench` runs: each figure beside its baseline, in the same run, interleaved; medians, ratios and bars.

Only the standard library. `./dev bench` starts the PostgreSQL cluster that both the gateway and pgbench use.
"""

import argparse
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
OUT = HERE / "target" / "bench"
CLIENTS = 64
MANY_CLIENTS = 256
# As many as a batch holds.
APPENDING = 1024
REPLICAS = 4


class CannotMeasure(Exception):
    """Something that a figure needs did not work."""


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("--postgres", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--postgres-bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5, help="interleaved runs of each benchmark (5)")
    parser.add_argument("--seconds", type=int, default=10, help="length of each run, at most 60 (10)")
    parser.add_argument("--entries", type=int, default=10_000_000, help="entries of the log that is verified (10,000,000)")
    parser.add_argument("--dev", action="store_true", help="an unoptimised build, to try the benchmarks themselves")
    args = parser.parse_args()
    if not 1 <= args.seconds <= 60:
        parser.error("--seconds: a token lasts 300 s, so a run lasts 1 to 60 s")
    if len(os.sched_getaffinity(0)) < 2:
        raise CannotMeasure("server and load generator need a core each")

    work = OUT / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    programs = build(args.dev)
    machine = describe(work, Path(args.postgres), args)
    say(f"fsync of 8 KiB: {machine['fsync_ms']['postgresql']} ms (PostgreSQL's disk), "
        f"{machine['fsync_ms']['sqlite']} ms (SQLite's disk)")

    running = []
    try:
        bench = Bench(args, programs, work, running)
        rounds = []
        for number in range(1, args.rounds + 1):
            say(f"round {number} of {args.rounds}")
            rounds.append(bench.round())
        memory = bench.memory()
    finally:
        for server in running:
            server.stop()
    say(f"verifying a log of {args.entries:,} entries")
    verified = json.loads(output(programs["beside"], "verify", "--entries", args.entries))
    report(machine, rounds, memory, verified)


# --- What is measured -------------------------------------------------------------------------------------------------


class Bench:
    """The servers. Those that would follow the log of the one that is measured are up only while they are measured themselves."""

    def __init__(self, args, programs, work, running):
        self.args, self.programs, self.running = args, programs, running
        self.cluster = Cluster(args.postgres, args.postgres_bin)
        self.cluster.create()
        say("preparing partnerships and records")
        self.on_postgres = self.gateway(work / "postgresql", self.cluster.url("gateway"))
        self.idle_kib = status(self.on_postgres.pid, "VmRSS")
        self.postgres_record = self.record(self.on_postgres)
        self.on_sqlite = self.gateway(work / "sqlite", "sqlite:gateway.db")
        self.sqlite_record = self.record(self.on_sqlite)
        self.shaking = self.gateway(work / "handshakes", "sqlite:gateway.db", core=0)
        self.nginx = self.nginx_beside(self.shaking)

    def round(self):
        """One run of each benchmark, its baseline next to it."""
        self.cluster.checkpoint()
        inserts = self.cluster.pgbench(self.args.seconds)
        self.cluster.checkpoint()
        audited = self.reads(self.on_postgres, self.on_postgres.base, self.postgres_record)
        read_only = self.reads_unrecorded()
        drafting = self.reads_unrecorded("--drafting")
        self.cluster.checkpoint()
        crowded = self.reads(self.on_postgres, self.on_postgres.base, self.postgres_record, MANY_CLIENTS)
        self.cluster.checkpoint()
        shared = self.reads_of_all()
        self.cluster.checkpoint()
        refused = self.refusals()
        self.cluster.checkpoint()
        appended = self.appends()
        sqlite = self.reads(self.on_sqlite, self.on_sqlite.base, self.sqlite_record)
        ours = self.handshakes(self.shaking)
        theirs = self.handshakes(self.nginx)
        row = {
            "pgbench_inserts_per_second": inserts,
            "postgresql_disclosures_per_second": audited,
            "postgresql_read_only_per_second": read_only,
            "postgresql_append_left_out_per_second": drafting,
            "postgresql_crowded_per_second": crowded,
            "postgresql_replicas_per_second": shared,
            "postgresql_refusals_per_second": refused,
            "postgresql_appends_per_second": appended,
            "sqlite_disclosures_per_second": sqlite,
            "handshakes_per_second": ours,
            "nginx_handshakes_per_second": theirs,
        }
        for name, value in row.items():
            say(f"  {name.replace('_', ' '):42} {value['rate']:10.0f}")
        return row

    def reads(self, partnership, base, record, clients=CLIENTS):
        """Disclosures of the whole record over kept connections."""
        token = self.token(partnership, record, "--subject", record["client_ref"])
        return self.asks(partnership, base + record["path"], record, token, clients, 200)

    def reads_unrecorded(self, *more):
        """The same by a server that appends nothing."""
        with self.up([self.reader(self.on_postgres, self.postgres_record, *more)]) as [server]:
            return self.reads(self.on_postgres, server.base, self.postgres_record)

    def reads_of_all(self):
        """The same of the gateway and its replicas on the one database, each with its share of many clients."""
        with self.up([self.replica(self.on_postgres, number) for number in range(1, REPLICAS)]) as replicas:
            bases = [self.on_postgres.base, *(replica.base for replica in replicas)]
            clients = MANY_CLIENTS // len(bases)
            with ThreadPoolExecutor(len(bases)) as pool:
                shares = list(pool.map(
                    lambda base: self.reads(self.on_postgres, base, self.postgres_record, clients), bases))
        return {"rate": sum(share["rate"] for share in shares), "shares": shares}

    def refusals(self):
        """Refusals for a scope that the token lacks: nothing is read for them, and each is an entry."""
        token = self.token(self.on_postgres, self.postgres_record, "--scope", "dir.read")
        path = self.on_postgres.base + "/v1/agencies"
        return self.asks(self.on_postgres, path, self.postgres_record, token, MANY_CLIENTS, 403)

    def appends(self):
        """Entries appended by the journal of a process of its own, without HTTP."""
        config = self.on_postgres.dir / "gateway.toml"
        done = json.loads(output(self.programs["beside"], "append", "--config", config, "--seconds", self.args.seconds,
                                 "--at-once", APPENDING))
        return {"rate": done["entries"] / done["seconds"]}

    def token(self, partnership, record, *more):
        return output(
            self.programs["throughgate"], "token", "--dir", partnership.dir, "--agency", record["agency"],
            "--worker", record["worker"], "--purpose", record["purpose"], *more,
        ).strip()

    def asks(self, partnership, url, record, token, clients, expected):
        home = partnership.dir / "agencies" / record["agency"]
        return oha(url, partnership.dir / "ca.pem", home, self.args.seconds, clients, expected,
                   "-H", f"Authorization: Bearer {token}")

    def handshakes(self, server):
        """Full handshakes, one request each. Both servers check certificate and revocation list and then answer 401:
        the certificate is of an agency that nobody enrolled. Our 401 looks the agency up in the database before."""
        before = cpu_seconds(server.pid)
        home = self.shaking.dir / "unknown"
        measured = oha(
            server.base + "/", self.shaking.dir / "ca.pem", home, max(self.args.seconds // 2, 1), 32, 401,
            "--disable-keepalive", core=1,
        )
        measured["server_cpu_us"] = (cpu_seconds(server.pid) - before) / max(measured["answers"], 1) * 1e6
        return measured

    def memory(self):
        """Of the gateway on PostgreSQL: idle after its start, and the most that it ever used."""
        return {
            "idle_mib": self.idle_kib / 1024,
            "highest_mib": status(self.on_postgres.pid, "VmHWM") / 1024,
            "highest_on_sqlite_mib": status(self.on_sqlite.pid, "VmHWM") / 1024,
        }

    # --- The servers ---

    @contextmanager
    def up(self, servers):
        """Servers that end with their measurement."""
        try:
            yield servers
        finally:
            for server in servers:
                server.stop()
                self.running.remove(server)

    def gateway(self, folder, database, core=None):
        port, admin = free_pair()
        binary = self.programs["throughgate"]
        output(binary, "demo", "--dir", folder, "--database", database, "--port", port, "--quiet", "--exit")
        # One worker asks for all; what a worker may ask in a minute, and over how many connections, is not what is measured.
        with open(folder / "gateway.toml", "a") as config:
            config.write("\n[limits]\nconnections_a_certificate = 0\nworker_a_minute = 0\nagency_a_minute = 0\n"
                         "checks_worker_a_day = 0\nchecks_agency_a_day = 0\n")
        server = Server([binary, "serve", "--config", folder / "gateway.toml"], folder, port, core)
        self.running.append(server)
        server.readyz = f"http://127.0.0.1:{admin}/readyz"
        wait_ready(server)
        time.sleep(2)
        return server

    def replica(self, gateway, number):
        """One more gateway on the same database, with a name and files of its own."""
        port, admin = free_pair()
        config = gateway.dir / f"replica-{number}.toml"
        text = (gateway.dir / "gateway.toml").read_text()
        text = re.sub(r"(?m)^address = .*", f'address = "127.0.0.1:{port}"', text)
        text = re.sub(r"(?m)^admin = .*", f'admin = "127.0.0.1:{admin}"', text)
        for member in ("replica", "directory", "head_file"):
            text = re.sub(rf'(?m)^{member} = "(.*)"', rf'{member} = "\1-{number}"', text)
        config.write_text(text)
        server = Server([self.programs["throughgate"], "serve", "--config", config], gateway.dir, port)
        self.running.append(server)
        server.readyz = f"http://127.0.0.1:{admin}/readyz"
        wait_ready(server)
        return server

    def reader(self, gateway, record, *more):
        port, _ = free_pair()
        config = gateway.dir / "gateway.toml"
        server = Server(
            [self.programs["beside"], "read-only", "--config", config, "--address", f"127.0.0.1:{port}",
             "--body-bytes", record["body_bytes"], *more],
            gateway.dir, port,
        )
        self.running.append(server)
        wait_open(port, server)
        return server

    def record(self, gateway):
        return json.loads(output(self.programs["beside"], "record", "--dir", gateway.dir, "--base", gateway.base))

    def nginx_beside(self, gateway):
        output(self.programs["throughgate"], "certs", "issue", "--dir", gateway.dir / "ca",
               "--agency", "nobody-enrolled", "--out", gateway.dir / "unknown")
        port, _ = free_pair()
        folder = gateway.dir / "nginx"
        folder.mkdir()
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(dir=gateway.dir, folder=folder, port=port))
        server = Server(["nginx", "-p", folder, "-e", folder / "error.log", "-c", config], folder, port, core=0)
        self.running.append(server)
        wait_open(port, server)
        return server


# The same certificates, revocation list, protocol and curve as the gateway; no resumption; the smallest answer.
NGINX = """\
daemon off;
master_process off;
pid {folder}/pid;
error_log {folder}/error.log crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl backlog=1024;
        ssl_certificate {dir}/server.pem;
        ssl_certificate_key {dir}/server.key;
        ssl_protocols TLSv1.3;
        ssl_ecdh_curve X25519;
        ssl_client_certificate {dir}/ca.pem;
        ssl_crl {dir}/ca/crl.pem;
        ssl_verify_client on;
        ssl_session_cache off;
        ssl_session_tickets off;
        location / {{ return 401; }}
    }}
}}
"""


class Cluster:
    """The PostgreSQL of this run, reached by its socket."""

    LEAF = "l" * 600

    def __init__(self, socket_dir, programs):
        self.socket, self.programs = socket_dir, Path(programs)

    def url(self, database):
        return f"postgresql:///{database}?host={self.socket}&user=throughgate"

    def sql(self, database, statement):
        output(self.programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", self.socket,
               "-U", "throughgate", "-d", database, "-c", statement)

    def create(self):
        for database in ("gateway", "bare"):
            self.sql("postgres", f"CREATE DATABASE {database}")
        self.sql("bare", "CREATE TABLE leaf (idx bigserial PRIMARY KEY, leaf text NOT NULL)")
        self.script = OUT / "work" / "insert.sql"
        self.script.write_text("INSERT INTO leaf (leaf) VALUES (:leaf);\n")

    def checkpoint(self):
        self.sql("postgres", "CHECKPOINT")

    def pgbench(self, seconds):
        """Single inserts of a 600-byte row, each its own transaction."""
        text = output(
            self.programs / "pgbench", "-h", self.socket, "-U", "throughgate", "-n", "-M", "prepared",
            "-c", CLIENTS, "-j", 2, "-T", seconds, "-D", f"leaf={self.LEAF}", "-f", self.script, "bare",
        )
        found = re.search(r"tps = ([0-9.]+)", text)
        if not found:
            raise CannotMeasure("pgbench printed no rate")
        return {"rate": float(found[1])}


class Server:
    """A process that serves on a port of this machine."""

    def __init__(self, command, folder, port, core=None):
        command = [*pinned(core), *(str(word) for word in command)]
        self.dir, self.base = Path(folder), f"https://localhost:{port}"
        self.log = self.dir / f"server-{port}.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=HERE)
        self.pid = self.process.pid

    def check(self):
        if self.process.poll() is not None:
            raise CannotMeasure(f"a server ended: {self.log.read_text()[-2000:]}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(25)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def oha(url, ca, home, seconds, clients, expected, *more, core=None):
    """Drives the load, and answers the rate of answers with the expected status."""
    text = output(
        *pinned(core), "oha", "--no-tui", "--output-format", "json", "-z", f"{seconds}s", "-c", clients, "--ipv4",
        "--cacert", ca, "--cert", home / "client.pem", "--key", home / "client.key", *more, url,
    )
    result = json.loads(text)
    statuses = {int(status): count for status, count in result["statusCodeDistribution"].items()}
    answers = statuses.get(expected, 0)
    if answers == 0:
        raise CannotMeasure(f"no answer {expected}: {statuses} {result.get('errorDistribution')}")
    others = {str(status): count for status, count in statuses.items() if status != expected}
    others |= {error: count for error, count in result.get("errorDistribution", {}).items()
               if error != "aborted due to deadline"}
    if others:
        say(f"  other answers, not counted: {others}")
    percentiles = result.get("latencyPercentiles", {})
    return {
        "rate": answers / result["summary"]["total"],
        "answers": answers,
        "other_answers": others,
        "p50_ms": milliseconds(percentiles.get("p50")),
        "p99_ms": milliseconds(percentiles.get("p99")),
    }


# --- What is reported -------------------------------------------------------------------------------------------------


def report(machine, rounds, memory, verified):
    """Medians, ratios and bars: printed, and written for machines."""

    def median(name):
        return statistics.median(row[name]["rate"] for row in rounds)

    def ratio(name, baseline):
        return statistics.median(row[name]["rate"] / row[baseline]["rate"] for row in rounds)

    audited, inserts = "postgresql_disclosures_per_second", "pgbench_inserts_per_second"
    read_only, sqlite = "postgresql_read_only_per_second", "sqlite_disclosures_per_second"
    drafting = "postgresql_append_left_out_per_second"
    crowded, shared = "postgresql_crowded_per_second", "postgresql_replicas_per_second"
    refused, appended = "postgresql_refusals_per_second", "postgresql_appends_per_second"
    ours, nginx = "handshakes_per_second", "nginx_handshakes_per_second"
    results = {
        "disclosures-postgresql": [
            line("disclosures/s on PostgreSQL, of pgbench's inserts/s", median(audited), median(inserts),
                 ratio(audited, inserts), at_least=0.2, goal=0.35),
            line("disclosures/s on PostgreSQL, of the read-only rate", median(audited), median(read_only),
                 ratio(audited, read_only), at_least=0.75),
            line("disclosures/s on PostgreSQL, of the rate without append", median(audited), median(drafting),
                 ratio(audited, drafting), at_least=0.8),
            line(f"disclosures/s of {REPLICAS} replicas with {MANY_CLIENTS} clients, of one", median(shared), median(crowded),
                 ratio(shared, crowded), at_least=0.9),
        ],
        "appends": [
            line(f"refusals/s at {MANY_CLIENTS} clients, of pgbench's inserts/s", median(refused), median(inserts),
                 ratio(refused, inserts), at_least=0.4),
            line("entries/s without HTTP, of pgbench's inserts/s", median(appended), median(inserts),
                 ratio(appended, inserts), at_least=2.0),
        ],
        "disclosures-sqlite": [
            line("disclosures/s on SQLite", median(sqlite), None, median(sqlite), at_least=2000),
        ],
        "handshakes": [
            line("full mTLS handshakes/s on one core, of nginx's", median(ours), median(nginx),
                 ratio(ours, nginx), at_least=1.3),
        ],
        "verification": [
            line("entries verified/s of one core", verified["entries_per_cpu_second_one_thread"], None,
                 verified["entries_per_cpu_second_one_thread"], at_least=300_000),
            line("hashing alone, of raw SHA-256 of the same bytes", verified["hash_only_entries_per_second"],
                 verified["hash_only_entries_per_second"] / verified["hash_only_of_raw_sha256_same_bytes"],
                 verified["hash_only_of_raw_sha256_same_bytes"], at_least=0.75),
            line(f"highest memory of verifying {verified['entries']:,} entries, MiB", verified["peak_resident_mib"],
                 None, verified["peak_resident_mib"], below=256),
        ],
        "memory": [
            line("resident memory when idle, MiB", memory["idle_mib"], None, memory["idle_mib"], below=64),
            line("highest memory under load, MiB",
                 max(memory["highest_mib"], memory["highest_on_sqlite_mib"]), None,
                 max(memory["highest_mib"], memory["highest_on_sqlite_mib"]), below=256),
        ],
    }
    for name, lines in results.items():
        document = {"machine": machine, "lines": lines, "rounds": {"memory": memory, "verification": verified}.get(name, rounds)}
        (OUT / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")

    print(f"\n{machine['cpu']}, {machine['cores']} cores; fsync of 8 KiB {machine['fsync_ms']['postgresql']} ms; "
          f"medians of {len(rounds)} interleaved runs of {machine['seconds']} s; {machine['build']} build")
    print(f"{'':62}{'measured':>10}{'baseline':>10}{'ratio':>8}  bar")
    for entry in (entry for lines in results.values() for entry in lines):
        baseline = "" if entry["baseline"] is None else f"{entry['baseline']:.0f}"
        of = "" if entry["baseline"] is None else f"{entry['value']:.2f}"
        bound = f">= {entry['at_least']}" if entry["at_least"] is not None else f"< {entry['below']}"
        goal = f" (goal {entry['goal']})" if entry["goal"] else ""
        verdict = "PASS" if entry["passed"] else "MISS"
        print(f"{entry['name']:62}{entry['measured']:10.0f}{baseline:>10}{of:>8}  {bound}{goal}: {verdict}")
    latency = [(row[audited]["p50_ms"], row[audited]["p99_ms"]) for row in rounds]
    cpu = {name: statistics.median(row[name]["server_cpu_us"] for row in rounds) for name in (ours, nginx)}
    print(f"\nA disclosure on PostgreSQL with {CLIENTS} at once: p50 {statistics.median(p for p, _ in latency):.1f} ms, "
          f"p99 {statistics.median(p for _, p in latency):.1f} ms.")
    print(f"A handshake costs the server {cpu[ours]:.0f} µs of processor time, nginx {cpu[nginx]:.0f} µs.")


def line(name, measured, baseline, value, at_least=None, below=None, goal=None):
    passed = value >= at_least if at_least is not None else value < below
    return {"name": name, "measured": measured, "baseline": baseline, "value": value,
            "at_least": at_least, "below": below, "goal": goal, "passed": passed}


def describe(work, cluster, args):
    cpu = next((text.split(":", 1)[1].strip() for text in Path("/proc/cpuinfo").read_text().splitlines()
                if text.startswith("model name")), "unknown processor")
    return {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "build": "dev" if args.dev else "release",
        "seconds": args.seconds,
        "commit": output("git", "describe", "--always", "--dirty").strip(),
        "fsync_ms": {"postgresql": fsync_ms(cluster), "sqlite": fsync_ms(work)},
    }


# --- Small things -----------------------------------------------------------------------------------------------------


def build(is_dev):
    """Builds the gateway and what runs beside it, and answers where each program is."""
    profile = [] if is_dev else ["--release"]
    command = ["cargo", "build", "--locked", *profile, "--bins", "--bench", "beside", "--message-format=json-render-diagnostics"]
    done = subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise CannotMeasure("the build failed")
    messages = (json.loads(text) for text in done.stdout.splitlines())
    return {message["target"]["name"]: message["executable"] for message in messages
            if message["reason"] == "compiler-artifact" and message.get("executable")
            and (message["target"]["kind"] == ["bench"]
                 or message["target"]["kind"] == ["bin"] and not message["profile"]["test"])}


def output(*command):
    command = [str(word) for word in command]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotMeasure(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")
    return done.stdout


def pinned(core):
    """What goes before a command so that it runs on the first or second core that we may use."""
    return [] if core is None else ["taskset", "-c", str(sorted(os.sched_getaffinity(0))[core])]


def fsync_ms(folder):
    """The median time of writing 8 KiB and having it on disk."""
    path, times = Path(folder) / "fsync-probe", []
    with open(path, "wb", buffering=0) as file:
        for _ in range(200):
            began = time.perf_counter()
            file.seek(0)
            file.write(b"\0" * 8192)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    path.unlink()
    return round(statistics.median(times) * 1000, 3)


def status(pid, field):
    """A field of /proc/PID/status, in KiB."""
    for text in Path(f"/proc/{pid}/status").read_text().splitlines():
        if text.startswith(field + ":"):
            return int(text.split()[1])
    raise CannotMeasure(f"{field} is not known")


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_pair():
    """Two neighbouring ports that nobody listens on now."""
    for _ in range(100):
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
                return port, port + 1
            except (OSError, OverflowError):
                continue
    raise CannotMeasure("no free ports")


def wait_ready(server):
    def ready():
        with urllib.request.urlopen(server.readyz, timeout=1) as answer:
            return answer.status == 200
    wait(ready, server)


def wait_open(port, server):
    def is_open():
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    wait(is_open, server)


def wait(condition, server):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        server.check()
        try:
            if condition():
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    raise CannotMeasure(f"a server did not become ready: {server.log.read_text()[-2000:]}")


def milliseconds(seconds):
    return None if seconds is None else seconds * 1000


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except CannotMeasure as reason:
        say(f"cannot measure: {reason}")
        sys.exit(1)
