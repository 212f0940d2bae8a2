#!/usr/bin/env python3
"""What `./dev bench --dues` runs: an agency's lists of tasks over HTTP among many open ones, and the sweep of a day's, on both stores.

Episodes and tasks are written into the database past the interface, rows of the same form and number with keys and ciphertexts of
nobody. A day's tasks come all at once, after which both their times have passed, as for a gateway that stood still: each goes to the
deputy and to the manager, and its agency is told of both. Referrals that were chased in vain are none of them: each is a step of its own.
Only the standard library.
"""

import argparse
import hashlib
import json
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

from run import OUT, Bench, CannotMeasure, Cluster, build, describe, line, output, say, status, wait_ready

# How many agencies share the episodes; the one that is asked is the first.
AGENCIES = 40
ASKED = "northmoor-cjit"
DAYS = 30
# The tasks that are open for each episode, with the duty of each.
STANDING = (
    ("review-care-plan", "case-management"), ("re-engage", "case-management"), ("reach-out", "case-management"),
    ("custody-month", "case-management"), ("prepare-release", "case-management"), ("see-after-release", "case-management"),
    ("meet-at-gate", "case-management"), ("answer-referral", "referrals"), ("review-flag", "flag-owner"),
    ("answer-caseload-check", "spoc"),
)
# The tasks of a day that comes: one for every third episode, which is a thirtieth of those that are open.
COMING = (("contact-after-reappearance", "flag-owner"), ("answer-pick-up", "referrals"))
# How many episodes SQLite is given at a time: the gateway beside them waits two seconds for its turn, then it answers nobody.
AT_A_TIME = 250
MICROSECOND, DAY = 1_000_000, 86_400_000_000

SERIES = {
    "postgresql": "INSERT INTO series SELECT n FROM generate_series({first}, {last}) n;",
    "sqlite": "INSERT INTO series WITH RECURSIVE up (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM up WHERE n < {last}) SELECT n FROM up;",
}
ITS_AGENCY = f"CASE n % {AGENCIES} WHEN 0 THEN '{ASKED}' ELSE 'agency-' || (n % {AGENCIES}) END"
EPISODES = f"""
INSERT INTO person SELECT decode(md5('p' || n), 'hex'), 0 FROM series;
INSERT INTO record SELECT decode(md5('r' || n), 'hex'), 'client', decode(md5('p' || n), 'hex'), {ITS_AGENCY}, 0 FROM series;
INSERT INTO record SELECT decode(md5('e' || n), 'hex'), 'episode', decode(md5('p' || n), 'hex'), {ITS_AGENCY}, 0 FROM series;
INSERT INTO data_key SELECT decode(md5('k' || n), 'hex'), decode(md5('p' || n), 'hex'), {ITS_AGENCY}, 'nobody',
    decode(md5('w' || n) || md5('w' || n), 'hex') FROM series;
INSERT INTO record_version SELECT decode(md5('r' || n), 'hex'), 1, decode(md5('n' || n), 'hex'), 0, decode(md5('k' || n), 'hex'),
    'body', decode(md5('v' || n) || md5('x' || n) || md5('y' || n) || md5('z' || n), 'hex') FROM series;
INSERT INTO record_version SELECT decode(md5('e' || n), 'hex'), 1, decode(md5('n' || n), 'hex'), 0, decode(md5('k' || n), 'hex'),
    'body', decode(md5('v' || n) || md5('x' || n) || md5('y' || n) || md5('z' || n), 'hex') FROM series;
INSERT INTO handle SELECT decode(md5('h' || n), 'hex'), {ITS_AGENCY}, 'client', decode(md5('p' || n), 'hex'),
    decode(md5('p' || n), 'hex'), 0 FROM series;
"""
TASKS = f"""
INSERT INTO task (id, agency, duty, worker, kind, record, person, subject, remind_us, due_us, level, state, created_us)
    SELECT decode(md5('t' || n || kind), 'hex'), {ITS_AGENCY}, duty, decode('', 'hex'), kind, decode(md5('e' || n), 'hex'),
    decode(md5('p' || n), 'hex'), '/v1/caseload-episodes/' || substr(md5('s' || n), 1, 22), {{due}} - {DAY} / 48, {{due}}, 0, 'open',
    {{now}} FROM series, kinds WHERE n % {{every}} = 0;
"""
# Over the days ahead, the first of them tomorrow.
AHEAD = f"({{now}} + (1 + (n * 7 + number) % {DAYS}) * {DAY} + (n % 1440) * {60 * MICROSECOND})"
# Within the day that has passed, but for the last hour.
PASSED = f"({{now}} - {DAY} / 24 - (n % 1380) * {60 * MICROSECOND})"
WAITS = """
SELECT CASE WHEN EXISTS (SELECT 1 FROM task WHERE state = 'open' AND level = 0 AND remind_us <= {now})
    OR EXISTS (SELECT 1 FROM task WHERE state = 'open' AND level = 1 AND due_us <= {now}) THEN 1 ELSE 0 END
"""
TOLD = "SELECT count(*) FROM event WHERE kind = '{kind}'"
TOLD_OF = "SELECT count(DISTINCT subject) FROM event WHERE kind = '{kind}'"


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --dues", description=__doc__)
    parser.add_argument("--postgres", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--postgres-bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--episodes", type=int, default=100_000, help="open episodes, with ten tasks each (100,000)")
    parser.add_argument("--samples", type=int, default=500, help="questions for each list (500)")
    parser.add_argument("--dev", action="store_true", help="an unoptimised build, to try the benchmark itself")
    args = parser.parse_args()
    args.seconds = 0
    work = OUT / "dues"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    bench = Dues(args, build(args.dev), work)
    machine = describe(work, args.postgres, args)
    found = {}
    try:
        bench.cluster.sql("postgres", "CREATE DATABASE dues")
        for store, url in (("postgresql", bench.cluster.url("dues")), ("sqlite", "sqlite:gateway.db")):
            found[store] = bench.on(store, url)
    finally:
        for server in bench.running:
            server.stop()
    report(machine, args, found)


class Dues(Bench):
    """A gateway for each store."""

    def __init__(self, args, programs, work):
        self.args, self.programs, self.work, self.running = args, programs, work, []
        self.cluster = Cluster(args.postgres, args.postgres_bin)

    def on(self, store, url):
        gateway = self.gateway(self.work / store, url)
        database = OnPostgres(self.cluster) if store == "postgresql" else OnSqlite(gateway.dir)
        self.lists(gateway, 50)
        Path(f"/proc/{gateway.pid}/clear_refs").write_text("5")
        before = status(gateway.pid, "VmRSS")
        began = time.monotonic()
        database.fill(self.args.episodes)
        say(f"{store}: {self.args.episodes:,} episodes and {database.number('SELECT count(*) FROM task'):,} tasks "
            f"in {time.monotonic() - began:.0f} s")
        wait_ready(gateway)
        found = {"lists": self.lists(gateway, self.args.samples)}
        found["sweep"] = self.sweep(database, 1)
        found["sweep_with_readers"], found["lists_meanwhile"] = self.sweep_with_readers(gateway, database)
        found["memory"] = {"before_mib": before / 1024, "after_mib": status(gateway.pid, "VmRSS") / 1024,
                           "highest_mib": status(gateway.pid, "VmHWM") / 1024}
        self.running.remove(gateway)
        gateway.stop()
        return found

    def lists(self, gateway, samples):
        return json.loads(output(*self.asking(gateway, samples)))

    def asking(self, gateway, samples):
        return (self.programs["beside"], "dues", "--dir", gateway.dir, "--base", gateway.base, "--samples", samples)

    def sweep(self, database, day):
        """Has a day come, and answers how long it takes until none of its tasks waits and each was told once of each level."""
        coming = database.come(day)
        began = time.monotonic()
        while database.number(WAITS.format(now=database.now())):
            if time.monotonic() - began > 600:
                raise CannotMeasure("tasks wait for ten minutes")
            time.sleep(0.1)
        took = time.monotonic() - began
        for kind in ("task.due", "task.escalated"):
            told = tuple(database.number(text.format(kind=kind)) for text in (TOLD, TOLD_OF))
            if told != (day * coming, day * coming):
                raise CannotMeasure(f"{kind}: {told[0]} told of {told[1]} tasks, of {day * coming}")
        say(f"  a day's {coming:,} tasks, each told of twice: {took:.1f} s")
        return {"tasks": coming, "seconds": took}

    def sweep_with_readers(self, gateway, database):
        """The same on another day, while somebody reads the lists."""
        command = [str(word) for word in self.asking(gateway, max(self.args.samples // 5, 10))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reading:
            swept = self.sweep(database, 2)
            text, _ = reading.communicate()
        if reading.returncode != 0:
            raise CannotMeasure("the lists could not be read during a sweep")
        return swept, json.loads(text)


class Filled:
    """A database that is filled past the interface."""

    def now(self):
        return int(time.time() * MICROSECOND)

    def statements(self, store, numbers, kinds, body):
        """A statement a line, with the numbers of the episodes and the kinds of tasks in tables of their own."""
        kinds = ", ".join(f"({number}, '{kind}', '{duty}')" for number, (kind, duty) in enumerate(kinds))
        first, last = numbers
        return "\n".join((
            "CREATE TEMPORARY TABLE series (n bigint);", SERIES[store].format(first=first, last=last),
            "CREATE TEMPORARY TABLE kinds (number bigint, kind text, duty text);",
            f"INSERT INTO kinds VALUES {kinds};" if kinds else "", body, "DROP TABLE series;", "DROP TABLE kinds;",
        ))

    def tasks(self, due, every):
        now = self.now()
        return TASKS.format(due=due.format(now=now), now=now, every=every)


class OnPostgres(Filled):
    def __init__(self, cluster):
        self.cluster = cluster

    def fill(self, episodes):
        self.episodes = episodes
        body = EPISODES + self.tasks(AHEAD, 1)
        self.cluster.sql("dues", self.statements("postgresql", (1, episodes), STANDING, body))
        self.cluster.sql("dues", "VACUUM ANALYZE")
        self.cluster.checkpoint()

    def come(self, day):
        self.cluster.sql("dues", self.statements("postgresql", (1, self.episodes), COMING[day - 1:day], self.tasks(PASSED, 3)))
        return self.episodes // 3

    def number(self, question):
        return int(output(self.cluster.programs / "psql", "-X", "-q", "-A", "-t", "-h", self.cluster.socket, "-U", "throughgate",
                          "-d", "dues", "-c", question))


class OnSqlite(Filled):
    def __init__(self, folder):
        self.connection = sqlite3.connect(folder / "gateway.db", timeout=60, isolation_level=None)
        self.connection.create_function("md5", 1, lambda text: hashlib.md5(text.encode()).hexdigest(), deterministic=True)
        self.connection.create_function("decode", 2, lambda text, _: bytes.fromhex(text), deterministic=True)

    def fill(self, episodes):
        self.episodes = episodes
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.execute("PRAGMA cache_size = -400000")
        for first in range(1, episodes + 1, AT_A_TIME):
            last = min(first + AT_A_TIME - 1, episodes)
            self.write((first, last), STANDING, EPISODES + self.tasks(AHEAD, 1))
            time.sleep(0.01)
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def come(self, day):
        self.write((1, self.episodes), COMING[day - 1:day], self.tasks(PASSED, 3))
        return self.episodes // 3

    def write(self, numbers, kinds, body):
        self.connection.execute("BEGIN IMMEDIATE")
        for statement in self.statements("sqlite", numbers, kinds, body).split(";"):
            self.connection.execute(statement)
        self.connection.execute("COMMIT")

    def number(self, question):
        return self.connection.execute(question).fetchone()[0]


def report(machine, args, found):
    lines, tasks = [], args.episodes * len(STANDING)
    for store, figures in found.items():
        p50, p99 = (max(times[of] for times in figures["lists"].values()) for of in ("p50_ms", "p99_ms"))
        memory = figures["memory"]
        grown = memory["highest_mib"] - memory["before_mib"]
        swept = figures["sweep"]
        lines += [
            line(f"{store}: the slowest list among {tasks:,} tasks, p50 ms", p50, None, p50, below=20),
            line(f"{store}: the slowest of them, p99 ms", p99, None, p99, below=20),
            line(f"{store}: the sweep of a day's {swept['tasks']:,} tasks, s", swept["seconds"], None, swept["seconds"], below=5),
            line(f"{store}: memory that this takes beside the idle gateway's, MiB", memory["highest_mib"], memory["before_mib"],
                 grown, below=32),
        ]
    document = {"machine": machine, "lines": lines, "found": found}
    (OUT / "dues.json").write_text(json.dumps(document, indent=2) + "\n")
    for entry in lines:
        verdict = "PASS" if entry["passed"] else "MISS"
        print(f"{entry['name']:66}{entry['measured']:10.2f}{entry['value']:10.2f}  < {entry['below']}: {verdict}")
    for store, figures in found.items():
        for when, lists in (("", figures["lists"]), (" during a sweep", figures["lists_meanwhile"])):
            for name, times in lists.items():
                print(f"  {store:10} {name + when:36} n = {times['samples']:4}, {times['tasks']:2} tasks  "
                      f"p50 {times['p50_ms']:6.2f} ms  p99 {times['p99_ms']:6.2f} ms")
        memory = figures["memory"]
        print(f"  {store:10} a sweep while somebody reads: {figures['sweep_with_readers']['seconds']:.1f} s; memory "
              f"{memory['before_mib']:.0f} MiB before, {memory['after_mib']:.0f} after, {memory['highest_mib']:.0f} at most")


if __name__ == "__main__":
    try:
        main()
    except CannotMeasure as reason:
        say(f"cannot measure: {reason}")
        raise SystemExit(1) from None
