"""Rules read a second time, over whole columns: what is not defined is neither true nor false (Kleene), as in docs/strategies.md."""

import numpy as np
import pandas as pd
import talib

OPERATORS = {
    "<": lambda left, right, *_: left < right,
    "<=": lambda left, right, *_: left <= right,
    ">": lambda left, right, *_: left > right,
    ">=": lambda left, right, *_: left >= right,
    "crosses_above": lambda left, right, left_before, right_before: (left_before < right_before) & (left >= right),
    "crosses_below": lambda left, right, left_before, right_before: (left_before > right_before) & (left <= right),
}


def vwap(frame):
    """Of the UTC day so far."""
    typical, day = (frame.High + frame.Low + frame.Close) / 3, frame.index.floor("D")
    return (typical * frame.Volume).groupby(day).cumsum() / frame.Volume.groupby(day).cumsum()


def supertrend(bars, period, ranges):
    """Line and direction, which TA-Lib says as 0 where there is no line yet."""
    line, direction = talib.SUPERTREND(*bars, period, ranges)
    return {"supertrend": line, "direction": np.where(np.isnan(line), np.nan, direction)}


def indicator(of, frame):
    source = frame[of.get("source", "close").title()].to_numpy()
    bars = [frame[name].to_numpy() for name in ("High", "Low", "Close")]

    def period(usual):
        return of.get("period", usual)

    def donchian():
        upper, lower = talib.MAX(bars[0], period(20)), talib.MIN(bars[1], period(20))
        return {"middle": (upper + lower) / 2, "upper": upper, "lower": lower}

    lines = {
        "sma": lambda: {"sma": talib.SMA(source, period(20))},
        "ema": lambda: {"ema": talib.EMA(source, period(50))},
        "rsi": lambda: {"rsi": talib.RSI(source, period(14))},
        "atr": lambda: {"atr": talib.ATR(*bars, period(14))},
        "adx": lambda: {"adx": talib.ADX(*bars, period(14))},
        "macd": lambda: dict(zip(("macd", "signal", "histogram"), talib.MACD(source, 12, 26, 9))),
        "bollinger": lambda: dict(zip(("upper", "middle", "lower"), talib.BBANDS(source, period(20), *[of.get("deviations", 2.0)] * 2))),
        "donchian": donchian,
        "supertrend": lambda: supertrend(bars, period(10), of.get("ranges", 3.0)),
        "vwap": lambda: {"vwap": vwap(frame)},
    }[of["indicator"]]()
    return lines[of.get("line", of["indicator"])]


def operand(of, frame):
    """A line, NaN where there is none."""
    if isinstance(of, (int, float)):
        return pd.Series(float(of), frame.index)
    if isinstance(of, str):
        of = {"price": of}
    line = frame[of["price"].title()] if "price" in of else indicator(of, frame)
    return pd.Series(np.asarray(line, float), frame.index).shift(of.get("ago", 0)) * of.get("times", 1)


def truth(of, frame):
    """True, false or missing at each bar."""
    if "all" in of or "any" in of:
        met, *others = (truth(one, frame) for one in of.get("all") or of["any"])
        for other in others:
            met = met & other if "all" in of else met | other
        return met
    if "not" in of:
        return ~truth(of["not"], frame)
    if "within" in of:
        inner = truth(of["of"], frame)
        met = inner
        for bars in range(1, of["within"]):
            met = met | inner.shift(bars)
        return met
    left, right = operand(of["left"], frame), operand(of["right"], frame)
    sides = [left, right, *(side.shift(1) for side in (left, right) if of["op"].startswith("crosses"))]
    known = np.logical_and.reduce([side.notna() for side in sides])
    return OPERATORS[of["op"]](*sides).astype("boolean").where(known)


def warm_up(of, frame):
    """The first bar on which all that is looked at is there."""
    inner = of.get("all") or of.get("any") or [of[name] for name in ("not", "of") if name in of]
    if inner:
        return max(warm_up(one, frame) for one in inner) + of.get("within", 1) - 1
    return max(int(operand(of[side], frame).notna().to_numpy().argmax()) for side in ("left", "right"))
