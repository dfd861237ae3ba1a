#!/usr/bin/env python3
"""Writes what ccxt would send: one request of each kind for each exchange that Moniqo speaks to.

    python3 -m venv /tmp/ccxt && /tmp/ccxt/bin/pip install --require-hashes -r infra/ccxt/requirements.txt
    /tmp/ccxt/bin/python tests/golden/ccxt/capture.py            (with --check: 1 where a file says anything else)

ccxt is unmodified. Its clock stands still, what it draws at random is fixed, and in the place of `fetch` a recorder
keeps the request and ends the call, so that nothing leaves this machine. Markets are given, not loaded. Keys are those
of the exchanges' own examples, or made here from a number that everybody knows: none opens anything.
"""

import base64
import json
import sys
from pathlib import Path

import ccxt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

NOW = 1_700_000_000_123
CLIENT_ID = "mabcdefghijklmnopq"
STOP_ID = "mabcstopghijklmnop"
VENUE_ID = "1234567"

# Of each exchange: key, and its markets as (symbol, id, price tick, quantity step).
BINANCE_KEY = ("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
               "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j")
KRAKEN_KEY = ("api-key-of-nobody",
              "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==")
MARKETS = {
    "binance": [("BTC/USDT", "BTCUSDT", "0.01", "0.00001"), ("ETH/BTC", "ETHBTC", "0.00001", "0.0001"),
                ("PEPE/USDT", "PEPEUSDT", "0.00000001", "1")],
    "coinbase": [("BTC/USD", "BTC-USD", "0.01", "0.00000001"), ("ETH/BTC", "ETH-BTC", "0.00001", "0.00000001"),
                 ("PEPE/USD", "PEPE-USD", "0.00000001", "1")],
    "kraken": [("BTC/USD", "XXBTZUSD", "0.1", "0.00000001"), ("ETH/BTC", "XETHXXBT", "0.00001", "0.00000001"),
               ("PEPE/USD", "PEPEUSD", "0.000000001", "0.00001")],
    "binanceusdm": [("BTC/USDT:USDT", "BTCUSDT", "0.1", "0.001"), ("ETH/USDC:USDC", "ETHUSDC", "0.01", "0.001"),
                    ("1000PEPE/USDT:USDT", "1000PEPEUSDT", "0.0000001", "1")],
}
ORDER_TYPES = ["LIMIT", "LIMIT_MAKER", "MARKET", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"]


class Recorded(BaseException):
    """The request, in the place of an answer."""

    def __init__(self, request):
        super().__init__()
        self.request = request


def coinbase_key():
    key = ec.derive_private_key(42, ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
                            serialization.NoEncryption())
    return "organizations/0/apiKeys/0", pem.decode()


def market(symbol, market_id, tick, step):
    base, quote = symbol.split(":")[0].split("/")
    made = {
        "id": market_id, "symbol": symbol, "base": base, "quote": quote, "baseId": base, "quoteId": quote,
        "type": "spot", "spot": True, "margin": False, "swap": False, "future": False, "option": False,
        "contract": False, "active": True, "limits": {}, "info": {"orderTypes": ORDER_TYPES},
        "precision": {"price": float(tick), "amount": float(step)},
    }
    if ":" in symbol:
        made |= {"type": "swap", "spot": False, "swap": True, "contract": True, "linear": True, "inverse": False,
                 "contractSize": 1, "settle": quote, "settleId": quote}
    return made


def exchange(name):
    keys = {"binance": BINANCE_KEY, "binanceusdm": BINANCE_KEY, "kraken": KRAKEN_KEY}
    key, secret = keys.get(name) or coinbase_key()
    made = getattr(ccxt, name)({"apiKey": key, "secret": secret, "enableRateLimit": False})
    made.milliseconds = lambda: NOW
    made.seconds = lambda: NOW // 1000
    made.random_bytes = lambda length: "00" * length
    made.uuid = lambda: "00000000-0000-4000-8000-000000000000"
    made.uuid22 = lambda *_: "0" * 22

    def fetch(url, method="GET", headers=None, body=None):
        raise Recorded({"method": method, "url": url, "headers": readable(headers or {}), "body": body})

    made.fetch = fetch
    made.set_markets([market(*row) for row in MARKETS[name]])
    return made


def readable(headers):
    """A token is shown as what it says: its signature is another each time."""
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    if not token:
        return headers
    parts = [json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in token.split(".")[:2]]
    return {**headers, "Authorization": {"header": parts[0], "claims": parts[1]}}


def recorded(call):
    try:
        call()
    except Recorded as request:
        return request.request
    raise AssertionError("nothing was sent")


# What is ordered: name, market (its place in the list), type, side, quantity, price, stop loss, take profit.
ORDERS = [
    ("limit buy", 0, "limit", "buy", "0.01234", "64250.3", None, None),
    ("limit sell at a whole price", 0, "limit", "sell", "0.01", "64000", None, None),
    ("limit buy of much for little", 2, "limit", "buy", "12345678", "0.00000812", None, None),
    ("limit sell of little for much", 0, "limit", "sell", "0.00001", "999999.9", None, None),
    ("limit buy against another coin", 1, "limit", "buy", "1.5", "0.03001", None, None),
    ("market buy", 0, "market", "buy", "0.01234", None, None, None),
    ("market sell", 0, "market", "sell", "0.01234", None, None, None),
    ("market sell of a whole number", 2, "market", "sell", "1000000", None, None, None),
    ("stop-loss sell", 0, "market", "sell", "0.01234", None, "60000.5", None),
    ("stop-loss buy", 0, "market", "buy", "0.01234", None, "70000.5", None),
    ("stop-loss-limit sell", 0, "limit", "sell", "0.01234", "59900.1", "60000.5", None),
    ("stop-loss-limit buy", 0, "limit", "buy", "0.01234", "70100.1", "70000.5", None),
    ("stop-loss-limit sell of much for little", 2, "limit", "sell", "12345678", "0.00000711", "0.00000712", None),
    ("take-profit sell", 0, "market", "sell", "0.01234", None, None, "70000.5"),
    ("take-profit-limit sell", 0, "limit", "sell", "0.01234", "69900.1", None, "70000.5"),
]

# The same of contracts, where what waits for a price is another list: and whether it may only reduce.
CONTRACTS = [
    ("limit buy", 0, "limit", "buy", "0.012", "64250.3", None, None, False),
    ("limit sell at a whole price", 0, "limit", "sell", "0.01", "64000", None, None, False),
    ("limit buy of much for little", 2, "limit", "buy", "12345678", "0.0081234", None, None, False),
    ("limit sell that reduces", 0, "limit", "sell", "0.001", "99999.9", None, None, True),
    ("limit buy in another coin", 1, "limit", "buy", "1.5", "3000.01", None, None, False),
    ("market buy", 0, "market", "buy", "0.012", None, None, None, False),
    ("market sell", 0, "market", "sell", "0.012", None, None, None, False),
    ("market buy that reduces", 0, "market", "buy", "0.012", None, None, None, True),
    ("market sell of a whole number that reduces", 2, "market", "sell", "1000000", None, None, None, True),
]


def order_case(name, row):
    title, place, kind, side, quantity, price, stop, target, *reduces = row
    symbol = MARKETS[name][place][0]
    params = {"clientOrderId": CLIENT_ID}
    if name == "coinbase":
        # It drops the unified parameter, and asks for quote to buy at the market.
        params = {"client_order_id": CLIENT_ID}
    if stop:
        params["stopLossPrice"] = stop
    if target:
        params["takeProfitPrice"] = target
    asked = {"symbol": symbol, "type": kind, "side": side, "quantity": quantity, "price": price, "stop_loss": stop,
             "take_profit": target, "client_id": CLIENT_ID}
    if reduces:
        asked["reduce_only"] = reduces[0]
    if reduces == [True]:
        params["reduceOnly"] = True
    if name == "coinbase" and kind == "market" and side == "buy" and not stop:
        params["cost"] = asked["cost"] = "792.85"
    try:
        sent = recorded(lambda: exchange(name).create_order(symbol, kind, side, quantity, price, params))
    except ccxt.BaseError as refused:
        return {"name": title, "asked": asked, "refused_by_ccxt": f"{type(refused).__name__}: {refused}"}
    return {"name": title, "asked": asked, **sent}


def oco(made):
    """A pair: ccxt has no word of its own for it and passes the exchange's on."""
    return made.private_post_orderlist_oco({
        "symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01234", "aboveType": "LIMIT_MAKER",
        "aboveClientOrderId": CLIENT_ID, "abovePrice": "70000.5", "belowType": "STOP_LOSS",
        "belowClientOrderId": STOP_ID, "belowStopPrice": "60000.5", "newOrderRespType": "FULL",
    })


def others(name):
    symbol = MARKETS[name][0][0]
    by_client_id = {
        "binance": {"origClientOrderId": CLIENT_ID},
        "binanceusdm": {"origClientOrderId": CLIENT_ID},
        "coinbase": {},
        "kraken": {"clientOrderId": CLIENT_ID},
    }[name]
    order = None if name.startswith("binance") else VENUE_ID
    calls = {
        "cancel": lambda made: made.cancel_order(order, symbol, dict(by_client_id)),
        "find": lambda made: made.fetch_order(order, symbol, dict(by_client_id)),
        "open orders": lambda made: made.fetch_open_orders(symbol),
        "orders since": lambda made: (made.fetch_closed_orders if name == "kraken" else made.fetch_orders)(
            symbol, NOW - 3_600_000),
        "trades of an order": lambda made: made.fetch_my_trades(symbol, None, None, trades_of(name)),
        "balances": lambda made: made.fetch_balance(),
        "time": lambda made: made.fetch_time(),
        "ticker": lambda made: made.fetch_ticker(symbol),
        "book": lambda made: made.fetch_order_book(symbol, 5),
        "bars": lambda made: made.fetch_ohlcv(symbol, "1m", NOW - 600_000, 10),
    }
    if name != "coinbase":
        calls["fee"] = lambda made: made.fetch_trading_fee(symbol)
    if name == "binance":
        calls["oco"] = oco
    if name == "binanceusdm":
        calls |= settings(symbol)
    return [{"name": title, **recorded(lambda call=call: call(exchange(name)))} for title, call in calls.items()]


def settings(symbol):
    """What is set and read of contracts; where ccxt has no word of its own the exchange's own is passed on."""
    return {
        "account config": lambda made: made.fapiprivate_get_accountconfig(),
        "symbol config": lambda made: made.fetch_margin_mode(symbol),
        "one way": lambda made: made.set_position_mode(False),
        "isolated": lambda made: made.set_margin_mode("isolated", symbol),
        "leverage": lambda made: made.set_leverage(7, symbol),
        "positions": lambda made: made.fapiprivatev3_get_positionrisk(),
        "wallet": lambda made: made.fapiprivatev3_get_balance(),
        "price": lambda made: made.fapipublicv2_get_ticker_price({"symbol": "BTCUSDT"}),
        "restrictions": lambda made: made.sapi_get_account_apirestrictions(),
    }


def trades_of(name):
    return {"binance": {"orderId": VENUE_ID}, "binanceusdm": {"orderId": VENUE_ID}, "coinbase": {"order_ids": VENUE_ID}, "kraken": {}}[name]


def files():
    """What each file says, by its name."""
    made = {}
    for name, markets in MARKETS.items():
        known = [dict(zip(("symbol", "id", "price_tick", "quantity_step"), row)) for row in markets]
        made[f"{name}.json"] = {
            "ccxt": ccxt.__version__, "now": NOW, "markets": known,
            "orders": [order_case(name, row) for row in (CONTRACTS if name == "binanceusdm" else ORDERS)],
            "others": others(name),
        }
    return made


def first_difference(kept, made, place="$"):
    """Where two documents first differ, with what each has there; none where they do not."""
    if isinstance(kept, dict) and isinstance(made, dict):
        if list(kept) != list(made):
            return f"{place} has {list(kept)} in the file, and {list(made)} now"
        pairs = ((f"{place}.{name}", kept[name], made[name]) for name in kept)
    elif isinstance(kept, list) and isinstance(made, list):
        if len(kept) != len(made):
            return f"{place} has {len(kept)} entries in the file, and {len(made)} now"
        pairs = ((f"{place}[{at}]", *both) for at, both in enumerate(zip(kept, made)))
    else:
        same = type(kept) is type(made) and kept == made
        return None if same else f"{place} is {json.dumps(kept)} in the file, and {json.dumps(made)} now"
    return next(filter(None, (first_difference(one, other, where) for where, one, other in pairs)), None)


def wrong(path, made):
    """What is wrong with a file; none where it says what is said now."""
    if not path.exists():
        return "there is no such file"
    text = path.read_text()
    if text == written(made):
        return None
    try:
        # What is made is read back: only what a file can say is compared.
        return first_difference(json.loads(text), json.loads(written(made))) or "says the same in another layout"
    except ValueError as error:
        return f"is no JSON: {error}"


def written(made):
    return json.dumps(made, indent=1) + "\n"


def write_or_check(made):
    """Writes each file, or with `--check` ends with 1 where one says anything else."""
    here = Path(__file__).resolve().parent
    if sys.argv[1:] != ["--check"]:
        for name, document in made.items():
            (here / name).write_text(written(document))
        return
    differing = [f"{here / name}: {why}" for name, document in made.items() if (why := wrong(here / name, document))]
    if differing:
        sys.exit("\n".join(differing))


if __name__ == "__main__":
    write_or_check(files())
