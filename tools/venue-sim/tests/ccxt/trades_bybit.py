"""An unmodified ccxt trades on the simulator's Bybit."""

import ccxt
from sim import URL, candles, control, equal, fault, in_haste, key, near, price, raises, taken

MARKET = "BTC/USDT"


def bybit(**more):
    options = {"defaultType": "spot", "fetchMarkets": {"types": ["spot"]}}
    exchange = ccxt.bybit({"enableRateLimit": False, "options": options, **more})
    exchange.urls["api"] = {name: URL for name in exchange.urls["api"]}
    return exchange


def order(exchange, id):
    return exchange.fetch_order(id, MARKET, {"acknowledged": True})


def markets_and_prices(exchange):
    market = exchange.load_markets()[MARKET]
    near("tick", market["precision"]["price"], 0.1)
    near("step", market["precision"]["amount"], 0.000001)
    equal("least", (market["limits"]["amount"]["min"], market["limits"]["cost"]["min"]), (0.000011, 5.0))
    ticker = exchange.fetch_ticker(MARKET)
    equal("last, bid, ask", (ticker["last"], ticker["bid"], ticker["ask"]), (64000.0, 64000.0, 64000.1))
    book = exchange.fetch_order_book(MARKET, 5)
    equal("depth", (len(book["bids"]), len(book["asks"])), (5, 5))
    candles(exchange, MARKET, ["1m", "5m", "15m", "1h", "4h", "1d"])
    assert exchange.fetch_trades(MARKET)[-1]["price"] == 64000.0
    assert abs(exchange.fetch_time() - exchange.milliseconds()) < 5_000
    fee = exchange.fetch_trading_fee(MARKET)
    equal("fees", (fee["taker"], fee["maker"]), (0.001, 0.001))


def rights():
    reader = bybit(**key("bybit", "reader"))
    reader.load_markets()
    reader.fetch_balance()
    raises(ccxt.PermissionDenied, "a reader's order", lambda: reader.create_order(MARKET, "limit", "buy", 0.01, 60000))
    told = lambda name: bybit(**key("bybit", name)).private_get_v5_user_query_api()["result"]
    equal("the reader's rights", (told("reader")["readOnly"], told("reader")["permissions"]["Spot"]), (1, []))
    equal("the trader's rights", (told("main")["permissions"]["Spot"], told("main")["permissions"]["Wallet"]), (["SpotTrade"], []))
    equal("the withdrawer's rights", told("withdrawer")["permissions"]["Wallet"], ["Withdraw"])


def limits_and_cancels(exchange):
    before = exchange.fetch_balance()["USDT"]
    made = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"clientOrderId": "first"})
    after = exchange.fetch_balance()["USDT"]
    near("held", after["used"] - before["used"], 600)
    near("free", before["free"] - after["free"], 600)
    found = order(exchange, made["id"])
    equal("open", (found["status"], found["price"], found["amount"], found["clientOrderId"]), ("open", 60000.0, 0.01, "first"))
    by_id = exchange.fetch_open_orders(MARKET, params={"orderLinkId": "first"})
    equal("by client id", [o["id"] for o in by_id], [made["id"]])
    raises(ccxt.InvalidOrder, "the same id, open", lambda: exchange.create_order(
        MARKET, "limit", "buy", 0.01, 60000, {"clientOrderId": "first"}))
    exchange.cancel_order(None, MARKET, {"orderLinkId": "first"})
    equal("cancelled", order(exchange, made["id"])["status"], "canceled")
    equal("none open", exchange.fetch_open_orders(MARKET), [])
    ended = exchange.fetch_canceled_and_closed_orders(MARKET, params={"orderLinkId": "first"})
    equal("over, by client id", [(o["id"], o["status"], o["filled"]) for o in ended], [(made["id"], "canceled", 0.0)])
    equal("given back", exchange.fetch_balance()["USDT"], before)
    raises(ccxt.OrderNotFound, "cancelled twice", lambda: exchange.cancel_order(made["id"], MARKET))
    raises(ccxt.OrderNotFound, "unknown", lambda: exchange.cancel_order("1700000000000000000", MARKET))


def page_by_page(exchange):
    made = [exchange.create_order(MARKET, "limit", "buy", 0.001, 50000 + n)["id"] for n in range(25)]
    seen, cursor = [], None
    while True:
        params = {"category": "spot", "limit": 10, **({"cursor": cursor} if cursor else {})}
        told = exchange.private_get_v5_order_realtime(params)["result"]
        if not told["list"]:
            break
        seen, cursor = seen + [row["orderId"] for row in told["list"]], told["nextPageCursor"]
    equal("the newest first, each once", seen, made[::-1])
    exchange.cancel_all_orders(MARKET)
    equal("none open", exchange.fetch_open_orders(MARKET), [])


def markets_and_trades(exchange):
    before = exchange.fetch_balance()
    made = exchange.create_order(MARKET, "market", "buy", 0.5)
    found = order(exchange, made["id"])
    equal("filled at once", (found["status"], found["filled"], found["average"]), ("closed", 0.5, 64000.1))
    after = exchange.fetch_balance()
    near("paid without a fee", before["USDT"]["free"] - after["USDT"]["free"], 32000.05)
    near("got with the fee taken", after["BTC"]["free"] - before["BTC"]["free"], 0.5 * 0.999)
    trades = [t for t in exchange.fetch_my_trades(MARKET) if t["order"] == made["id"]]
    equal("the trade", (trades[0]["price"], trades[0]["amount"], trades[0]["takerOrMaker"]), (64000.1, 0.5, "taker"))
    equal("its fee", (trades[0]["fee"]["cost"], trades[0]["fee"]["currency"]), (0.0005, "BTC"))
    equal("the order's fee", (found["fee"]["cost"], found["fee"]["currency"]), (0.0005, "BTC"))
    spent = exchange.create_market_buy_order_with_cost(MARKET, 100)
    equal("so much for 100", order(exchange, spent["id"])["filled"], 0.001562)
    maker = exchange.create_order(MARKET, "limit", "sell", 0.1, 65000)
    price("bybit", MARKET, "65001")
    found = order(exchange, maker["id"])
    equal("filled at its limit", (found["status"], found["average"]), ("closed", 65000.0))
    trades = exchange.fetch_my_trades(MARKET, params={"orderId": maker["id"]})
    equal("sold for quote", [(t["takerOrMaker"], t["fee"]["cost"], t["fee"]["currency"]) for t in trades], [("maker", 6.5, "USDT")])
    price("bybit", MARKET, "64000")
    raises(ccxt.InvalidOrder, "a maker that would take", lambda: exchange.create_order(
        MARKET, "limit", "buy", 0.01, 64100, {"postOnly": True}))


def refusals(exchange):
    ask = lambda amount, at, **more: lambda: exchange.private_post_v5_order_create({
        "category": "spot", "symbol": "BTCUSDT", "side": "Buy", "orderType": "Limit", "qty": amount, "price": at, **more})
    raises(ccxt.InsufficientFunds, "too much for what is there", ask("5", "64000"))
    for what, number, amount, at in [
        ("too little", "170136", "0.000001", "64000"),
        ("too much", "170135", "84", "1000"),
        ("worth too little", "170140", "0.0001", "30000"),
        ("worth too much", "170124", "80", "110000"),
        ("too many digits", "170137", "0.0100001", "64000"),
        ("off the tick", "170134", "0.01", "64000.01"),
    ]:
        assert number in raises(ccxt.InvalidOrder, what, ask(amount, at)), what
    raises(ccxt.InvalidOrder, "no such market", ask("1", "1", symbol="NONEUSDT"))
    raises(ccxt.BadRequest, "another category", ask("1", "1", category="linear"))
    control("market", {"venue": "bybit", "market": MARKET, "trading": False})
    raises(ccxt.InvalidOrder, "closed", ask("0.01", "60000"))
    control("market", {"venue": "bybit", "market": MARKET, "trading": True})


def who_and_when(exchange):
    other = bybit(apiKey=key("bybit")["apiKey"], secret=key("bybit", "reader")["secret"])
    assert "10004" in raises(ccxt.AuthenticationError, "another's signature", other.fetch_balance)
    unknown = bybit(apiKey="unknown", secret=key("bybit")["secret"])
    assert "10003" in raises(ccxt.AuthenticationError, "an unknown key", unknown.fetch_balance)
    for difference in (6_000, -6_000):
        late = bybit(**key("bybit"))
        late.options["timeDifference"] = difference
        raises(ccxt.InvalidNonce, f"{difference} off", late.private_get_v5_user_query_api)


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
        ("duplicate", ccxt.InvalidOrder, 0),
        ("too_many", ccxt.RateLimitExceeded, 0),
    ]:
        in_haste(exchange, kind)
        fault(kind, "bybit", ms=5000)
        raises(wanted, kind, place(kind))
        equal(kind + ": orders taken", taken("bybit", kind), orders)
    exchange.timeout = 10_000
    fault("partial", "bybit", share=40)
    part = exchange.create_order(MARKET, "limit", "buy", 0.01, 64100)
    found = order(exchange, part["id"])
    equal("a part", (found["status"], found["filled"]), ("open", 0.004))
    exchange.cancel_order(part["id"], MARKET)
    found = order(exchange, part["id"])
    equal("a part, and no more", (found["info"]["orderStatus"], found["filled"]), ("PartiallyFilledCanceled", 0.004))
    fault("read_lag", "bybit", ms=60_000)
    place("lagging")()
    equal("not seen yet", exchange.fetch_open_orders(MARKET, params={"orderLinkId": "lagging"}), [])
    equal("but taken", taken("bybit", "lagging"), 1)


if __name__ == "__main__":
    exchange = bybit(**key("bybit"))
    markets_and_prices(exchange)
    rights()
    limits_and_cancels(exchange)
    page_by_page(exchange)
    markets_and_trades(exchange)
    refusals(exchange)
    who_and_when(exchange)
    faults(exchange)
    print("bybit: ccxt", ccxt.__version__, "trades")
