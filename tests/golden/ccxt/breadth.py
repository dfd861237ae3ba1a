#!/usr/bin/env python3
"""Writes what ccxt would send to the exchanges that Moniqo leaves to ccxt's library: its Python twin is unmodified.

    /tmp/ccxt/bin/python tests/golden/ccxt/breadth.py        (after capture.py, which says how /tmp/ccxt is made)

With `--check` it ends with 1 where a file says anything else. What stands in `asked` is what Moniqo is told; parameters
that it adds are added here by hand. Of perpetual contracts (`<name>usdm.json`) quantities are base, as Moniqo counts; ccxt
is given contracts.
"""

from decimal import Decimal

import ccxt

from capture import CLIENT_ID, NOW, VENUE_ID, Recorded, market, recorded, write_or_check

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
# As many open orders as are told at once; KuCoin tells all of its spot.
ROWS = {"bybit": 50, "okx": 100, "kucoin": None, "bitget": 100}
ORDERS = [
    ("limit buy", "BTC/USDT", "limit", "buy", "0.01234", "64250.3"),
    ("limit sell at a whole price", "BTC/USDT", "limit", "sell", "0.01", "64000"),
    ("limit buy of much for little", "PEPE/USDT", "limit", "buy", "12345678", "0.00000812"),
    ("limit sell of little for much", "BTC/USDT", "limit", "sell", "0.00001", "999999.9"),
    ("market buy", "BTC/USDT", "market", "buy", "0.01234", None),
    ("market sell", "BTC/USDT", "market", "sell", "0.01234", None),
    ("market sell of a whole number", "PEPE/USDT", "market", "sell", "1000000", None),
]

# Of perpetual contracts: ids of BTC/USDT:USDT and DOGE/USDT:USDT, base in a contract, contracts that an order is made of.
CONTRACTS = {
    "bybit": (("BTCUSDT", "1", "0.001"), ("DOGEUSDT", "1", "1")),
    "okx": (("BTC-USDT-SWAP", "0.01", "0.01"), ("DOGE-USDT-SWAP", "1000", "0.01")),
    "kucoin": (("XBTUSDTM", "0.001", "1"), ("DOGEUSDTM", "100", "1")),
    "bitget": (("BTCUSDT", "1", "0.0001"), ("DOGEUSDT", "1", "1")),
}
CONTRACT_ORDERS = [
    ("limit buy", "BTC/USDT:USDT", "limit", "buy", "0.012", "64250.3", False),
    ("limit sell at a whole price", "BTC/USDT:USDT", "limit", "sell", "1", "64000", False),
    ("limit buy of much for little", "DOGE/USDT:USDT", "limit", "buy", "1230000", "0.12345", False),
    ("market buy", "BTC/USDT:USDT", "market", "buy", "0.012", None, False),
    ("market sell", "BTC/USDT:USDT", "market", "sell", "0.003", None, False),
    ("limit sell that only reduces", "BTC/USDT:USDT", "limit", "sell", "0.012", "70000.5", True),
    ("market buy that only reduces", "DOGE/USDT:USDT", "market", "buy", "5000", None, True),
]
LEVERAGE = 3

# Where an exchange tells what the key may do that asks.
RIGHTS = {
    "bybit": "private_get_v5_user_query_api",
    "okx": "private_get_account_config",
    "kucoin": "private_get_user_api_key",
    "bitget": "private_spot_get_v2_spot_account_info",
}


def markets(name):
    btc, pepe = EXCHANGES[name][:2]
    return [market("BTC/USDT", btc, "0.01", "0.00001"), market("PEPE/USDT", pepe, "0.00000001", "1")]


def contract(symbol, tick, row):
    market_id, size, step = row
    base = symbol.split("/")[0]
    base_id = "XBT" if market_id.startswith("XBT") else base
    return {
        "id": market_id, "symbol": symbol, "base": base, "quote": "USDT", "settle": "USDT", "baseId": base_id,
        "quoteId": "USDT", "settleId": "USDT", "type": "swap", "spot": False, "margin": False, "swap": True, "future": False,
        "option": False, "contract": True, "linear": True, "inverse": False, "contractSize": float(size), "active": True,
        "limits": {}, "info": {}, "precision": {"price": float(tick), "amount": float(step)},
    }


def contracts(name):
    btc, doge = CONTRACTS[name]
    return [contract("BTC/USDT:USDT", "0.1", btc), contract("DOGE/USDT:USDT", "0.00001", doge)]


def exchange(name, kind="spot"):
    """Without the clock's difference that some would read first."""
    options = {"defaultType": kind, "defaultSubType": "linear", "timeDifference": 0, **EXCHANGES[name][2]}
    made = getattr(ccxt, name)({**KEY, "enableRateLimit": False, "options": options})
    made.milliseconds = lambda: NOW
    made.seconds = lambda: NOW // 1000
    made.uuid = lambda: "00000000-0000-4000-8000-000000000000"
    made.uuid22 = lambda *_: "0" * 22

    def fetch(url, method="GET", headers=None, body=None):
        raise Recorded({"method": method, "url": url, "headers": headers or {}, "body": body})

    made.fetch = fetch
    made.set_markets(markets(name) if kind == "spot" else contracts(name))
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
        "open orders": lambda made: made.fetch_open_orders(symbol, None, ROWS[name], dict(always)),
        "trades of an order": lambda made: made.fetch_my_trades(symbol, BEFORE, 100, dict(by_theirs)),
        "balances": lambda made: made.fetch_balance(),
        "rights": lambda made: getattr(made, RIGHTS[name])(),
        "fee": lambda made: made.fetch_trading_fee(symbol),
        "time": lambda made: made.fetch_time(),
        "ticker": lambda made: made.fetch_ticker(symbol),
        "book": lambda made: made.fetch_order_book(symbol, 20),
    }
    if name == "bybit":
        calls["find"] = lambda made: made.fetch_open_orders(symbol, None, ROWS[name], dict(by_ours))
        calls["find by its own id"] = lambda made: made.fetch_open_orders(symbol, None, ROWS[name], dict(by_theirs))
    else:
        calls["find"] = lambda made: made.fetch_order(None, symbol, dict(by_ours))
        calls["find by its own id"] = lambda made: made.fetch_order(VENUE_ID, symbol, dict(always))
    return [{"name": title, **recorded(lambda call=call: call(exchange(name)))} for title, call in calls.items()]


def contract_order(name, row):
    title, symbol, kind, side, quantity, price, reduces = row
    size = Decimal(CONTRACTS[name][0 if symbol.startswith("BTC") else 1][1])
    asked = {"symbol": symbol, "type": kind, "side": side, "quantity": quantity, "price": price, "reduce_only": reduces}
    params = {"clientOrderId": CLIENT_ID}
    if name != "bybit":
        params["marginMode"] = "isolated"
    if reduces:
        params["reduceOnly"] = True
    count = float(Decimal(quantity) / size)
    sent = recorded(lambda: exchange(name, "swap").create_order(symbol, kind, side, count, price, params))
    return {"name": title, "asked": asked, **sent}


def contract_others(name):
    _, _, _, _, _, ours, theirs = EXCHANGES[name]
    symbol, by_ours, by_theirs = "BTC/USDT:USDT", {ours: CLIENT_ID}, {theirs: VENUE_ID}
    isolated = {"marginMode": "isolated"} if name == "okx" else {}
    by_page = {"pageSize": 100} if name == "kucoin" else {}
    calls = {
        "cancel": lambda made: made.cancel_order(None, symbol, dict(by_ours)),
        "open orders": lambda made: made.fetch_open_orders(symbol, None, None if by_page else ROWS[name], dict(by_page)),
        "trades of an order": lambda made: made.fetch_my_trades(symbol, BEFORE, 100, dict(by_theirs)),
        "balances": lambda made: made.fetch_balance(),
        "rights": lambda made: getattr(made, RIGHTS[name])(),
        "positions": lambda made: made.fetch_positions(),
        "fee": lambda made: made.fetch_trading_fee(symbol),
        "time": lambda made: made.fetch_time(),
        "ticker": lambda made: made.fetch_ticker(symbol),
        "book": lambda made: made.fetch_order_book(symbol, 20),
        "set position_mode": lambda made: made.set_position_mode(False, symbol),
        "set margin_mode": lambda made: made.set_margin_mode("isolated", symbol),
        "set leverage": lambda made: made.set_leverage(LEVERAGE, symbol, dict(isolated)),
    }
    if name == "bybit":
        calls["find"] = lambda made: made.fetch_open_orders(symbol, None, ROWS[name], dict(by_ours))
        calls["find by its own id"] = lambda made: made.fetch_open_orders(symbol, None, ROWS[name], dict(by_theirs))
    else:
        calls["find"] = lambda made: made.fetch_order(None, symbol, dict(by_ours))
        calls["find by its own id"] = lambda made: made.fetch_order(VENUE_ID, symbol)
    if name == "okx":
        del calls["set margin_mode"]  # it is told with each order
    if name == "kucoin":
        del calls["set leverage"]  # as above
    return [{"name": title, **recorded(lambda call=call: call(exchange(name, "swap")))} for title, call in calls.items()]


def files():
    """What each file says, by its name."""
    made = {}
    for name in EXCHANGES:
        made[f"{name}.json"] = {
            "ccxt": ccxt.__version__, "now": NOW, "markets": markets(name),
            "orders": [order(name, row) for row in ORDERS], "others": others(name),
        }
        made[f"{name}usdm.json"] = {
            "ccxt": ccxt.__version__, "now": NOW, "markets": contracts(name),
            "orders": [contract_order(name, row) for row in CONTRACT_ORDERS], "others": contract_others(name),
        }
    return made


if __name__ == "__main__":
    write_or_check(files())
