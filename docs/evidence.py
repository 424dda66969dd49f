#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of docs/evidence.md out of records: evidence.py sessions|bracket|launch|facts FILE..."""
import json
import statistics
import sys


def percent(ratio):
    return f"{100 * ratio:.2f} %"


def reached(*conditions):
    return "yes" if all(conditions) else "**no**"


def quantile(values, part):
    """The smallest value that `part` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(part * 1000) * len(ordered) // 1000) - 1)]


def sessions(records):
    covs = [[case["cov_between"] for case in r["cases"] if "cov_between" in case] for r in records]
    medians = [statistics.median(c) for c in covs]
    nineties = [quantile(c, 0.9) for c in covs]
    worst = [max(c) for c in covs]
    durations = [r["session"]["duration_s"] for r in records]
    # how far the machine's own speed moved under the cases: each launch against the fastest one of its case
    ratios = [run["median_s"] / min(other["median_s"] for other in case["launches"])
              for r in records for case in r["cases"] if case["launches"] for run in case["launches"]]
    measured = {sum(1 for case in r["cases"] if case["status"] == "ok") for r in records}
    text = (f"median of the median case {percent(statistics.median(medians))} "
            f"(sessions: {', '.join(map(percent, medians))}); "
            f"90 % of cases below {', '.join(map(percent, nineties))}; "
            f"worst case {', '.join(map(percent, worst))}; "
            f"launches against the fastest of their case: 10 % below {quantile(ratios, 0.1):.2f}, "
            f"half below {quantile(ratios, 0.5):.2f}, 90 % below {quantile(ratios, 0.9):.2f}; "
            f"{'/'.join(map(str, sorted(measured)))} cases; {', '.join(f'{d:.0f} s' for d in durations)}")
    return text, reached(statistics.median(medians) < 0.005, statistics.median(nineties) < 0.02,
                         sum(w <= 0.10 for w in worst) >= 4, max(durations) < 180)


def bracket(records):
    case = records[0]["cases"][0]
    clock, both = case["bracket_s"] * 1e9, (case["bracket_s"] + case["witness_s"]) * 1e9
    return f"{clock:.1f} ns; {both:.0f} ns", reached(clock < 60, both < 1000)


def launch(records):
    starts = [run["startup_s"] * 1e3 for run in records[0]["cases"][0]["launches"]]
    median = statistics.median(starts)
    text = f"median {median:.2f} ms, 90 % below {quantile(starts, 0.9):.2f} ms, {len(starts)} launches"
    return text, reached(median < 10)


def facts(records):
    for key, value in records[0]["machine"].items():
        if key not in ("hostname", "cmdline", "mitigations"):
            print(f"- {key}: {value}")


def main(what, *files):
    records = []
    for name in files:
        with open(name, encoding="utf-8") as stream:
            records.append(json.load(stream))
    row = {"sessions": sessions, "bracket": bracket, "launch": launch, "facts": facts}[what](records)
    if row:
        print("|".join(row))


if __name__ == "__main__":
    main(*sys.argv[1:])
