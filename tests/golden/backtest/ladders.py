#!/usr/bin/env python3
"""Ladders played a second time, with exact fractions, by whoever has not read the first.

Written from docs/backtests.md. Plans are those of tests/golden/ladder/reference.py, which does not know the Rust code either. What is said,
and when, is drawn: a strategy is not what is tested here. It makes `ladders.json` beside it:

    python3 tests/golden/backtest/ladders.py            # writes it
    python3 tests/golden/backtest/ladders.py --check    # says whether it would change

Needs nothing but Python 3.10 or later.
"""

import csv
import importlib.util
import json
import random
import sys
from fractions import Fraction as F
from math import ceil, floor
from pathlib import Path

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("plans", HERE.parent / "ladder" / "reference.py")
plans = importlib.util.module_from_spec(spec)
spec.loader.exec_module(plans)

EIGHT_HOURS = 8 * 3_600_000
UNIT = F(1, 10**8)
EQUITY_EVERY = 7


def candles():
    with open(HERE / "candles.csv") as file:
        rows = list(csv.DictReader(file))
    return [(int(row["time_ms"]), *(F(row[name]) for name in ("open", "high", "low", "close"))) for row in rows]


class Trader:
    """Everything is looked at from a long: a price `p` of a short is `-p`, so that gains are always upwards."""

    def __init__(self, case):
        self.case, self.asked = case, case["ladder"]
        self.sign = -1 if self.asked["side"] == "short" else 1
        self.leverage = case.get("leverage")
        self.fee, self.slip = F(self.asked["fee_rate"]), F(case.get("slippage", 0))
        self.tick = F(self.asked["market"]["price_tick"])
        self.cash, self.refused, self.funding = F(case["cash"]), 0, F(0)
        self.fills, self.held, self.cost = [], F(0), F(0)
        self.clear()

    def clear(self):
        self.legs, self.rows, self.level, self.taken = [], [], -1, {}
        self.trail, self.peak = None, None

    # ---- orders

    def at_market(self, price, buys):
        if buys:
            return plans.up(price * (1 + self.slip), self.tick)
        return max(plans.down(price * (1 - self.slip), self.tick), self.tick)

    def fill(self, bar, what, price, size, enters, place=None):
        fee = price * size * self.fee
        self.cash -= fee
        if self.leverage:
            if enters:
                self.cost += price * size
            else:
                back = self.cost if size == self.held else floor(self.cost * size / self.held / UNIT) * UNIT
                self.cost -= back
                self.cash += self.sign * (price * size - back)
        else:
            self.cash += -price * size if enters else price * size
        self.held += size if enters else -size
        self.fills.append([bar, what, place, float(price), float(size), float(fee)])
        if not self.held:
            self.clear()

    def enter(self, bar, opening):
        price = self.at_market(opening, self.sign > 0)
        asked = self.asked | {"entry_price": plans.exact(price)}
        if not self.leverage:
            asked["balance"] = plans.exact(floor(max(self.cash, 0) / UNIT) * UNIT)
        plan = plans.plan(asked)
        needed = sum(self.margin_of(F(leg["price"]) * F(leg["quantity"])) for leg in plan["legs"]) if self.leverage else 0
        if "pre_flight" in plan or needed > floor(max(self.cash, 0) / UNIT) * UNIT:
            self.refused += 1
            return
        self.legs = [(F(leg["price"]), F(leg["quantity"])) for leg in plan["legs"]]
        self.rows = [(self.placed(row["take_profit"]), self.number(row["stop_loss_price"]), self.number(row.get("break_even_price")),
                      self.number(row.get("all_profit_price")))
                     for row in plan["after_fill"]]
        self.add(bar)

    @staticmethod
    def number(text):
        return None if text is None else F(text)

    def margin_of(self, worth):
        return ceil(worth * (1 + self.fee * self.leverage) / self.leverage / UNIT) * UNIT

    def add(self, bar):
        self.level += 1
        price, size = self.legs[self.level]
        self.fill(bar, "entry", price, size, True, self.level)

    # ---- where it is left

    @staticmethod
    def placed(parts):
        """(step, leg, price, quantity, whether it trails) of each that is an order, the nearest first."""
        placed, carried = [], F(0)
        for number, part in enumerate(parts, 1):
            carried += F(part["quantity"])
            if part.get("joins") == "next":
                continue
            if part.get("joins") == "previous":
                placed[-1][3] += carried
            else:
                trails = "trailing_percent" in part
                placed.append([1 if "level" in part else number, part.get("level"), F(part["price"]), carried, trails])
            carried = F(0)
        return placed

    def targets(self):
        """The same with what is still to be sold of each."""
        placed = [list(one) for one in self.rows[self.level][0]]
        left = self.held
        for index, one in enumerate(placed):
            open_still = max(one[3] - self.taken.get((one[1], one[0]), F(0)), F(0))
            one[3] = left if index == len(placed) - 1 else min(open_still, left)
            left -= one[3]
        return placed

    def behind(self, price, percent):
        far = price * (1 - self.sign * F(percent) / 100)
        return plans.down(far, self.tick) if self.sign > 0 else plans.up(far, self.tick)

    def see(self, price):
        if self.asked.get("stop_loss_trailing"):
            here = self.behind(price, self.asked["stop_loss_percent"])
            self.trail = here if self.trail is None else self.best(self.trail, here)
        if self.peak is not None:
            self.peak = self.best(self.peak, price)
        elif any(one[4] and self.reaches(price, one[2]) for one in self.targets()):
            self.peak = price

    def best(self, *prices):
        return max(prices, key=lambda price: self.sign * price)

    def reaches(self, price, target):
        return self.sign * price >= self.sign * target

    def exit_place(self):
        """(what, step, price) of what leaves everything as the price comes back."""
        (_, stop, even, _), places = self.rows[self.level], []
        if stop is not None:
            stops = [stop] + ([self.trail] if self.trail is not None else [])
            after = self.asked.get("break_even_after_step")
            if after and any(step >= after for _, step in self.taken):
                stops.append(even)
            places.append(("stop", None, self.best(*stops)))
        if self.peak is not None:
            [(step, percent)] = [(one[0], self.asked["take_profit"]["trailing_percent"]) for one in self.targets() if one[4]]
            places.append(("take_profit", step, self.behind(self.peak, percent)))
        # Of two at the same place it is the profit's.
        return max(places, key=lambda place: (self.sign * place[2], place[0] == "take_profit"), default=None)

    def is_lost(self, price):
        if not self.leverage:
            return False
        margin = ceil(self.cost / self.leverage / UNIT) * UNIT
        return margin + self.sign * (price * self.held - self.cost) <= 0

    # ---- a bar

    def up_to(self, bar, price):
        while self.held:
            met = [one for one in self.targets() if one[3] > 0 and not one[4] and self.reaches(price, one[2])]
            whole = self.rows[self.level][3]
            if whole is not None and self.reaches(price, whole) and not (met and self.reaches(whole, met[0][2])):
                self.fill(bar, "take_profit_of_all", self.at_market(whole, self.sign < 0), self.held, False)
                return
            if not met:
                self.see(price)
                return
            step, leg, at, size, _ = met[0]
            self.taken[(leg, step)] = self.taken.get((leg, step), F(0)) + size
            self.fill(bar, "take_profit", at, size, False, step)

    def down_to(self, bar, start, end):
        """Whether anything was filled."""
        before = len(self.fills)
        while self.held:
            out = self.exit_place()
            out = out if out and self.reaches(out[2], end) else None
            leg = self.legs[self.level + 1] if self.level + 1 < len(self.rows) else None
            leg = leg if leg and self.reaches(leg[0], end) else None
            if out and leg and not self.reaches(out[2], leg[0]):
                out = None
            price = -self.sign * max(-self.sign * out[2], -self.sign * start) if out else leg[0] if leg else end
            if self.is_lost(price):
                margin = ceil(self.cost / self.leverage / UNIT) * UNIT
                self.cash -= margin
                self.fills.append([bar, "liquidation", None, float((self.cost - self.sign * margin) / self.held), float(self.held), 0.0])
                self.held, self.cost = F(0), F(0)
                self.clear()
            elif out:
                self.fill(bar, out[0], self.at_market(price, self.sign < 0), self.held, False, out[1])
            elif leg:
                self.add(bar)
            else:
                break
        return len(self.fills) > before

    def bar(self, bar, opening, high, low, close):
        best, worst = (high, low) if self.sign > 0 else (low, high)
        self.up_to(bar, opening)
        if self.down_to(bar, opening, worst):
            if self.held:
                self.see(close)
        else:
            self.up_to(bar, best)
            self.down_to(bar, best, worst)

    def worth(self, close):
        return self.cash + (self.sign * (close * self.held - self.cost) if self.leverage else close * self.held)

    def play(self, rows, said):
        due, equity = {bar + 1 + self.case.get("latency", 0): what for bar, what in said}, []
        for bar, (time, opening, high, low, close) in enumerate(rows):
            if bar and self.held and "funding_rate" in self.case:
                times = time // EIGHT_HOURS - rows[bar - 1][0] // EIGHT_HOURS
                paid = self.sign * times * F(self.case["funding_rate"]) * opening * self.held
                self.cash, self.funding = self.cash - paid, self.funding + paid
            if due.get(bar) == "enter" and not self.held:
                self.enter(bar, opening)
            elif due.get(bar) == "exit" and self.held:
                self.fill(bar, "exit", self.at_market(opening, self.sign < 0), self.held, False)
            self.bar(bar, opening, high, low, close)
            equity.append(float(self.worth(close)))
        return equity


MARKET = {"price_tick": "0.01", "quantity_step": "0.00001", "quantity_min": "0.00001", "notional_min": "5"}
COARSE = {"price_tick": "0.5", "quantity_step": "0.001", "quantity_min": "0.001", "notional_min": "20"}


def steps(*parts, **more):
    return {"basis": "average", "steps": [{"profit_percent": profit, "amount_percent": amount} for profit, amount in parts]} | more


def ladder(side="long", market=MARKET, fee="0.001", base="500", count=4, quote="500", deviation="2", step="1.5", volume="1.5", take=None, stop=None, **more):
    stops = {"stop_loss_percent": stop} if stop else {}
    orders = {"count": count, "quote": quote, "deviation_percent": deviation, "step_scale": step, "volume_scale": volume}
    return {"market": market, "fee_rate": fee, "side": side, "entry_price": "1", "base_order": {"quote": base},
            "safety_orders": orders, "take_profit": take or steps(("1.5", "100"))} | stops | more


EACH = {"mode": "per_leg", "steps": [{"profit_percent": "1.2", "amount_percent": "100"}]}
BOTH = EACH | {"mode": "hybrid", "all_profit_percent": "0.6"}


def cases():
    halves, even = steps(("1", "60"), ("3", "40")), {"break_even_after_step": 1}
    yield "coins", {"ladder": ladder()}
    yield "coins with a stop", {"ladder": ladder(stop="4"), "slippage": "0.0005"}
    yield "coins in two steps to break even", {"ladder": ladder(take=halves, stop="9", **even), "latency": 1}
    yield "coins, each order by itself", {"ladder": ladder(take=EACH, count=8, step="1", volume="1", deviation="1", quote="400")}
    yield "coins, a stop that trails", {"ladder": ladder(stop="5", stop_loss_trailing=True), "slippage": "0.001"}
    yield "coins, a profit that trails", {"ladder": ladder(take=steps(("1", "50"), ("2", "50"), trailing_percent="1.5"), stop="8")}
    yield "coins, more than there is", {"ladder": ladder(base="3000", quote="3000")}
    yield "coins on a coarse grid", {"ladder": ladder(market=COARSE, take=halves, stop="6", stop_loss_basis="average")}
    yield "coins, each order by itself or all at once", {"ladder": ladder(take=BOTH, count=8, step="1", volume="1", deviation="1", quote="400"), "slippage": "0.0002"}
    for side in ("long", "short"):
        both = {"side": side}
        yield f"contracts, {side}", {"ladder": ladder(**both), "leverage": 1, "funding_rate": "0.0001"}
        yield f"contracts, {side}, with a stop", {"ladder": ladder(stop="4", **both), "leverage": 3, "slippage": "0.0005", "funding_rate": "-0.0003"}
        yield f"contracts, {side}, whose margins are lost", {"ladder": ladder(count=2, **both), "leverage": 30}
        yield f"contracts, {side}, a stop behind the margin", {"ladder": ladder(count=1, stop="12", **both), "leverage": 20}
        yield f"contracts, {side}, each order by itself", {"ladder": ladder(take=EACH, count=8, step="1", volume="1", deviation="1", **both), "leverage": 5}
        yield f"contracts, {side}, each order by itself or all at once", {"ladder": ladder(take=BOTH, count=8, step="1", volume="1", deviation="0.7", **both), "leverage": 3}
        yield f"contracts, {side}, in steps to break even", {"ladder": ladder(take=halves, stop="9", **both, **even), "leverage": 2, "funding_rate": "0.00012345"}
        yield f"contracts, {side}, all that trails", {
            "ladder": ladder(take=steps(("1", "30"), ("2", "70"), trailing_percent="0.8"), stop="3", stop_loss_trailing=True, **both), "leverage": 4, "slippage": "0.001", "latency": 2}
        yield f"contracts, {side}, for little cash", {"ladder": ladder(**both), "leverage": 4, "cash": "1650"}
        yield f"contracts, {side}, on a coarse grid", {"ladder": ladder(market=COARSE, take=halves, stop="6", stop_loss_basis="average", **both), "leverage": 7}


def made():
    every, told = candles(), []
    for number, (name, case) in enumerate(cases()):
        # By turns one half of them: prices rise in the first, and fall in the second.
        begin = number % 2 * len(every) // 2
        rows = every[begin:begin + len(every) // 2]
        draw, said, bar = random.Random(number), [], 0
        while bar < len(rows):
            said.append([bar, draw.choice(["enter", "enter", "enter", "exit"])])
            bar += draw.randint(1, 25)
        case = {"name": name, "candles": [begin, begin + len(rows)], "cash": "10000"} | case
        trader = Trader(case)
        equity = trader.play(rows, said)
        told.append(case | {"said": said, "fills": trader.fills, "refused": trader.refused, "funding": float(trader.funding),
                            "equity_every": EQUITY_EVERY, "equity": equity[::EQUITY_EVERY], "final": equity[-1]})
    return told


def main():
    told, place = made(), HERE / "ladders.json"
    text = "[\n" + ",\n".join(json.dumps(case) for case in told) + "\n]\n"
    if "--check" in sys.argv:
        sys.exit(0 if place.read_text() == text else "ladders.json would change")
    place.write_text(text)
    for case in told:
        kinds = {what: sum(fill[1] == what for fill in case["fills"]) for what in ("entry", "take_profit", "take_profit_of_all", "stop", "exit", "liquidation")}
        print(f"{case['name']}: {kinds}, refused {case['refused']}, {case['final']:.2f}")


if __name__ == "__main__":
    main()
