"""What the scripts share: the simulator's keys and control calls, and what is to be seen."""

import json
import os
import time
import urllib.request

import ccxt

URL = os.environ["SIM_URL"]
TESTNET_URL = os.environ["SIM_TESTNET_URL"]


def control(path, body=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(URL + "/sim/" + path, data=data)) as answer:
        return json.load(answer)


def key(venue, name="main"):
    found = [k for k in control("keys") if k["site"] == venue and k["name"] == name]
    return {"apiKey": found[0]["id"], "secret": found[0]["secret"]}


def fault(kind, venue, **more):
    control("faults", {"kind": kind, "venue": venue, **more})


def in_haste(exchange, kind):
    """Only what is never answered is given up soon."""
    exchange.timeout = 500 if kind.startswith("timeout") else 10_000


def taken(venue, client_order_id):
    """How many orders have this id, once the simulator has worked the request off."""
    until = time.monotonic() + 10
    while not any(seen["client_order_id"] == client_order_id for seen in control("requests?venue=" + venue)):
        assert time.monotonic() < until, f"{client_order_id} was never asked for"
        time.sleep(0.01)
    return len(control(f"orders?venue={venue}&client_order_id={client_order_id}"))


def price(venue, market, value):
    control("price", {"venue": venue, "market": market, "price": value})


def books(venue):
    return control("books?venue=" + venue)


def equal(what, seen, wanted):
    assert seen == wanted, f"{what}: saw {seen!r}, wanted {wanted!r}"


def near(what, seen, wanted):
    assert abs(seen - wanted) < 1e-9, f"{what}: saw {seen!r}, wanted {wanted!r}"


def candles(exchange, market, timeframes):
    """Of each length they open on the clock, oldest first, each with its extremes; the newest is not older than the last trade."""
    traded_at = exchange.fetch_trades(market)[-1]["timestamp"]
    for timeframe in timeframes:
        told = exchange.fetch_ohlcv(market, timeframe, limit=5)
        length = exchange.parse_timeframe(timeframe) * 1000
        opens = [candle[0] for candle in told]
        equal(timeframe + " on the clock, each once", (sorted(set(opens)), [at % length for at in opens]), (opens, [0] * len(opens)))
        assert all(low <= min(first, last) and max(first, last) <= high for _, first, high, low, last, _ in told), told
        assert opens[-1] <= exchange.milliseconds() and opens[-1] + length > traded_at and sum(candle[5] for candle in told) > 0, told


def raises(kind, what, call):
    """That exactly this class of ccxt's comes up, not merely one above it."""
    try:
        seen = call()
    except ccxt.BaseError as error:
        assert type(error) is kind, f"{what}: saw {type(error).__name__} ({error}), wanted {kind.__name__}"
        return str(error)
    raise AssertionError(f"{what}: saw {seen!r}, wanted {kind.__name__}")
