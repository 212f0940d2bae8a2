#!/usr/bin/env python3
"""What `./dev bench --decide` runs: a full record's decision with the complete policy set, worked out anew and remembered.

Only the standard library.
"""

import argparse
import json

from run import OUT, CannotMeasure, build, line, output, say

# What a decision may take, in milliseconds: a disclosure takes a few, and reading is most of it.
ANEW, REMEMBERED = 0.6, 0.05


def main():
    parser = argparse.ArgumentParser(prog="./dev bench --decide", description=__doc__)
    parser.add_argument("--samples", type=int, default=2_000, help="decisions of each kind (2,000)")
    parser.add_argument("--dev", action="store_true", help="an unoptimised build, to try the benchmark itself")
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    program = build(args.dev)["beside"]
    found = json.loads(output(program, "decide", "--samples", args.samples))
    anew, remembered = found["anew"]["p50_ms"], found["remembered"]["p50_ms"]
    lines = [
        line("a full record's decision worked out anew, p50 ms", anew, None, anew, below=ANEW),
        line("a full record's decision remembered, p50 ms", remembered, anew, remembered, below=REMEMBERED),
    ]
    document = {"build": "dev" if args.dev else "release", "lines": lines, "found": found}
    (OUT / "decide.json").write_text(json.dumps(document, indent=2) + "\n")
    print(f"{found['segments']} segments, each a decision of its own, by {found['policies']} policies")
    for entry in lines:
        verdict = "PASS" if entry["passed"] else "MISS"
        print(f"{entry['name']:62}{entry['measured']:10.4f}  < {entry['below']}: {verdict}")


if __name__ == "__main__":
    try:
        main()
    except CannotMeasure as reason:
        say(f"cannot measure: {reason}")
        raise SystemExit(1) from None
