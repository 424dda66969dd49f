#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Figures of docs/evidence.md out of records: evidence.py sessions|peers|bodies|bracket|counting|disturbed|witnessing|launch|facts FILE..., times, thefts LOG, injected LOG..., shield PROGRAM,
proofs PROGRAM LOG..., drill STRIDE LOG"""
import json
import math
import os
import re
import statistics
import subprocess
import sys
import time


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


def times(lines):
    """Lines of "TUNE_US RESTORE_US"."""
    pairs = [[int(word) for word in line.split()] for line in lines]
    if pairs:
        print("tune {:.2f} s, restore {:.2f} s".format(*(statistics.median(column) * 1e-6 for column in zip(*pairs))))


def shield(program):
    """What `shield` without knobs adds to a command, interleaved with the command alone."""
    command = ["sleep", "0.01"]
    alone, shielded = [], []
    for _ in range(60):
        for taken, words in ((alone, command), (shielded, [program, "shield", "--profile", "none", "--", *command])):
            started = time.monotonic()
            subprocess.run(words, check=True)
            taken.append(1e3 * (time.monotonic() - started))
    added = [b - a for a, b in zip(alone, shielded)]
    print(f"{statistics.median(added):.2f} ms more (alone {statistics.median(alone):.2f} ms, 90 % of pairs below "
          f"{quantile(added, 0.9):.2f} ms)")


OUTCOMES = {"applied": "applied", "already": "as found", "unsupported": "absent", "refused": "left out"}


def guests_of(lines):
    """What the logs of guests say: {(guest, knob)} that were proven, {(guest, knob): (outcome, reason)} of the surveys."""
    proven, surveyed = set(), {}
    for line in lines:
        kind, *words = line.rstrip("\n").split("|", 4)
        if kind == "# proven":
            proven.add(tuple(words))
        elif kind == "# surveyed":
            guest, knob, outcome, reason = words
            surveyed[guest, knob] = (outcome, reason)
    return proven, surveyed


def guest_order(guest):
    return guest.split()[0] != "x86-64", guest.split()[2:], [int(part) for part in guest.split()[1].split(".")]


def proof_table(knobs, guests, proven, surveyed):
    reasons = []

    def cell(guest, knob):
        if (guest, knob) in proven:
            return "proven"
        if (guest, knob) not in surveyed:
            return ""
        outcome, reason = surveyed[guest, knob]
        word = OUTCOMES.get(outcome, f"**{outcome}**")
        if word in ("applied", "as found"):
            return word
        if (knob, reason) not in reasons:
            reasons.append((knob, reason))
        return f"{word} [{reasons.index((knob, reason)) + 1}]"

    print("| knob |", " | ".join(guests), "|")
    print("|---" * (len(guests) + 1) + "|")
    for name, unproven in knobs.items():
        print(f"| {name}{' (`unproven`)' if unproven else ''} |", " | ".join(cell(guest, name) for guest in guests), "|")
    print()
    for number, (knob, reason) in enumerate(reasons, 1):
        print(f"{number}. {knob}: {reason}")


def proofs(program, *logs):
    """The table of proofs on stdout, the row of evidence on stderr."""
    command = [program, "knobs", "--no-config", "--format", "json"]
    listed = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["knobs"]
    knobs = {knob["name"]: knob["unproven"] for knob in listed}
    proven, surveyed = guests_of(line for log in logs for line in open(log, errors="replace"))
    guests = sorted({guest for guest, _ in proven | set(surveyed)}, key=guest_order)
    seen = {knob for _, knob in proven}
    broken = [log.rsplit("/", 1)[-1] for log in logs if ", 0 of them broken" not in open(log, errors="replace").read()]
    wrong = [name for name, unproven in knobs.items() if unproven == (name in seen)] + sorted(seen - set(knobs))
    proof_table(knobs, guests, proven, surveyed)
    text = (f"{len(seen)} of {len(knobs)} knobs proven, on {len(guests)} guests ({len(proven)} proofs); unproven and marked so: "
            f"{', '.join(name for name, unproven in knobs.items() if unproven and name not in seen) or 'none'}")
    text += f"; marks that disagree: {', '.join(wrong)}" if wrong else ""
    text += f"; did not come to their end or have a broken claim: {', '.join(broken)}" if broken else ""
    print(text, reached(proven, not wrong, not broken), sep="|", file=sys.stderr)


def drill(stride, log):
    """The lines of tests/guest/drill: "# drill|SET|DEATH|STRIDE|STEPS|BACK|SNAPSHOTS|IDENTICAL"."""
    text = open(log, encoding="utf-8", errors="replace").read()
    rows = [line.split("|")[2:] for line in text.splitlines() if line.startswith("# drill|")]
    figures = "; ".join(f"{death}: {back} of {steps} steps restored, {same} of {looks} snapshots identical"
                        for death, _, steps, back, looks, same in rows)
    every = all(int(row[1]) == 1 for row in rows)
    whole = all(row[2] == row[3] and row[4] == row[5] and int(row[2]) > 0 for row in rows)
    ended = ", 0 of them broken" in text
    if not every:
        figures += f" (every {stride}th step only)"
    print(figures or "not measured", reached(rows, every, whole, ended), sep="|")


def cov(values):
    return statistics.stdev(values) / statistics.mean(values)


def both_tools(records):
    """{body: (values of ours, those of Google Benchmark, its CPU times)}, one value for each process; and {body: seconds}"""
    values, spent = {}, {}
    for r in records:
        for case in r.get("cases", []):
            name, run = case["name"].split("=")[-1], case["launches"][0]
            values.setdefault(name, ([], [], []))[0].append(run["median_s"])
            spent.setdefault(name, ([], []))[0].append(sum(s["time_s"] for s in run["samples"]))
        for case in r.get("benchmarks", []):
            values.setdefault(case["name"], ([], [], []))[1].append(case["real_time"])
            values[case["name"]][2].append(case["cpu_time"])
            spent.setdefault(case["name"], ([], []))[1].append(case["iterations"] * case["real_time"] * 1e-9)
    return values, spent


def peers(records):
    covs = [tuple(map(cov, tools)) for tools in both_tools(records)[0].values()]
    ours, theirs, cpu = zip(*covs)
    fifo = {c["outcome"] for r in records for c in r.get("conditions", []) if c["knob"] == "fifo"}
    text = (f"CoV over processes: median body {percent(statistics.median(ours))} against {percent(statistics.median(theirs))} "
            f"({percent(statistics.median(cpu))} by its CPU time), a {statistics.median(theirs) / statistics.median(ours):.0f}th; "
            f"worst body {percent(max(ours))} against {percent(max(theirs))} ({percent(max(cpu))}); "
            f"fifo {', '.join(sorted(fifo))}")
    return text, reached(statistics.median(ours) <= statistics.median(theirs) / 20, max(ours) < 0.02)


def bodies(records):
    values, spent = both_tools(records)
    print("| body | CoV, stablebench | CoV, Google Benchmark | the same by its CPU time | timed per process, s: stablebench | Google Benchmark |")
    print("|---|---|---|---|---|---|")
    for name, tools in values.items():
        print("|", " | ".join([name, *map(percent, map(cov, tools)), *(f"{statistics.mean(s):.2f}" for s in spent[name])]), "|")


def per_sample(record):
    """The witnesses that are read around each sample: not what is read around a launch, nor who took the CPU."""
    around = set(record["cases"][0]["launches"][0]["host"]) | {"thieves"}
    return [w["name"] for w in record["witnesses"] if "reason" not in w and w["name"] not in around]


def bracket(records):
    case = records[0]["cases"][0]
    clock, all_of_it = case["bracket_s"] * 1e9, (case["bracket_s"] + case["witness_s"]) * 1e9
    rusage = clock + float(os.environ["RUSAGE_NS"])
    told = per_sample(records[0])
    return (f"{clock:.1f} ns; {rusage:.0f} ns; {all_of_it:.0f} ns ({', '.join(told)}, and thefts)",
            reached(clock < 60, rusage < 1000))


def counting(records):
    case = records[0]["cases"][0]
    if "counter_s" not in case:
        return "not to be had: " + "; ".join(sorted({c["reason"] for c in case["counters"].values() if "reason" in c})), "**no**"
    group, witnesses = case["counter_s"] * 1e9, case["witness_s"] * 1e9
    told = per_sample(records[0])
    return (f"{group:.0f} ns, by {case['counters_by']}; {witnesses:.0f} ns ({', '.join(told)})", reached(group < 1500))


def covs_within(records, wanted):
    """CoV of each launch over those of its samples that are wanted."""
    for case in (c for r in records for c in r["cases"]):
        for one in case["launches"]:
            times = [s["time_s"] / s["iterations"] for s in one["samples"] if wanted(s)]
            if len(times) > 1:
                yield cov(times)


def disturbed(records):
    everything, clean = (list(covs_within(records, wanted)) for wanted in (lambda s: True, lambda s: not s["causes"]))
    samples = [s for r in records for c in r["cases"] for one in c["launches"] for s in one["samples"]]
    aside, tainted = (sum(1 for s in samples if s.get("set_aside") == w and s["causes"]) for w in (True, None))
    middle = [statistics.median(covs) for covs in (everything, clean)]
    text = (f"median launch: all samples {percent(middle[0])}, clean samples {percent(middle[1])}; mean launch: "
            f"{percent(statistics.mean(everything))}, {percent(statistics.mean(clean))}; {len(samples)} samples taken, "
            f"{aside} taken again, {tainted} disturbed ones left, {len(everything)} launches of {len(records[0]['cases'])} cases")
    return text, reached(middle[1] <= middle[0] / 10)


def median_interval(values):
    """Of the median, of at least 95 %, by order statistics; None where there are too few values."""
    ordered, count = sorted(values), len(values)
    below, least = 0.0, None
    for i in range(count // 2):
        below += math.comb(count, i) / 2 ** count
        if 2 * below <= 0.05:
            least = i
    return (ordered[least], ordered[count - 1 - least]) if least is not None else None


def witnessing(records):
    """Sessions in the order without, with, with, without, again and again: what the witnesses do to all time of a case's launches,
    the disturbed samples too, in the median launch of each session. Shown is only what an interval lies below."""
    texts, below = [], []
    for name in (c["name"] for c in records[0]["cases"]):
        changes = []
        for block in zip(*[iter(records)] * 4):
            off, on, on_again, off_again = (
                statistics.median(sum(s["time_s"] for s in one["samples"]) / sum(s["iterations"] for s in one["samples"])
                                  for c in r["cases"] if c["name"] == name for one in c["launches"]) for r in block)
            changes.append((on + on_again) / (off + off_again) - 1)
        low, high = median_interval(changes) or (-math.inf, math.inf)
        below.append(high < 0.005)
        texts.append(f"{name} {100 * statistics.median(changes):+.3f} % (median of {len(changes)} blocks; 95 % interval "
                     f"{100 * low:+.3f} % to {100 * high:+.3f} %{'' if below[-1] else ': too wide to tell' if low < 0.005 else ''})")
    return "; ".join(texts), reached(*below)


def thefts(lines):
    """What the unit test prints: times and time by the thief's own clock, both as found, and what interrupts took from it."""
    pattern = re.compile(r"thief: (\d+) times and ([\d.]+) ms .* found (\d+) and ([\d.]+) ms, and ([\d.]+) ms of interrupts")
    runs = [tuple(float(value) for value in match.groups()) for match in map(pattern.search, lines) if match]
    if not runs:
        raise SystemExit("no thief was looked for: who took the CPU is not to be had here")
    counts = [found / wanted for wanted, _, found, _, _ in runs]
    times = [(found + interrupted) / truth - 1 for _, truth, _, found, interrupted in runs]
    text = (f"{sum(int(run[2]) for run in runs)} of {sum(int(run[0]) for run in runs)} found; time {100 * min(times):+.2f} % to "
            f"{100 * max(times):+.2f} % over {len(runs)} runs")
    return text, reached(all(0.99 <= count <= 1.01 for count in counts), all(abs(time) < 0.05 for time in times))


def injected(logs):
    """The lines of tests/guest/test_injected.sh, of a log for each kernel:
    "# injected|WHAT|CAUSE|EVENTS' SAMPLES|FOUND|WRONG|EVENTS|COUNTED|OTHERS|SPURIOUS|NAMED"."""
    sums, conditions = {}, []
    for lines in logs:
        rows = [line.rstrip("\n").split("|")[1:] for line in lines if line.startswith("# injected|")]
        conditions.append(bool(rows))
        for what, cause, *numbers in rows:
            disturbed, found, wrong, events, counted, others, spurious, named = (
                int(number) if number != "-" else None for number in numbers)  # "-" where it is not known exactly
            conditions += [found >= 0.99 * disturbed, 100 * wrong <= disturbed, 100 * spurious < others]
            row = sums.setdefault((what, cause), [0] * 8)
            for i, number in enumerate((disturbed, found, wrong, others, spurious, events, counted, named)):
                row[i] = None if number is None or row[i] is None else row[i] + number
    parts = []
    for (what, cause), (disturbed, found, wrong, others, spurious, events, counted, named) in sums.items():
        name = cause.replace(",", " and ") if cause != "-" else "no cause"
        exact = f", {wrong} with the cause of another too" if wrong else ""
        exact += f", {counted} of {events} events counted" if counted is not None else ""
        exact += f", {named} name who did it" if named is not None else ""
        parts.append(f"{what} ({name}): {found} of {disturbed} found, {spurious} of {others} false{exact}" if disturbed else
                     f"beside no generator {spurious} of {others} with any cause")
    kernels = [line[2:].split("-")[0].strip() for lines in logs for line in lines if re.match(r"# \d+\.\d+\.\d", line)]
    return f"on Linux {', '.join(kernels)}: {'; '.join(parts)}" if parts else "not measured", reached(*conditions)


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
    if what in ("proofs", "drill"):
        return {"proofs": proofs, "drill": drill}[what](*files)
    if what in ("times", "shield"):
        return times(sys.stdin) if what == "times" else shield(*files)
    if what in ("thefts", "injected"):
        logs = []
        for name in files:
            with open(name, encoding="utf-8") as stream:
                logs.append(stream.readlines())
        print("|".join(injected(logs) if what == "injected" else thefts(logs[0])))
        return None
    records = []
    for name in files:
        with open(name, encoding="utf-8") as stream:
            records.append(json.load(stream))
    row = {"sessions": sessions, "peers": peers, "bodies": bodies, "bracket": bracket, "counting": counting,
           "disturbed": disturbed,
           "witnessing": witnessing, "launch": launch, "facts": facts}[what](records)
    if row:
        print("|".join(row))
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
