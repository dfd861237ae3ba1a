"""An unmodified ccxt trades on the simulator's Kraken."""

import datetime

import ccxt
from sim import URL, candles, control, equal, fault, in_haste, key, near, price, raises, taken

MARKET = "BTC/USD"


def kraken(**more):
    exchange = ccxt.kraken({"enableRateLimit": False, **more})
    exchange.urls["api"].update({"public": URL, "private": URL})
    return exchange


def markets_and_prices(exchange):
    market = exchange.load_markets()[MARKET]
    near("tick", market["precision"]["price"], 0.1)
    near("step", market["precision"]["amount"], 0.00000001)
    equal("fees", (market["taker"], market["maker"]), (0.004, 0.0025))
    equal("least", (market["limits"]["amount"]["min"], market["limits"]["cost"]["min"]), (0.00005, 0.5))
    ticker = exchange.fetch_ticker(MARKET)
    equal("last, bid, ask", (ticker["last"], ticker["bid"], ticker["ask"]), (64000.0, 64000.0, 64000.1))
    book = exchange.fetch_order_book(MARKET, 5)
    equal("depth", (len(book["bids"]), len(book["asks"])), (5, 5))
    candles(exchange, MARKET, ["1m", "5m", "15m", "1h", "4h", "1d"])
    assert exchange.fetch_trades(MARKET)[-1]["price"] == 64000.0
    assert abs(exchange.fetch_time() - exchange.milliseconds()) < 5_000
    equal("status", exchange.fetch_status()["status"], "ok")


def rights():
    reader = kraken(**key("kraken", "reader"))
    reader.load_markets()
    reader.fetch_balance()
    raises(ccxt.PermissionDenied, "a reader's order", lambda: reader.create_order(MARKET, "limit", "buy", 0.01, 60000))
    raises(ccxt.PermissionDenied, "a reader's withdrawals", lambda: reader.private_post_withdrawstatus({"asset": "XBT"}))
    kraken(**key("kraken", "withdrawer")).private_post_withdrawstatus({"asset": "XBT"})


def limits_and_cancels(exchange):
    before = exchange.fetch_balance()["USD"]
    order = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"clientOrderId": "first"})
    after = exchange.fetch_balance()["USD"]
    near("held with the fee", after["used"] - before["used"], 600 * 1.004)
    found = exchange.fetch_order(order["id"], MARKET)
    equal("open", (found["status"], found["price"], found["amount"], found["clientOrderId"]), ("open", 60000.0, 0.01, "first"))
    by_id = exchange.fetch_open_orders(MARKET, params={"clientOrderId": "first"})
    equal("by client id", [o["id"] for o in by_id], [order["id"]])
    raises(ccxt.ExchangeError, "the same id, open", lambda: exchange.create_order(
        MARKET, "limit", "buy", 0.01, 60000, {"clientOrderId": "first"}))
    exchange.cancel_order(None, MARKET, {"clientOrderId": "first"})
    equal("cancelled", exchange.fetch_order(order["id"], MARKET)["status"], "canceled")
    by_id = exchange.fetch_closed_orders(MARKET, params={"clientOrderId": "first"})
    equal("closed, by client id", [o["id"] for o in by_id], [order["id"]])
    equal("given back", exchange.fetch_balance()["USD"], before)
    raises(ccxt.OrderNotFound, "cancelled twice", lambda: exchange.cancel_order(order["id"], MARKET))
    raises(ccxt.OrderNotFound, "unknown", lambda: exchange.fetch_order("OAAAAA-AAAAA-AAAAAA", MARKET))
    again = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"clientOrderId": "first"})
    assert again["id"] != order["id"], "the id of an order that has ended may be used again"
    exchange.cancel_all_orders()
    equal("none open", exchange.fetch_open_orders(MARKET), [])


def markets_and_trades(exchange):
    before = exchange.fetch_balance()
    made = exchange.create_order(MARKET, "market", "buy", 0.5)
    order = exchange.fetch_order(made["id"], MARKET)
    equal("filled at once", (order["status"], order["filled"], order["average"]), ("closed", 0.5, 64000.1))
    after = exchange.fetch_balance()
    near("paid with the fee", before["USD"]["free"] - after["USD"]["free"], 32000.05 * 1.004)
    near("got without one", after["BTC"]["free"] - before["BTC"]["free"], 0.5)
    trades = [t for t in exchange.fetch_my_trades(MARKET) if t["order"] == made["id"]]
    equal("the trade", (trades[0]["price"], trades[0]["amount"], trades[0]["takerOrMaker"]), (64000.1, 0.5, "taker"))
    near("its fee", trades[0]["fee"]["cost"], 128.0002)
    spent = exchange.create_market_buy_order_with_cost(MARKET, 100)
    equal("so much for 100", exchange.fetch_order(spent["id"], MARKET)["filled"], 0.00156249)
    maker = exchange.create_order(MARKET, "limit", "sell", 0.1, 65000)
    price("kraken", MARKET, "65001")
    found = exchange.fetch_order(maker["id"], MARKET)
    equal("filled at its limit", (found["status"], found["average"]), ("closed", 65000.0))
    price("kraken", MARKET, "64000")
    raises(ccxt.ExchangeError, "a maker that would take", lambda: exchange.create_order(
        MARKET, "limit", "buy", 0.01, 64100, {"postOnly": True}))


def fees(exchange):
    # Bought: in quote, unless base is preferred. Sold: in base, unless quote is.
    for side, flags, paid_in in [
        ("buy", None, "USD"), ("buy", "fciq", "USD"), ("buy", "fcib", "BTC"),
        ("sell", None, "BTC"), ("sell", "fcib", "BTC"), ("sell", "fciq", "USD"),
    ]:
        before = exchange.fetch_balance()
        made = exchange.create_order(MARKET, "market", side, 0.1, None, {"oflags": flags} if flags else {})
        found, after = exchange.fetch_order(made["id"], MARKET), exchange.fetch_balance()
        fee = 0.1 * 0.004 * (1 if paid_in == "BTC" else found["average"])
        equal(f"{side} {flags}: its fee is in", found["fee"]["currency"], paid_in)
        near(f"{side} {flags}: its fee", float(found["fee"]["cost"]), fee)
        sign = 1 if side == "buy" else -1
        coins = sign * 0.1 - (fee if paid_in == "BTC" else 0)
        money = -sign * 0.1 * found["average"] - (fee if paid_in == "USD" else 0)
        near(f"{side} {flags}: coins", after["BTC"]["total"] - before["BTC"]["total"], coins)
        near(f"{side} {flags}: money", after["USD"]["total"] - before["USD"]["total"], money)
    both = lambda: exchange.create_order(MARKET, "market", "buy", 0.1, None, {"oflags": "fciq,fcib"})
    assert "oflags" in raises(ccxt.ExchangeError, "both", both)


def stops(exchange):
    stop = exchange.create_order(MARKET, "market", "sell", 0.1, None, {"stopLossPrice": 63000})
    limit = exchange.create_order(MARKET, "limit", "sell", 0.1, 62900, {"stopLossPrice": 63000})
    profit = exchange.create_order(MARKET, "limit", "sell", 0.1, 66000, {"takeProfitPrice": 66000})
    equal("its trigger", exchange.fetch_order(stop["id"], MARKET)["stopLossPrice"], 63000.0)
    equal("its limit", exchange.fetch_order(limit["id"], MARKET)["price"], 62900.0)
    price("kraken", MARKET, "62950")
    equal("stopped out", exchange.fetch_order(stop["id"], MARKET)["average"], 62950.0)
    equal("stopped with a limit", exchange.fetch_order(limit["id"], MARKET)["average"], 62950.0)
    price("kraken", MARKET, "66000")
    equal("took profit", exchange.fetch_order(profit["id"], MARKET)["status"], "closed")
    price("kraken", MARKET, "64000")
    past = exchange.create_order(MARKET, "market", "sell", 0.01, None, {"stopLossPrice": 65000})
    equal("a stop that is past triggers at once", exchange.fetch_order(past["id"], MARKET)["status"], "closed")


def refusals(exchange):
    order = lambda amount, at, **more: lambda: exchange.private_post_addorder({
        "pair": "XBTUSD", "type": "buy", "ordertype": "limit", "volume": amount, "price": at, **more})
    raises(ccxt.InsufficientFunds, "too much", order("5", "64000"))
    raises(ccxt.InvalidOrder, "too little", order("0.00001", "64000"))
    raises(ccxt.InvalidOrder, "too many digits", order("0.000500001", "64000"))
    assert "up to 1 decimals" in raises(ccxt.ExchangeError, "off the tick", order("0.01", "64000.01"))
    at = lambda seconds: (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)).isoformat()
    told = raises(ccxt.ExchangeError, "too late", order("0.01", "60000", deadline=at(-1)))
    assert "Deadline elapsed" in told, told
    made = order("0.01", "60000", deadline=at(5))()
    equal("in time", len(made["result"]["txid"]), 1)
    tried = order("0.01", "60000", validate="true")()
    equal("only tried", tried["result"], {"descr": {"order": "buy 0.01000000 XBTUSD @ limit 60000.0"}})
    exchange.cancel_all_orders()


def who_and_when(exchange):
    other = kraken(apiKey=key("kraken")["apiKey"], secret=key("kraken", "reader")["secret"])
    assert "Invalid signature" in raises(ccxt.ExchangeError, "another's signature", other.private_post_balance)
    unknown = kraken(apiKey="unknown", secret=key("kraken")["secret"])
    raises(ccxt.AuthenticationError, "an unknown key", unknown.private_post_balance)
    kraken(**key("kraken", "reader")).private_post_balance()
    behind = kraken(**key("kraken", "reader"))
    behind.options["timeDifference"] = 60_000
    raises(ccxt.InvalidNonce, "a nonce that is not greater", behind.private_post_balance)
    within = kraken(**key("kraken"))
    within.options["timeDifference"] = 60_000
    within.private_post_balance()


def faults(exchange):
    place = lambda name: lambda: exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"clientOrderId": name})
    for kind, wanted, orders in [
        ("timeout_before", ccxt.RequestTimeout, 0),
        ("timeout_after", ccxt.RequestTimeout, 1),
        ("reset_before", ccxt.NetworkError, 0),
        ("reset_after", ccxt.NetworkError, 1),
        ("unavailable_before", ccxt.ExchangeNotAvailable, 0),
        ("unavailable_after", ccxt.ExchangeNotAvailable, 1),
        ("clock", ccxt.InvalidNonce, 0),
        ("duplicate", ccxt.ExchangeError, 0),
        ("too_many", ccxt.DDoSProtection, 0),
    ]:
        name = kind[:18]
        in_haste(exchange, kind)
        fault(kind, "kraken", ms=5000)
        raises(wanted, kind, place(name))
        equal(kind + ": orders taken", taken("kraken", name), orders)
    exchange.timeout = 10_000
    fault("partial", "kraken", share=40)
    part = exchange.create_order(MARKET, "limit", "buy", 0.01, 64100)
    found = exchange.fetch_order(part["id"], MARKET)
    equal("a part", (found["status"], found["filled"]), ("open", 0.004))
    fault("read_lag", "kraken", ms=60_000)
    lagging = place("lagging")()
    raises(ccxt.OrderNotFound, "not seen yet", lambda: exchange.fetch_order(lagging["id"], MARKET))
    equal("but taken", taken("kraken", "lagging"), 1)


if __name__ == "__main__":
    # Nobody waits here for the second to be over.
    control("limits", {"venue": "kraken", "weight": 1000})
    exchange = kraken(**key("kraken"))
    markets_and_prices(exchange)
    rights()
    limits_and_cancels(exchange)
    markets_and_trades(exchange)
    fees(exchange)
    stops(exchange)
    refusals(exchange)
    who_and_when(exchange)
    faults(exchange)
    print("kraken: ccxt", ccxt.__version__, "trades")
