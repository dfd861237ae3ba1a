"""Indicators over a million bars, ours and TA-Lib's C library by its Python wheel, in one run on one machine.

    pip install -r bench/peers/indicators/requirements.txt
    python3 bench/peers/indicators/compare.py              # or --bars 8192, where nothing but the arithmetic counts
    python3 bench/peers/indicators/compare.py --check      # fails where an aim is missed

Both get the same random walk. Both are told to keep the memory that they have had (glibc's MALLOC_… variables), and to ask for huge pages, as NumPy does
for its arrays by itself (glibc.malloc.hugetlb): else it is the kernel's pages that are measured. Of each the fastest run counts, of those in
0.3 s and of 25 at least.

The set is measured three times: as new lines (`standard`), into lines that are there from call to call (`filled`), and in parts of 4,096 bars whose
lines are looked at before the next are made (`in_parts`). TA-Lib's wheel gets for its arrays what it gave back after the call before, and does not
clear it: so its calls fill memory that is there from call to call in all three, and `filled` is where both do the same. --check holds all three to
the aim of sets.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from functools import reduce
from pathlib import Path

import numpy as np
import talib

ROOT = Path(__file__).resolve().parents[3]
KEPT = {
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
    "MALLOC_MMAP_THRESHOLD_": "2000000000",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
# How much of TA-Lib's time each may take at most, and the set.
AIM = 1.0
AIM_OF_SETS = {"standard": 0.5, "filled": 0.5, "in_parts": 0.5}
RUNS = 25
LONG_ENOUGH_S = 0.3


def walk(bars):
    chance = np.random.default_rng(1)
    close = 1000 * np.exp(np.cumsum(chance.normal(0, 0.001, bars)))
    opening = np.concatenate([[close[0]], close[:-1]])
    high = np.maximum(opening, close) * (1 + abs(chance.normal(0, 0.001, bars)))
    low = np.minimum(opening, close) * (1 - abs(chance.normal(0, 0.001, bars)))
    return opening, high, low, close, abs(chance.normal(100, 30, bars))


def theirs(high, low, close, volume):
    bars, directions = (high, low, close), (talib.PLUS_DI, talib.MINUS_DI, talib.ADX)
    return {
        "rsi": lambda: talib.RSI(close, 14),
        "macd": lambda: talib.MACD(close, 12, 26, 9),
        "ema_50": lambda: talib.EMA(close, 50),
        "ema_200": lambda: talib.EMA(close, 200),
        "sma_20": lambda: talib.SMA(close, 20),
        "bollinger": lambda: talib.BBANDS(close, 20, 2, 2),
        "atr": lambda: talib.ATR(*bars, 14),
        "volume_sma": lambda: talib.SMA(volume, 20),
        "stochastic": lambda: talib.STOCH(*bars, 14, 3, 0, 3, 0),
        "adx": lambda: [of(*bars, 14) for of in directions],
        "obv": lambda: talib.OBV(close, volume),
        "donchian": lambda: talib.DONCHIAN(high, low, 20),
        "supertrend": lambda: talib.SUPERTREND(*bars, 10, 3.0),
        "cci": lambda: talib.CCI(*bars, 20),
        "mfi": lambda: talib.MFI(*bars, volume, 14),
        "williams_r": lambda: talib.WILLR(*bars, 14),
        "keltner": lambda: talib.KC(*bars, 20, 10, 2.0),
    }


def fastest(run):
    begun, least, runs = time.perf_counter(), float("inf"), 0
    while runs < RUNS or time.perf_counter() - begun < LONG_ENOUGH_S:
        since = time.perf_counter()
        made = run()
        least, runs = min(least, (time.perf_counter() - since) * 1000), runs + 1
        del made
    return least


def ours(columns):
    with tempfile.NamedTemporaryFile(suffix=".f64") as file:
        np.concatenate(columns).astype("<f8").tofile(file.name)
        asked = ["cargo", "bench", "-q", "-p", "indicators", "--bench", "speed", "--", "--columns", file.name]
        told = subprocess.run(asked, cwd=ROOT, env=os.environ | KEPT, check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in told.splitlines() if len(line.split()) == 3]
    return {name: (float(at_once), float(each)) for name, at_once, each in rows}


def least(one, other):
    """Of both rounds, the fastest of each."""
    return {name: tuple(map(min, one[name], other[name])) for name in one}


def peer(columns):
    calls = theirs(*columns)
    alone = {name: (fastest(run),) for name, run in calls.items()}
    names = list(calls)[:8]
    together = (fastest(lambda: [calls[name]() for name in names]),)
    return alone | {"standard": together, "filled": together, "in_parts": (sum(alone[name][0] for name in names),)}


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--bars", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=3, help="in turns, as other work comes and goes")
    asked.add_argument("--check", action="store_true")
    asked = asked.parse_args()
    columns = walk(asked.bars)
    rounds = [(peer(columns[1:]), ours(columns)) for _ in range(asked.rounds)]
    others, own = (reduce(least, side) for side in zip(*rounds))
    print(f"ns a bar, {asked.bars:,} bars; TA-Lib {talib.__version__}\n")
    print("| | TA-Lib | ours, at once | ratio | ours, bar by bar |\n|---|---|---|---|---|")
    missed = []
    for name, (at_once, each) in own.items():
        [other] = others.get(name, (float("nan"),))
        at_once, each, other = (value * 1e6 / asked.bars for value in (at_once, each, other))
        print(f"| {name} | {other:.2f} | {at_once:.2f} | {at_once / other:.2f} | {each:.2f} |")
        if at_once / other > AIM_OF_SETS.get(name, AIM):
            missed.append(name)
    if asked.check and missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    if any(os.environ.get(name) != value for name, value in KEPT.items()):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | KEPT)
    sys.exit(main())
