#!/usr/bin/env python3
"""Backtests of Moniqo, backtesting.py and vectorbt, of the same candles by the same rules, in turns on one core.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install -r bench/peers/backtest/requirements.txt
    /tmp/venv/bin/python bench/peers/backtest/compare.py FILE.csv            # --check fails where an aim is missed

Rules: RSI of 14 (in the sweep 5 to 14) from below to 30 in, from above to 70 out, at the next open, all cash by 1e-8, 0.1 % a
side. Ours reckons all of its figures in every time that is told. Of vectorbt two times are told: signals and portfolio alone,
and with total return, Sharpe and drawdown. Its functions are compiled before, and ten columns are one call.

Nobody is timed for something else: closed trades and the last equity of the one RSI have to be backtesting.py's, and those of all
ten vectorbt's, or it fails. vectorbt is told no step of sizes: it cuts floats to whole steps in exits too, keeps a step of what it
should sell, and as it then still holds something never enters again. Without a step its equity is ours to 1e-7.
"""

import subprocess
import sys
import time
import warnings
from pathlib import Path

import backtesting.backtesting
import numpy as np
import pandas as pd
import talib
import vectorbt as vbt
from backtesting import Strategy
from backtesting.lib import FractionalBacktest

ROOT = Path(__file__).resolve().parents[3]
WINDOWS = list(range(5, 15))
ROUNDS = 15
MINUTE_MS = 60_000
# How many times faster ours is at the least: than others, and 500 strategies of 90 days of hours than a minute.
AIMS = {"backtesting.py": 200, "vectorbt": 2, "500 strategies": 1}


def fastest(work, rounds=ROUNDS):
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times) * 1e3


def ours(file):
    core = ["taskset", "-c", "0"]
    command = ["cargo", "bench", "-q", "-p", "backtest", "--bench", "sweep", "--", "--candles", str(file)]
    text = subprocess.run(core + command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return {name: float(value) for name, value in (line.split() for line in text.splitlines() if line.strip())}


class RsiCross(Strategy):
    def init(self):
        self.line = self.I(talib.RSI, np.array(self.data.Close), 14)

    def next(self):
        before, now = self.line[-2], self.line[-1]
        if before < 30 <= now:
            if not self.position:
                self.buy(size=1 - 2**-53)
        elif before > 70 >= now:
            self.position.close()


def events(frame):
    test = FractionalBacktest(frame, RsiCross, fractional_unit=1e-8, cash=10_000, commission=0.001)
    return lambda: test.run()


def arrays(frame, windows, figures):
    rsi_of = vbt.IndicatorFactory.from_talib("RSI")
    close, opens = frame.Close, frame.Open

    def work():
        rsi = rsi_of.run(close, timeperiod=windows).real.to_numpy()
        rsi = rsi.reshape(len(close), -1)
        before, now = rsi[:-1], rsi[1:]
        entries, exits = np.zeros(rsi.shape, bool), np.zeros(rsi.shape, bool)
        # A signal of one bar fills at the open of the next one.
        entries[2:] = ((before < 30) & (now >= 30))[:-1]
        exits[2:] = ((before > 70) & (now <= 70))[:-1]
        portfolio = vbt.Portfolio.from_signals(
            close, entries, exits, price=opens, init_cash=10_000, fees=0.001, freq="1h", direction="longonly", seed=1
        )
        if figures:
            portfolio.total_return(), portfolio.sharpe_ratio(), portfolio.max_drawdown()
        return portfolio

    return work


def compare(mine, by_event, portfolio):
    """Closed trades and last equity, ours and theirs; says which differ."""
    ends = portfolio.value().iloc[-1].to_numpy()
    closed = portfolio.trades.closed.count().to_numpy()
    theirs = {f"rsi_{window}": (*pair, 1e-7) for window, *pair in zip(WINDOWS, closed, ends)}
    theirs["rsi"] = (by_event["# Trades"], by_event["Equity Final [$]"], 1e-9)
    wrong = []
    for name, (trades, equity, tolerance) in theirs.items():
        own = (mine[f"{name}_trades"], mine[f"{name}_equity"])
        if own[0] != trades or abs(own[1] - equity) > tolerance * equity:
            wrong.append(f"{name}: ours {own}, theirs {(int(trades), float(equity))}")
    return wrong


def main():
    warnings.simplefilter("ignore")
    # Without its progress bar, which takes time and is for people.
    backtesting.backtesting._tqdm = lambda bars, **_: bars
    file = Path(sys.argv[1]).resolve()
    frame = pd.read_csv(file).rename(columns=str.title)
    frame.index = pd.to_datetime(frame["Time_Ms"], unit="ms")
    frame = frame[["Open", "High", "Low", "Close", "Volume"]]
    with_events = events(frame)
    bare, whole = (arrays(frame, WINDOWS, figures) for figures in (False, True))
    by_event, portfolio, _ = (work() for work in (with_events, bare, whole))
    mine, peers = ours(file), []
    wrong = compare(mine, by_event, portfolio)
    if wrong:
        print("\n".join(["not the same trades:"] + wrong), file=sys.stderr)
        return 1
    for _ in range(3):
        peers.append((fastest(with_events, 1), fastest(bare), fastest(whole)))
        again = ours(file)
        mine = {name: min(value, again[name]) for name, value in mine.items()}
    by_event, by_array, by_array_whole = (min(times) for times in zip(*peers))
    ratios = {"backtesting.py": by_event / mine["rsi_ms"], "vectorbt": by_array / mine["sweep_ms"]}
    ratios["500 strategies"] = MINUTE_MS / mine["five_hundred_ms"]
    bars = mine["candles"]
    print(f"{bars:.0f} candles, one core, least of several; trades and equity are the same")
    print(f"one RSI:  ours {mine['rsi_ms']:.3f} ms, backtesting.py {by_event:.1f} ms: {ratios['backtesting.py']:.0f} times")
    print(f"ten RSIs: ours {mine['sweep_ms']:.3f} ms, vectorbt {by_array:.2f} ms without figures: {ratios['vectorbt']:.1f} times")
    print(f"          with figures {by_array_whole:.2f} ms: {by_array_whole / mine['sweep_ms']:.1f} times")
    print(f"500 strategies of 2,160 hours: {mine['five_hundred_ms']:.0f} ms")
    missed = [name for name, ratio in ratios.items() if ratio < AIMS[name]]
    if "--check" in sys.argv and missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
