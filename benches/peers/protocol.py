"""How a peer is asked for figures: a workload in JSON on stdin, its speed in JSON on stdout.

A workload is a line of `tanren bench --list --json`, with "seconds" and "rounds" added. A peer keeps
what it has made for a workload, so compiling is paid once and never measured.
"""

import json
import os
import sys
import time

THREADS = int(os.environ.get("PEER_THREADS", "1"))


def best(epoch, rows, seconds, rounds):
    """Samples per second in the best round; a round is some epochs and lasts at least `seconds`.

    What an epoch returns, if it is a number, is counted instead of its rows.
    """
    found = 0.0
    for _ in range(rounds):
        done, start, elapsed = 0, time.perf_counter(), 0.0
        while elapsed < seconds:
            done += epoch() or rows
            elapsed = time.perf_counter() - start
        found = max(found, done / elapsed)
    return found


def serve(name, make):
    """Answers until stdin ends. `make(workload)` gives a function that trains for an epoch.

    If it does something else to more rows than an epoch has, their number is its attribute `rows`.
    """
    answer({"peer": name})
    epochs = {}
    for line in sys.stdin:
        workload = json.loads(line)
        try:
            if workload["workload"] not in epochs:
                epochs[workload["workload"]] = make(workload)
                epochs[workload["workload"]]()  # warm up
            epoch = epochs[workload["workload"]]
            rows = getattr(epoch, "rows", workload["rows"])
            speed = best(epoch, rows, workload["seconds"], workload["rounds"])
            answer({"per_s": speed})
        except Exception as error:  # whatever it is, the other peers go on
            answer({"error": f"{type(error).__name__}: {error}"[:200]})


def answer(message):
    print(json.dumps(message), flush=True)
