#!/usr/bin/env python3
"""Ladders reckoned a second time, with exact fractions, by whoever has not read the first.

Written from the rules as they stand in docs/ladder.md (those of 3Commas' DCA bots, whose own records are a test beside
these). Nothing here knows the Rust code. It makes the files beside it, each a list of `{"name", "request", "answer"}`:

    python3 tests/golden/ladder/reference.py            # writes them
    python3 tests/golden/ladder/reference.py --check    # says which would change

Needs nothing but Python 3.10 or later.
"""

import json
import random
import sys
from fractions import Fraction as F
from math import ceil, floor
from pathlib import Path

HERE = Path(__file__).parent
RATIO_DIGITS = 28


# ---- numbers as they are written -------------------------------------------------------------------------------------

def exact(value):
    """A decimal without trailing zeros. Fails where the value is none."""
    value = F(value)
    twos = fives = 0
    rest = value.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    assert rest == 1, value
    scale = max(twos, fives)
    digits = str(abs(value.numerator) * 10**scale // value.denominator).rjust(scale + 1, "0")
    whole, decimals = (digits[:-scale], digits[-scale:].rstrip("0")) if scale else (digits, "")
    return ("-" if value < 0 else "") + whole + ("." + decimals if decimals else "")


def quotient(value):
    """The first significant digits; the rest is cut off."""
    value = F(value)
    if value == 0:
        return "0"
    size = 0
    while value >= F(10) ** (size + 1):
        size += 1
    while value < F(10) ** size:
        size -= 1
    unit = F(10) ** min(size - RATIO_DIGITS + 1, 0)
    return exact(floor(value / unit) * unit)


def down(value, step):
    return floor(value / step) * step


def up(value, step):
    return ceil(value / step) * step


# ---- the rules -------------------------------------------------------------------------------------------------------

def plan(asked):
    market = {name: F(value) for name, value in asked["market"].items() if name != "fee_in"}
    tick, lot = market["price_tick"], market["quantity_step"]
    fee, entry = F(asked["fee_rate"]), F(asked["entry_price"])
    short = asked["side"] == "short"
    entry_fee, exit_fee = (1 - fee, 1 + fee) if short else (1 + fee, 1 - fee)
    base_price = entry * entry_fee
    in_base = asked["market"].get("fee_in") == "base" and not short
    # What is held of what was bought, and what that has cost, for each unit.
    kept, spent = (1 - fee, F(1)) if in_base else (F(1), entry_fee)
    stop = None
    if "stop_loss_percent" in asked:
        loss = F(asked["stop_loss_percent"])
        stop = up(base_price * (1 + loss / 100), tick) if short else down(base_price * (1 - loss / 100), tick)

    places = rungs(asked["safety_orders"], short, entry, base_price, tick)
    amounts, is_ratio = sizes(asked, short, places, stop, entry_fee, exit_fee)

    legs, failing = [], []
    for level, ((deviation, price), (kind, amount)) in enumerate(zip(places, amounts)):
        if price <= 0:
            quantity = F(0)
        elif kind == "quote":
            quantity = down(amount / price, lot)
        else:
            quantity = down(amount, lot)
        quote = amount if kind == "quote" else price * quantity
        verdict = check(price, quantity, market)
        legs.append({"deviation": deviation, "price": price, "quantity": quantity, "quote": quote,
                     "cost": quantity * price * entry_fee, "check": verdict,
                     "held": quantity * kept, "paid": quantity * price * spent})
        if verdict != "ok":
            failing.append(failure(level, None, verdict, price, quantity, market))

    rows, refused, unsold = [], failing[0] if failing else None, None
    held, paid = F(0), F(0)
    for level, leg in enumerate(legs):
        if leg["check"] != "ok":
            break
        held, paid = held + leg["held"], paid + leg["paid"]
        slices, wrong = take_profit(asked["take_profit"], short, held, paid, legs[:level + 1], exit_fee, market, level)
        refused = refused or wrong
        rows.append({"filled_level": level, "quantity": exact(held), "volume": exact(paid),
                     "average_price": quotient(paid / held), "take_profit": slices}
                    | exits(asked, short, held, paid, stop, exit_fee, tick))
        unsold = unsold or all_at_once(level, leg["price"], rows[-1]["stop_loss_price"], down(held, lot), market)
    refused = refused or unsold or too_dear(asked, short, legs) or too_many(asked, legs, rows)

    written = quotient if is_ratio else exact
    answer = {
        "base_price": exact(base_price),
        "legs": [{"level": level, "deviation_percent": exact(leg["deviation"]), "price": exact(leg["price"]),
                  "quantity": exact(leg["quantity"]), "quote": written(leg["quote"]), "cost": exact(leg["cost"]),
                  "check": leg["check"]} for level, leg in enumerate(legs)],
        "after_fill": rows,
        "quote_needed": written(sum(leg["quote"] for leg in legs)),
        "deviation_percent_max": exact(legs[-1]["deviation"]),
        "first_failure": failing[0] if failing else None,
    }
    if refused:
        answer["pre_flight"] = refused
    for row, (level, leg) in zip(rows, list(enumerate(legs))[1:]):
        stands = row["stop_loss_price"]
        if stands is not None and (F(stands) <= leg["price"] if short else F(stands) >= leg["price"]):
            answer["stop_before_level"] = level
            break
    return answer


def rungs(orders, short, entry, base_price, tick):
    """(deviation from the base price in percent, price on the grid) of the base order and of each safety order."""
    sign, rounded = (1, up) if short else (-1, down)
    places = [(F(0), entry)]
    if "custom" in orders:
        for order in orders["custom"]:
            deviation = F(order["deviation_percent"])
            places.append((deviation, rounded(base_price * (1 + sign * deviation / 100), tick)))
        return places
    scale = F(orders.get("step_scale", 1))
    step, summed, product, before = F(orders["deviation_percent"]), F(0), F(1), base_price
    for _ in range(int(orders["count"])):
        if orders.get("dialect", "additive") == "additive":
            summed += step
            places.append((summed, rounded(base_price * (1 + sign * summed / 100), tick)))
        else:
            if product > 0:
                product *= 1 + sign * step / 100
            if before > 0:
                before = rounded(before * (1 + sign * step / 100), tick)
            places.append((abs(product - 1) * 100, before))
        step *= scale
    return places


def sizes(asked, short, places, stop, entry_fee, exit_fee):
    """("quote" or "base", amount) of each order, and whether the amounts are quotients."""
    if "total" in asked:
        weights = [F(weight) for weight in asked["total"]["weights"]]
        assert len(weights) == len(places)
        if "quote" in asked["total"]:
            total = F(asked["total"]["quote"])
        else:
            # One unit of quote spent at `price` buys 1 / price; what of it is lost at the stop?
            sign = -1 if short else 1
            lost = [sign * (price * entry_fee - stop * exit_fee) / price for _, price in places]
            share = sum(weight * each for weight, each in zip(weights, lost)) / sum(weights)
            total = F(asked["total"]["risk"]) / share
        return [("quote", total * weight / sum(weights)) for weight in weights], True
    orders = asked["safety_orders"]
    amounts = [size(asked, short, asked["base_order"])]
    if "custom" in orders:
        amounts += [size(asked, short, order) for order in orders["custom"]]
    else:
        kind, amount = size(asked, short, orders)
        for _ in range(int(orders["count"])):
            amounts.append((kind, amount))
            amount *= F(orders.get("volume_scale", 1))
    return amounts, False


def size(asked, short, order):
    if "quote" in order:
        return "quote", F(order["quote"])
    if "quantity" in order:
        return "base", F(order["quantity"])
    return ("base" if short else "quote"), F(asked["balance"]) * F(order["balance_percent"]) / 100


def check(price, quantity, market):
    if price <= 0:
        return "price_not_positive"
    if quantity == 0:
        return "quantity_zero"
    if quantity < market["quantity_min"]:
        return "below_quantity_min"
    if price * quantity < market["notional_min"]:
        return "below_notional_min"
    return "ok"


def failure(level, step, verdict, price, quantity, market, of=None):
    least = {"price_not_positive": "price_tick", "quantity_zero": "quantity_step",
             "below_quantity_min": "quantity_min", "below_notional_min": "notional_min"}
    told = {"level": level}
    if step is not None:
        told["take_profit_step"] = step
    if of is not None:
        told["take_profit_level"] = of
    return told | {"check": verdict, "price": exact(price), "quantity": exact(quantity),
                   "notional": exact(price * quantity), "least": exact(market[least[verdict]])}


def all_at_once(level, price, stop, quantity, market):
    """All that is held is sold at the entry's price, or at the stop."""
    for sale, at in [("exit", price)] + ([("stop", F(stop))] if stop is not None else []):
        verdict = check(at, quantity, market)
        if verdict != "ok":
            told = failure(level, None, verdict, at, quantity, market)
            return {"level": level, "sale": sale} | told
    return None


def exits(asked, short, held, paid, stop, exit_fee, tick):
    """Where all of it is left at once."""
    told, sign = {}, -1 if short else 1
    if asked["take_profit"].get("mode") == "hybrid":
        gain = F(asked["take_profit"]["all_profit_percent"]) / 100
        told["all_profit_price"] = exact((down if short else up)(paid * (1 + sign * gain) / (held * exit_fee), tick))
    if asked.get("stop_loss_basis") == "average":
        loss = F(asked["stop_loss_percent"]) / 100
        stop = (up if short else down)(paid / held * (1 - sign * loss), tick)
    told["stop_loss_price"] = None if stop is None else exact(stop)
    if asked.get("stop_loss_trailing"):
        told["stop_loss_trails"] = True
    if "break_even_after_step" in asked:
        told["break_even_price"] = exact((down if short else up)(paid / (held * exit_fee), tick))
    return told


def portions(profit, short, held, paid, legs, exit_fee, market):
    """(step, what else is told, price, quantity) of each portion, the next to be sold first where legs stand alone."""
    sign, rounded, tick = (-1, down, market["price_tick"]) if short else (1, up, market["price_tick"])
    if profit.get("mode", "aggregate") != "aggregate":
        gain = 1 + sign * F(profit["steps"][0]["profit_percent"]) / 100
        own = [(1, {"level": level}, rounded(leg["paid"] * gain / (leg["held"] * exit_fee), tick),
                down(leg["held"], market["quantity_step"])) for level, leg in enumerate(legs)]
        return sorted(own, key=lambda portion: (sign * portion[2], -portion[1]["level"]))
    told, left = [], held
    for number, step in enumerate(profit["steps"], 1):
        gain = sign * F(step["profit_percent"]) / 100
        aim = paid * (1 + gain) if profit["basis"] == "average" else paid + gain * legs[0]["paid"]
        is_last = number == len(profit["steps"])
        quantity = down(left, market["quantity_step"]) if is_last else down(held * F(step["amount_percent"]) / 100, market["quantity_step"])
        left -= quantity
        trails = {"trailing_percent": profit["trailing_percent"]} if is_last and "trailing_percent" in profit else {}
        told.append((number, trails, rounded(aim / (held * exit_fee), tick), quantity))
    return told


def take_profit(profit, short, held, paid, legs, exit_fee, market, level):
    slices, carried, wrong, is_any_placed = [], F(0), None, False
    wanted = portions(profit, short, held, paid, legs, exit_fee, market)
    for place, (number, more, price, quantity) in enumerate(wanted, 1):
        is_last = place == len(wanted)
        carried += quantity
        verdict = check(price, carried, market)
        told = more | {"price": exact(price), "quantity": exact(quantity)}
        is_too_little = verdict not in ("ok", "price_not_positive")
        if is_too_little and not is_last:
            told["joins"] = "next"
        elif is_too_little and is_any_placed:
            # More of the order before: it passes all the more.
            told["joins"] = "previous"
        else:
            if verdict != "ok":
                wrong = wrong or failure(level, number, verdict, price, carried, market, more.get("level"))
            carried, is_any_placed = F(0), True
        slices.append(told)
    return slices, wrong


def too_dear(asked, short, legs):
    if "balance" not in asked:
        return None
    needed, available = F(0), F(asked["balance"])
    for level, leg in enumerate(legs):
        needed += leg["quantity"] if short else leg["cost"]
        if needed > available:
            return {"level": level, "check": "balance_too_small", "needed": exact(needed),
                    "available": exact(available)}
    return None


def too_many(asked, legs, rows):
    """The venue's book is drawn after each fill, an entry for each order in it."""
    if "orders_max" not in asked["market"]:
        return None
    orders, most, fullest = asked["safety_orders"], int(asked["market"]["orders_max"]), 0
    stays = not asked.get("stop_loss_trailing") and not asked.get("stop_loss_delay_seconds")
    kept = asked["market"].get("stops") and "stop_loss_percent" in asked and asked.get("stop_loss_at_venue", True)
    for row in rows:
        book = []
        if not orders.get("at_market"):
            behind = range(row["filled_level"] + 1, len(legs))
            book += [("entry", level) for level in behind][:int(orders.get("active", 5))]
        for step in row["take_profit"]:
            if "joins" in step:
                continue
            if "trailing_percent" not in step:
                book.append(("limit", step["price"]))
            if kept and stays:
                book.append(("stop", step["price"]))
        fullest = max(fullest, len(book))
    return {"check": "too_many_orders", "resting": fullest, "most": most} if fullest > most else None


# ---- the cases -------------------------------------------------------------------------------------------------------

BTC = {"price_tick": "0.01", "quantity_step": "0.00001", "quantity_min": "0.00001", "notional_min": "5"}
FREE = {"price_tick": "0.000001", "quantity_step": "0.00000001", "quantity_min": "0", "notional_min": "0"}
TINY = {"price_tick": "0.0000000001", "quantity_step": "1", "quantity_min": "1", "notional_min": "1"}
COARSE = {"price_tick": "0.5", "quantity_step": "0.1", "quantity_min": "0.3", "notional_min": "20"}
ODD = {"price_tick": "0.25", "quantity_step": "0.003", "quantity_min": "0.003", "notional_min": "1"}


def scaled(count=5, quote="20", deviation="2", step="1.5", volume="1.5", **more):
    return {"count": count, "quote": quote, "deviation_percent": deviation, "step_scale": step,
            "volume_scale": volume, "dialect": "additive"} | more


def profit(*steps, basis="average"):
    steps = steps or (("1.5", "100"),)
    return {"basis": basis, "steps": [{"profit_percent": p, "amount_percent": a} for p, a in steps]}


def each(percent="1.5", all_of_it=None):
    """Every leg by itself; with a second percentage, a hybrid."""
    told = {"mode": "per_leg", "steps": [{"profit_percent": percent, "amount_percent": "100"}]}
    return told if all_of_it is None else told | {"mode": "hybrid", "all_profit_percent": all_of_it}


def ask(market=BTC, fee="0.001", side="long", entry="100", base="10", orders=None, take=None, stop="10", **more):
    asked = {"market": market, "fee_rate": fee, "side": side, "entry_price": entry}
    if base is not None:
        asked["base_order"] = base if isinstance(base, dict) else {"quote": base}
    asked |= {"safety_orders": orders or scaled(), "take_profit": take or profit()}
    if stop is not None:
        asked["stop_loss_percent"] = stop
    return asked | more


def custom(*pairs, kind="quote"):
    return {"custom": [{"deviation_percent": d} | ({kind: s} if s else {}) for d, s in pairs]}


def cases():
    yield "worked-example", "the worked example of the documentation", ask(orders=scaled(active=5))

    yield "long", "the same without a fee and hardly rounded", ask(market=FREE, fee="0", stop=None)
    yield "long", "no stop", ask(stop=None)
    yield "long", "one safety order", ask(orders=scaled(count=1))
    yield "long", "none", ask(orders=scaled(count=0))
    yield "long", "a price off the grid, a high fee", ask(entry="99.987654321", fee="0.0075")
    yield "long", "scales of one", ask(orders=scaled(step="1", volume="1"))
    yield "long", "scales below one", ask(orders=scaled(count=8, quote="200", step="0.8", volume="0.9"))
    yield "long", "scales left out", ask(orders={"count": 3, "quote": "20", "deviation_percent": "1"})
    yield "long", "a price that lies on the grid stays", ask(fee="0", orders=scaled(deviation="1", step="1"))
    yield "long", "BTC at sixty thousand", ask(entry="60123.45", base="100", orders=scaled(count=9, quote="100", deviation="0.7", step="1.2", volume="1.4"))
    yield "long", "all twelve decimals of a scale", ask(base="100", orders=scaled(quote="100", deviation="0.123456789012", step="1.123456789012", volume="1.000000000001"))

    for step in ("1", "1.5"):
        yield "short", f"step scale {step}", ask(side="short", orders=scaled(step=step))
    yield "short", "without a fee", ask(side="short", fee="0", stop=None)
    yield "short", "twice the price and further", ask(side="short", orders=scaled(count=6, deviation="30", step="2"))
    yield "short", "compounding", ask(side="short", orders=scaled(dialect="compounding"))
    yield "short", "steps on the base order", ask(side="short", base="50", take=profit(("2", "50"), ("4", "50"), basis="base"))
    yield "short", "a profit of all", ask(side="short", take=profit(("100", "100")))
    yield "short", "coarse grid", ask(side="short", market=COARSE, base="100", orders=scaled(quote="150"))
    yield "short", "sizes in base", ask(side="short", base={"quantity": "0.5"}, orders={"count": 4, "quantity": "0.25", "deviation_percent": "3", "volume_scale": "1.3"})
    yield "short", "of a balance in base", ask(side="short", balance="3", base={"balance_percent": "10"}, orders={"count": 3, "balance_percent": "20", "deviation_percent": "3"})
    yield "short", "at risk", ask(side="short", base=None, orders={"count": 2, "deviation_percent": "2"}, total={"risk": "50", "weights": ["1", "2", "3"]})
    yield "short", "a take-profit below the minimum", ask(side="short", base="5.1", take=profit(("5", "100")))

    for count in (1, 3, 12):
        yield "compounding", f"{count} orders", ask(base="50", orders=scaled(count=count, quote="50", step="1", dialect="compounding"))
    yield "compounding", "growing steps", ask(orders=scaled(dialect="compounding"))
    yield "compounding", "a step of a hundred percent and those after it", ask(orders=scaled(deviation="30", step="2", dialect="compounding"))
    yield "compounding", "a step beyond a hundred percent", ask(orders=scaled(deviation="60", step="2", dialect="compounding"))
    yield "compounding", "coarse grid", ask(market=COARSE, base="100", orders=scaled(quote="100", step="1", dialect="compounding"))

    yield "custom", "three", ask(orders=custom(("1.1", "10"), ("2.5", "15"), ("7", "40")))
    yield "custom", "one", ask(orders=custom(("12.5", "10")))
    yield "custom", "none", ask(orders=custom())
    yield "custom", "in base", ask(orders=custom(("1", "0.2"), ("3.333", "0.30000777"), kind="quantity"))
    yield "custom", "as deep as nothing", ask(orders=custom(("50", "10"), ("100", "10"), ("120", "10")))

    for amount in ("0.1", "0.123456789", "3"):
        yield "quantity", f"{amount} and {amount}", ask(base={"quantity": amount}, orders={"count": 4, "quantity": amount, "deviation_percent": "2", "volume_scale": "1.7"})
    yield "quantity", "base in quote, orders in base", ask(base="25", orders={"count": 3, "quantity": "0.3", "deviation_percent": "2.5"})
    yield "quantity", "odd lots", ask(market=ODD, base={"quantity": "0.5"}, orders={"count": 3, "quantity": "0.5", "deviation_percent": "2.5"})

    yield "ticks", "a coin of many zeros", ask(market=TINY, entry="0.0000123456", base="50", orders=scaled(quote="50"))
    yield "ticks", "a price of a few ticks", ask(market=TINY | {"price_tick": "0.00000001"}, entry="0.00000005", base="50", orders=scaled(quote="50", deviation="15", step="1"))
    yield "ticks", "the finest grid there is", ask(market={"price_tick": "0.000000000001", "quantity_step": "0.000000000001", "quantity_min": "0", "notional_min": "0"}, entry="123.456789012345"[:16], fee="0.00123456789")
    yield "ticks", "ticks of 0.25 and lots of 0.003", ask(market=ODD, base="33")
    yield "ticks", "coarse", ask(market=COARSE, base="100", orders=scaled(quote="100"))
    yield "ticks", "very large numbers", ask(entry="999999999999", base="999999999999999", orders=scaled(quote="99999999999999"))
    yield "ticks", "a grid coarser than the price", ask(market=BTC | {"price_tick": "1000"})

    yield "failing", "a base order below the minimum", ask(base="4.99")
    yield "failing", "safety orders below the minimum", ask(orders=scaled(quote="4"))
    yield "failing", "only a later one", ask(orders=scaled(count=6, quote="20", volume="0.5"))
    yield "failing", "less than a lot", ask(market=COARSE, base="9")
    yield "failing", "fewer than the least", ask(market=COARSE, base="29")
    yield "failing", "less than the notional", ask(market=COARSE | {"quantity_min": "0.1"}, base="19.9")
    yield "steps", "a last slice that is too small joins the one before", ask(take=profit(("1", "80"), ("2", "20")))
    yield "failing", "a take-profit too small on the way to nothing", ask(side="short", base="6", take=profit(("1", "10"), ("60", "90")))
    yield "failing", "a balance that ends at the fourth order", ask(balance="100")
    yield "failing", "a balance that is just enough", ask(balance="274.0221783299")
    yield "failing", "a balance short of the last digit", ask(balance="274.0221783298")
    yield "failing", "too many orders", ask(market=BTC | {"orders_max": 5}, orders=scaled(active=5))
    yield "failing", "just as many orders as there may be", ask(market=BTC | {"orders_max": 6}, orders=scaled(active=5))
    yield "failing", "fewer orders than are active", ask(market=BTC | {"orders_max": 3}, orders=scaled(count=2, active=20))

    small = {"price_tick": "0.000001", "quantity_step": "0.001", "quantity_min": "0.001", "notional_min": "0.05"}
    one = {"base": {"quantity": "1"}, "orders": {"count": 0, "quantity": "1", "deviation_percent": "1"}}
    # freqtrade/freqtrade#1723 on GitHub: what is bought for the minimum cannot be sold at its stop.
    yield "sold", "a stop below the minimum", ask(market=small, entry="0.05", stop="5", **one)
    yield "sold", "a stop just above it", ask(market=small, entry="0.053", stop="5", **one)
    coins = {"price_tick": "0.001", "quantity_step": "1", "quantity_min": "1", "notional_min": "1", "fee_in": "base"}
    # freqtrade/freqtrade#2909 and taniman/profit-trailer#361 on GitHub: whole coins, of which a fee is taken.
    yield "sold", "one whole coin less its fee is none", ask(market=coins, entry="15", stop=None, **one)
    yield "sold", "of two one is left", ask(market=coins, entry="2", stop=None, take=profit(("25", "100")), base={"quantity": "2"}, orders=one["orders"])
    yield "sold", "what only a profit could sell", ask(market=BTC | {"fee_in": "base"}, entry="64000", base={"quantity": "0.00008"}, orders=one["orders"], take=profit(("20", "100")), stop=None)
    for take in (profit(), profit(("1", "30"), ("2", "70")), profit(("1", "40"), ("2", "60"), basis="base"), each(), each("2", "1")):
        yield "sold", f"coins that arrive without their fee, {take}", ask(market=BTC | {"fee_in": "base"}, base="50", orders=scaled(quote="50"), take=take)

    yield "deep", "a step scale of four", ask(orders=scaled(deviation="1", step="4"))
    yield "deep", "exactly a hundred percent", ask(orders=scaled(count=4, deviation="25", step="1"))
    yield "deep", "just above nothing", ask(orders=scaled(count=4, quote="500", deviation="24.99", step="1"))
    yield "deep", "a scale of a hundred", ask(orders=scaled(count=9, deviation="0.01", step="100"))

    yield "steps", "three steps", ask(base="100", take=profit(("1", "30"), ("2", "30"), ("3", "40")))
    yield "steps", "eight steps", ask(base="1000", take=profit(*[(str(i), "12.5") for i in range(1, 9)]))
    yield "steps", "small ones join", ask(take=profit(("1", "25"), ("2", "25"), ("3", "25"), ("4", "25")))
    yield "steps", "the last two join the first", ask(take=profit(("1", "80"), ("2", "10"), ("3", "10")))
    yield "steps", "two in a row join", ask(base="12", take=profit(("1", "10"), ("2", "10"), ("3", "80")))
    yield "steps", "thirds", ask(base="100", take=profit(("1", "33.333"), ("2", "33.333"), ("3", "33.334")))
    yield "steps", "on the base order", ask(take=profit(("1.5", "100"), basis="base"))
    yield "steps", "on the base order, in steps", ask(base="100", take=profit(("1", "50"), ("10", "50"), basis="base"))
    yield "steps", "a hundredfold profit", ask(take=profit(("1000", "100")))

    weights = ["1", "1", "2", "4", "8", "16"]
    none = {"count": 5, "deviation_percent": "1"}
    yield "totals", "an amount", ask(base=None, orders=none, total={"quote": "1000", "weights": weights})
    yield "totals", "an amount in thirds", ask(base=None, orders=none | {"count": 2}, total={"quote": "100", "weights": ["1", "1", "1"]})
    yield "totals", "a risk", ask(base=None, orders=none, total={"risk": "25", "weights": weights})
    yield "totals", "a risk on custom places", ask(base=None, orders=custom(("1.5", None), ("4", None)), total={"risk": "40", "weights": ["2", "3", "5"]})
    yield "totals", "a risk with the last order close to the stop", ask(base=None, orders=none | {"count": 3, "deviation_percent": "3.3"}, total={"risk": "40", "weights": ["1", "1", "1", "1"]})
    yield "totals", "a risk in small coins", ask(market=TINY, entry="0.0000123456", base=None, orders=none, total={"risk": "25", "weights": weights})
    yield "totals", "a compounding risk", ask(base=None, orders=none | {"dialect": "compounding"}, total={"risk": "25", "weights": weights})
    yield "totals", "of a balance", ask(balance="1000", base={"balance_percent": "2.5"}, orders={"count": 4, "balance_percent": "5", "deviation_percent": "2", "volume_scale": "1.5"})
    yield "totals", "a whole balance has no room for fees", ask(balance="1000", base={"balance_percent": "50"}, orders=scaled(count=1, quote="500"))

    yield "many", "two hundred of one size", ask(base="100", orders=scaled(count=200, quote="100", deviation="0.25", step="1", volume="1"))
    yield "many", "two hundred that grow", ask(entry="60123.45", base="100", orders=scaled(count=200, quote="50", deviation="0.1", step="1.01", volume="1.02"))

    yield from modes()
    yield from drawn()


def modes():
    for side in ("long", "short"):
        yield "modes", f"each leg by itself, {side}", ask(side=side, take=each())
        yield "modes", f"a hybrid, {side}", ask(side=side, take=each("2.5", "1"))
        yield "modes", f"a last step that trails, {side}", ask(side=side, base="50", take=profit(("1", "50"), ("3", "50")) | {"trailing_percent": "0.5"})
        yield "modes", f"a stop from the average, {side}", ask(side=side, stop_loss_basis="average")
        yield "modes", f"a stop that moves to break even, {side}", ask(side=side, base="50", take=profit(("1", "50"), ("3", "50")), break_even_after_step=1)
        yield "modes", f"a stop that trails, {side}", ask(side=side, stop_loss_trailing=True)
        yield "modes", f"each leg on odd lots, {side}", ask(side=side, market=ODD, base="33", take=each("0.7"))
        yield "modes", f"each leg on a coarse grid, {side}", ask(side=side, market=COARSE, base="100", orders=scaled(quote="150"), take=each("3", "2"))
    yield "modes", "a first safety order above the base order", ask(fee="0.01", base="50", orders=scaled(quote="50", deviation="0.2"), take=each())
    yield "modes", "legs that are too little at their own prices join", ask(side="short", base="5.1", orders=scaled(quote="5.1", volume="1"), take=each("5"))
    yield "modes", "a leg too little by itself", ask(side="short", base="5.1", orders=scaled(count=0), take=each("5"))
    yield "modes", "more take-profits than may rest", ask(market=BTC | {"orders_max": 5}, take=each())
    yield "modes", "just as many as may rest", ask(market=BTC | {"orders_max": 6}, take=each("2", "1"))
    yield "modes", "what trails does not rest", ask(market=BTC | {"orders_max": 6}, base="50", take=profit(("1", "50"), ("3", "50")) | {"trailing_percent": "0.5"})
    yield from resting()
    yield "modes", "on the base order, trailing", ask(take=profit(("1.5", "100"), basis="base") | {"trailing_percent": "2"})
    yield "modes", "a hundredfold for each", ask(take=each("1000", "1000"))
    yield "modes", "each of a compounding ladder with its own places", ask(orders=custom(("1.1", "10"), ("2.5", "15"), ("7", "40")), take=each("4", "0.5"), stop_loss_basis="average")
    draw = random.Random(20251121)
    for number in range(20):
        count, side = draw.randint(0, 12), draw.choice(["long", "short"])
        orders = scaled(count=count, quote=str(draw.randint(5, 400)), deviation=str(draw.randint(1, 400) / 100),
                        step=str(draw.randint(50, 200) / 100), volume=str(draw.randint(50, 200) / 100))
        take = each(str(draw.randint(1, 800) / 100), draw.choice([None, str(draw.randint(1, 800) / 100)]))
        yield "modes", f"drawn, number {number}", ask(
            market=draw.choice([BTC, FREE, COARSE, ODD]), fee=draw.choice(["0", "0.001", "0.0026"]), side=side,
            entry=str(draw.randint(1, 10**7) / 100), base=str(draw.randint(5, 400)), orders=orders, take=take,
            stop=str(draw.randint(100, 6000) / 100), stop_loss_basis=draw.choice(["base", "average"]))


def resting():
    """How many orders rest at once, each with as many as may and with one less."""
    waits, stays = {"orders": scaled(at_market=True)}, {"stops": True}
    steps = profit(("1", "20"), ("2", "80"))
    last_trails = profit(("1", "50"), ("3", "50")) | {"trailing_percent": "0.5"}
    for name, most, market, more in [
        ("legs at the market rest nowhere", 1, {}, waits),
        ("each leg at the market", 6, {}, waits | {"take": each()}),
        ("slices that join at first", 6, {}, {"take": steps}),
        ("slices that join at first, two legs active", 4, {}, {"take": steps, "orders": scaled(active=2)}),
        ("slices that join at first, legs at the market", 2, {}, waits | {"take": steps}),
        ("a stop beside each limit", 7, stays, {}),
        ("a stop beside each leg's limit", 12, stays, {"take": each()}),
        ("a stop beside each leg's limit, legs at the market", 12, stays, waits | {"take": each("2", "1")}),
        ("a stop from the average beside each limit", 8, stays, {"take": steps, "stop_loss_basis": "average"}),
        ("what trails rests by its stop", 8, stays, {"base": "50", "take": last_trails}),
        ("a stop that trails rests nowhere", 6, stays, {"stop_loss_trailing": True}),
        ("a stop that waits rests nowhere", 6, stays, {"stop_loss_delay_seconds": 60}),
        ("a stop that may not rest", 6, stays, {"stop_loss_at_venue": False}),
        ("no stop", 6, stays, {"stop": None}),
    ]:
        for may in (most, most - 1):
            yield "resting", f"{name}, {may} may", ask(market=BTC | {"orders_max": may} | market, **more)


def drawn():
    """Ladders as they fall, the same ones every time."""
    draw = random.Random(20251120)
    for number in range(40):
        market = draw.choice([BTC, FREE, COARSE, ODD])
        count = draw.randint(0, 12)
        orders = scaled(count=count, quote=str(draw.randint(5, 400)), deviation=str(draw.randint(1, 400) / 100),
                        step=str(draw.randint(50, 200) / 100), volume=str(draw.randint(50, 200) / 100),
                        dialect=draw.choice(["additive", "compounding"]), active=draw.randint(1, 20))
        cuts = sorted(draw.sample(range(1, 100), draw.randint(0, 7)))
        shares = [b - a for a, b in zip([0, *cuts], [*cuts, 100])]
        take = profit(*[(str(draw.randint(1, 800) / 100), str(share)) for share in shares],
                      basis=draw.choice(["average", "average", "base"]))
        stop = draw.choice([None, str(draw.randint(100, 6000) / 100)])
        entry = draw.choice([str(draw.randint(1, 10**7) / 100), str(draw.randint(10**4, 10**9) / 10**6)])
        yield "drawn", f"number {number}", ask(
            market=market, fee=draw.choice(["0", "0.001", "0.0004", "0.0026"]), side=draw.choice(["long", "short"]),
            entry=entry, base=str(draw.randint(5, 400)), orders=orders, take=take, stop=stop)


def files():
    told = {}
    for file, name, request in cases():
        told.setdefault(f"{file}.json", []).append({"name": name, "request": request, "answer": plan(request)})
    return {name: written(listed) for name, listed in told.items()}


def written(listed):
    """A line for each case."""
    return "[\n" + ",\n".join(json.dumps(case, separators=(", ", ": ")) for case in listed) + "\n]\n"


def main():
    made = files()
    changed = [name for name, text in made.items()
               if not (HERE / name).exists() or (HERE / name).read_text() != text]
    if "--check" in sys.argv:
        sys.exit(f"would change: {', '.join(changed)}" if changed else 0)
    for name in changed:
        (HERE / name).write_text(made[name])
    print(f"{sum(text.count(chr(10)) - 2 for text in made.values())} cases in {len(made)} files")


if __name__ == "__main__":
    main()
