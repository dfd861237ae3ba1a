#!/usr/bin/env python3
"""Writes what ccxt would send to the exchanges that Moniqo leaves to ccxt's library: its Python twin is unmodified.

    /tmp/ccxt/bin/python tests/golden/ccxt/breadth.py        (after capture.py, which says how /tmp/ccxt is made)

What stands in `asked` is what Moniqo is told; parameters that it adds are added here by hand.
"""

import json
from pathlib import Path

import ccxt

from capture import CLIENT_ID, NOW, VENUE_ID, Recorded, market, recorded

KEY = {"apiKey": "api-key-of-nobody", "secret": "secret-of-nobody", "password": "phrase-of-nobody"}
BEFORE = NOW - 3_600_000

# Name, ids of BTC/USDT and PEPE/USDT, options, with every order, with a market buy, name of our id, of theirs.
EXCHANGES = {
    "bybit": ("BTCUSDT", "PEPEUSDT", {"enableUnifiedMargin": False, "enableUnifiedAccount": True, "recvWindow": 5000}, {},
              {"marketUnit": "baseCoin"}, "orderLinkId", "orderId"),
    "okx": ("BTC-USDT", "PEPE-USDT", {}, {}, {"tgtCcy": "base_ccy"}, "clientOrderId", "ordId"),
    "kucoin": ("BTC-USDT", "PEPE-USDT", {"uta": False}, {"hf": True}, {}, "clientOrderId", "orderId"),
    "bitget": ("BTCUSDT", "PEPEUSDT", {"uta": False}, {}, None, "clientOrderId", "orderId"),
}
ORDERS = [
    ("limit buy", "BTC/USDT", "limit", "buy", "0.01234", "64250.3"),
    ("limit sell at a whole price", "BTC/USDT", "limit", "sell", "0.01", "64000"),
    ("limit buy of much for little", "PEPE/USDT", "limit", "buy", "12345678", "0.00000812"),
    ("limit sell of little for much", "BTC/USDT", "limit", "sell", "0.00001", "999999.9"),
    ("market buy", "BTC/USDT", "market", "buy", "0.01234", None),
    ("market sell", "BTC/USDT", "market", "sell", "0.01234", None),
    ("market sell of a whole number", "PEPE/USDT", "market", "sell", "1000000", None),
]


def markets(name):
    btc, pepe = EXCHANGES[name][:2]
    return [market("BTC/USDT", btc, "0.01", "0.00001"), market("PEPE/USDT", pepe, "0.00000001", "1")]


def exchange(name):
    """Without the clock's difference that some would read first."""
    options = {"defaultType": "spot", "timeDifference": 0, **EXCHANGES[name][2]}
    made = getattr(ccxt, name)({**KEY, "enableRateLimit": False, "options": options})
    made.milliseconds = lambda: NOW
    made.seconds = lambda: NOW // 1000
    made.uuid = lambda: "00000000-0000-4000-8000-000000000000"
    made.uuid22 = lambda *_: "0" * 22

    def fetch(url, method="GET", headers=None, body=None):
        raise Recorded({"method": method, "url": url, "headers": headers or {}, "body": body})

    made.fetch = fetch
    made.set_markets(markets(name))
    return made


def order(name, row):
    title, symbol, kind, side, quantity, price = row
    _, _, _, always, market_buy, _, _ = EXCHANGES[name]
    asked = {"symbol": symbol, "type": kind, "side": side, "quantity": quantity, "price": price}
    more = market_buy if (kind, side) == ("market", "buy") else {}
    if more is None:
        return {"name": title, "asked": asked, "refused": True}
    params = {"clientOrderId": CLIENT_ID, **always, **more}
    sent = recorded(lambda: exchange(name).create_order(symbol, kind, side, quantity, price, params))
    return {"name": title, "asked": asked, **sent}


def others(name):
    _, _, _, always, _, ours, theirs = EXCHANGES[name]
    symbol, by_ours, by_theirs = "BTC/USDT", {ours: CLIENT_ID, **always}, {theirs: VENUE_ID, **always}
    calls = {
        "cancel": lambda made: made.cancel_order(None, symbol, dict(by_ours)),
        "open orders": lambda made: made.fetch_open_orders(symbol, None, None, dict(always)),
        "trades of an order": lambda made: made.fetch_my_trades(symbol, BEFORE, 100, dict(by_theirs)),
        "balances": lambda made: made.fetch_balance(),
        "fee": lambda made: made.fetch_trading_fee(symbol),
        "time": lambda made: made.fetch_time(),
        "ticker": lambda made: made.fetch_ticker(symbol),
        "book": lambda made: made.fetch_order_book(symbol, 20),
    }
    if name == "bybit":
        calls["find"] = lambda made: made.fetch_open_orders(symbol, None, None, dict(by_ours))
    else:
        calls["find"] = lambda made: made.fetch_order(None, symbol, dict(by_ours))
    return [{"name": title, **recorded(lambda call=call: call(exchange(name)))} for title, call in calls.items()]


def main():
    here = Path(__file__).parent
    for name in EXCHANGES:
        written = {
            "ccxt": ccxt.__version__, "now": NOW, "markets": markets(name),
            "orders": [order(name, row) for row in ORDERS], "others": others(name),
        }
        (here / f"{name}.json").write_text(json.dumps(written, indent=1) + "\n")


if __name__ == "__main__":
    main()
