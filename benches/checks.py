#!/usr/bin/env python3
"""What `./dev bench --checks` runs: a caseload check over HTTP among few people and among a million, and what its time tells.

The people of the question are presented through the gateway; all others are rows of the same form and number in its database, with
keys and tokens of nobody. Only the standard library.
"""

import argparse
import json
import shutil
import time

from run import OUT, Bench, CannotMeasure, Cluster, build, describe, line, output, say, status

# What each person who is nobody has in the tables that a check or a presentation looks into.
TOKENS = 40
PEOPLE = f"""
SET synchronous_commit = off;
ALTER TABLE match_token DROP CONSTRAINT match_token_pkey;
DROP INDEX match_token_of_record;
INSERT INTO person SELECT decode(md5('p' || n), 'hex'), 0 FROM generate_series(1, :people) n;
INSERT INTO record SELECT decode(md5('r' || n), 'hex'), 'client', decode(md5('p' || n), 'hex'), 'eastvale-cjit', 0
    FROM generate_series(1, :people) n;
INSERT INTO data_key SELECT decode(md5('k' || n), 'hex'), decode(md5('p' || n), 'hex'), 'eastvale-cjit', 'nobody',
    decode(repeat(md5('w' || n), 4), 'hex') FROM generate_series(1, :people) n;
INSERT INTO record_version SELECT decode(md5('r' || n), 'hex'), 1, decode(md5('e' || n), 'hex'), 0, decode(md5('k' || n), 'hex'),
    'body identity', decode(repeat(md5('v' || n), 25), 'hex') FROM generate_series(1, :people) n;
INSERT INTO handle SELECT decode(md5('h' || n), 'hex'), 'eastvale-cjit', 'client', decode(md5('p' || n), 'hex'),
    decode(md5('p' || n), 'hex'), 0 FROM generate_series(1, :people) n;
INSERT INTO match_token SELECT ('x' || substr(md5(n || '/' || t), 1, 15))::bit(60)::bigint, decode(md5('r' || n), 'hex'),
    decode(md5('p' || n), 'hex') FROM generate_series(1, :people) n, generate_series(1, {TOKENS}) t;
ALTER TABLE match_token ADD PRIMARY KEY (token, record);
CREATE INDEX match_token_of_record ON match_token (record);
ANALYZE;
CHECKPOINT;
"""


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --checks", description=__doc__)
    parser.add_argument("--postgres", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--postgres-bin", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--people", type=int, default=1_000_000, help="people in the larger index (1,000,000)")
    parser.add_argument("--few", type=int, default=10_000, help="people in the smaller index (10,000)")
    parser.add_argument("--samples", type=int, default=1_000, help="questions of each kind (1,000)")
    parser.add_argument("--dev", action="store_true", help="an unoptimised build, to try the benchmark itself")
    args = parser.parse_args()
    args.seconds = 0
    work = OUT / "checks"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    bench = Checks(args, build(args.dev), work)
    machine = describe(work, args.postgres, args)
    try:
        few, many = bench.among(args.few), bench.among(args.people)
    finally:
        for server in bench.running:
            server.stop()
    report(machine, args, few, many)


class Checks(Bench):
    """A gateway for each number of people."""

    def __init__(self, args, programs, work):
        self.args, self.programs, self.work, self.running = args, programs, work, []
        self.cluster = Cluster(args.postgres, args.postgres_bin)

    def among(self, people):
        database = f"people_{people}"
        self.cluster.sql("postgres", f"CREATE DATABASE {database}")
        gateway = self.gateway(self.work / database, self.cluster.url(database))
        began = time.monotonic()
        self.cluster.sql(database, PEOPLE.replace(":people", str(people)))
        say(f"{people:,} people in {time.monotonic() - began:.0f} s")
        found = json.loads(output(self.programs["beside"], "checks", "--dir", gateway.dir, "--base", gateway.base,
                                  "--samples", self.args.samples))
        return {**found, "highest_mib": status(gateway.pid, "VmHWM") / 1024}


def report(machine, args, few, many):
    asked = "held by a project"
    p50 = {count: found["times"][asked]["p50_ms"] for count, found in ((args.few, few), (args.people, many))}
    lines = [
        line(f"a caseload check among {args.people:,} people, p50 ms", p50[args.people], None, p50[args.people], below=10),
        line(f"a caseload check among {args.people:,} people, p99 ms", many["times"][asked]["p99_ms"], None,
             many["times"][asked]["p99_ms"], below=20),
        line(f"p50 among {args.people:,}, of p50 among {args.few:,}", p50[args.people], p50[args.few],
             p50[args.people] / p50[args.few], below=1.5),
        line(f"the gateway's highest memory, MiB, of that among {args.few:,}", many["highest_mib"], few["highest_mib"],
             many["highest_mib"] / few["highest_mib"], below=1.1),
    ]
    document = {"machine": machine, "lines": lines, "few": few, "many": many}
    (OUT / "checks.json").write_text(json.dumps(document, indent=2) + "\n")
    for entry in lines:
        verdict = "PASS" if entry["passed"] else "MISS"
        print(f"{entry['name']:62}{entry['measured']:10.2f}{entry['value']:10.2f}  < {entry['below']}: {verdict}")
    for name, times in many["times"].items():
        print(f"  {name:30} n = {times['samples']:5}  p50 {times['p50_ms']:7.2f} ms  p95 {times['p95_ms']:7.2f} ms  p99 {times['p99_ms']:7.2f} ms")
    print("How often the first takes longer than the second (0.5 tells nothing), and by how many standard deviations that is off:")
    for told in many["told"]:
        chance = told["chance"]
        print(f"  {told['one']} / {told['other']}: {chance['slower']:.3f}, {chance['deviations']:+.1f} (n = {told['samples']} each)")


if __name__ == "__main__":
    try:
        main()
    except CannotMeasure as reason:
        say(f"cannot measure: {reason}")
        raise SystemExit(1) from None
