"""An unmodified ccxt trades on the simulator's Coinbase."""

import ccxt
from sim import URL, candles, control, equal, fault, in_haste, key, near, price, raises, taken

MARKET = "BTC/USD"


def coinbase(**more):
    exchange = ccxt.coinbase({"enableRateLimit": False, "options": {"fetchBalance": "v3PrivateGetBrokerageAccounts"}, **more})
    exchange.urls["api"]["rest"] = URL
    return exchange


def markets_and_prices(exchange):
    market = exchange.load_markets()[MARKET]
    near("tick", market["precision"]["price"], 0.01)
    near("step", market["precision"]["amount"], 0.00000001)
    equal("fees", (market["taker"], market["maker"]), (0.012, 0.006))
    ticker = exchange.fetch_ticker(MARKET)
    equal("last, bid, ask", (ticker["last"], ticker["bid"], ticker["ask"]), (64000.0, 64000.0, 64000.01))
    book = exchange.fetch_order_book(MARKET, 5)
    equal("depth", (len(book["bids"]), len(book["asks"])), (5, 5))
    candles(exchange, MARKET, ["1m", "5m", "15m", "1h", "1d"])
    assert exchange.fetch_trades(MARKET)[-1]["price"] == 64000.0
    assert abs(exchange.fetch_time() - exchange.milliseconds()) < 5_000
    seen = exchange.v3_public_get_brokerage_time()
    assert abs(int(seen["epochMillis"]) - exchange.milliseconds()) < 5_000


def rights():
    reader = coinbase(**key("coinbase", "reader"))
    reader.load_markets()
    reader.fetch_balance()
    raises(ccxt.PermissionDenied, "a reader's order", lambda: reader.create_order(MARKET, "limit", "buy", 0.01, 60000))
    seen = reader.v3_private_get_brokerage_key_permissions()
    equal("the reader's rights", (seen["can_view"], seen["can_trade"], seen["can_transfer"]), (True, False, False))
    seen = coinbase(**key("coinbase", "withdrawer")).v3_private_get_brokerage_key_permissions()
    equal("the withdrawer's rights", seen["can_transfer"], True)


def limits_and_cancels(exchange):
    before = exchange.fetch_balance()["USD"]
    order = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"client_order_id": "first"})
    after = exchange.fetch_balance()["USD"]
    near("held with the fee", after["used"] - before["used"], 600 * 1.012)
    near("free", before["free"] - after["free"], 600 * 1.012)
    again = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"client_order_id": "first"})
    equal("the same id is the same order", again["id"], order["id"])
    equal("nothing more is held", exchange.fetch_balance()["USD"]["used"], after["used"])
    found = exchange.fetch_order(order["id"], MARKET)
    equal("open", (found["status"], found["price"], found["amount"], found["clientOrderId"]), ("open", 60000.0, 0.01, "first"))
    equal("open orders", [o["id"] for o in exchange.fetch_open_orders(MARKET)], [order["id"]])
    exchange.cancel_order(order["id"], MARKET)
    equal("cancelled", exchange.fetch_order(order["id"], MARKET)["status"], "canceled")
    equal("given back", exchange.fetch_balance()["USD"], before)
    raises(ccxt.BadRequest, "cancelled twice", lambda: exchange.cancel_order(order["id"], MARKET))
    raises(ccxt.ExchangeError, "unknown", lambda: exchange.fetch_order("00000000-0000-0000-0000-000000000000", MARKET))
    again = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"client_order_id": "first"})
    equal("the same order, although it has ended", again["id"], order["id"])


def markets_and_trades(exchange):
    before = exchange.fetch_balance()
    made = exchange.create_market_buy_order_with_cost(MARKET, 1000, {"client_order_id": "spent"})
    order = exchange.fetch_order(made["id"], MARKET)
    after = exchange.fetch_balance()
    equal("filled", (order["status"], order["average"]), ("closed", 64000.01))
    paid = before["USD"]["free"] - after["USD"]["free"]
    assert 999.99 < paid <= 1000, paid
    near("got without a fee in base", after["BTC"]["free"] - before["BTC"]["free"], order["filled"])
    trade = exchange.fetch_my_trades(MARKET)[-1]
    equal("the trade", (trade["order"], trade["price"], trade["takerOrMaker"]), (order["id"], 64000.01, "taker"))
    equal("its fee is in quote", trade["fee"]["currency"], "USD")
    near("paid is value and fee", paid, trade["cost"] + trade["fee"]["cost"])
    sold = exchange.create_order(MARKET, "market", "sell", 0.1)
    equal("sold at the bid", exchange.fetch_order(sold["id"], MARKET)["average"], 64000.0)
    maker = exchange.create_order(MARKET, "limit", "sell", 0.1, 65000)
    price("coinbase", MARKET, "65001")
    found = exchange.fetch_order(maker["id"], MARKET)
    equal("filled at its limit", (found["status"], found["average"]), ("closed", 65000.0))
    equal("as a maker", exchange.fetch_my_trades(MARKET)[-1]["takerOrMaker"], "maker")
    price("coinbase", MARKET, "64000")
    told = raises(ccxt.ExchangeError, "a maker that would take", lambda: exchange.create_order(
        MARKET, "limit", "buy", 0.01, 64100, {"postOnly": True}))
    assert "POST_ONLY" in told, told


def stops(exchange):
    stop = exchange.create_order(MARKET, "limit", "sell", 0.1, 62900, {"stopLossPrice": 63000})
    profit = exchange.create_order(MARKET, "limit", "sell", 0.1, 66000, {"takeProfitPrice": 66000})
    found = exchange.fetch_order(stop["id"], MARKET)
    equal("its trigger", (found["status"], found["triggerPrice"], found["price"]), ("open", 63000.0, 62900.0))
    price("coinbase", MARKET, "62950")
    equal("stopped out", exchange.fetch_order(stop["id"], MARKET)["average"], 62950.0)
    price("coinbase", MARKET, "66000")
    equal("took profit", exchange.fetch_order(profit["id"], MARKET)["status"], "closed")
    price("coinbase", MARKET, "64000")
    raises(ccxt.InvalidOrder, "a stop that is past", lambda: exchange.create_order(
        MARKET, "limit", "sell", 0.1, 62900, {"stopLossPrice": 65000}))


def refusals(exchange):
    order = lambda amount, at: lambda: exchange.v3_private_post_brokerage_orders({
        "client_order_id": exchange.uuid(), "product_id": "BTC-USD", "side": "BUY",
        "order_configuration": {"limit_limit_gtc": {"base_size": amount, "limit_price": at, "post_only": False}}})
    raises(ccxt.InsufficientFunds, "too much", order("5", "64000"))
    assert "SIZE_PRECISION" in raises(ccxt.ExchangeError, "off the step", order("0.010000001", "64000"))
    assert "PRICE_PRECISION" in raises(ccxt.ExchangeError, "off the tick", order("0.01", "64000.001"))
    assert "TOO_SMALL" in raises(ccxt.ExchangeError, "too little", order("0.00000001", "64000"))
    raises(ccxt.BadRequest, "no id", lambda: exchange.v3_private_post_brokerage_orders({"product_id": "BTC-USD", "side": "BUY"}))


def who_and_when(exchange):
    other = coinbase(apiKey=key("coinbase")["apiKey"], secret=key("coinbase", "reader")["secret"])
    raises(ccxt.AuthenticationError, "another's signature", other.v3_private_get_brokerage_accounts)
    unknown = coinbase(apiKey="organizations/a/apiKeys/b", secret=key("coinbase")["secret"])
    raises(ccxt.AuthenticationError, "an unknown key", unknown.v3_private_get_brokerage_accounts)
    for offset in [125_000, -5_000]:
        control("clock", {"offset_ms": offset})
        raises(ccxt.AuthenticationError, "a token out of its time", exchange.v3_private_get_brokerage_accounts)
    control("clock", {"offset_ms": 0})
    exchange.v3_private_get_brokerage_accounts()


def faults(exchange):
    place = lambda name: lambda: exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"client_order_id": name})
    for kind, wanted, orders in [
        ("timeout_before", ccxt.RequestTimeout, 0),
        ("timeout_after", ccxt.RequestTimeout, 1),
        ("reset_before", ccxt.NetworkError, 0),
        ("reset_after", ccxt.NetworkError, 1),
        ("unavailable_before", ccxt.ExchangeNotAvailable, 0),
        ("unavailable_after", ccxt.ExchangeNotAvailable, 1),
        ("clock", ccxt.AuthenticationError, 0),
        ("duplicate", ccxt.ExchangeError, 0),
        ("too_many", ccxt.RateLimitExceeded, 0),
    ]:
        in_haste(exchange, kind)
        fault(kind, "coinbase", ms=5000)
        raises(wanted, kind, place("c-" + kind))
        equal(kind + ": orders taken", taken("coinbase", "c-" + kind), orders)
    exchange.timeout = 10_000
    place("c-timeout_after")()
    equal("a replay creates nothing", taken("coinbase", "c-timeout_after"), 1)
    fault("partial", "coinbase", share=40)
    part = exchange.create_order(MARKET, "limit", "buy", 0.01, 64100)
    found = exchange.fetch_order(part["id"], MARKET)
    equal("a part", (found["status"], found["filled"]), ("open", 0.004))
    fault("read_lag", "coinbase", ms=60_000)
    lagging = place("c-lagging")()
    raises(ccxt.ExchangeError, "not seen yet", lambda: exchange.fetch_order(lagging["id"], MARKET))
    equal("but taken", taken("coinbase", "c-lagging"), 1)


if __name__ == "__main__":
    # Nobody waits here for the second to be over.
    control("limits", {"venue": "coinbase", "weight": 1000})
    exchange = coinbase(**key("coinbase"))
    markets_and_prices(exchange)
    rights()
    limits_and_cancels(exchange)
    markets_and_trades(exchange)
    stops(exchange)
    refusals(exchange)
    who_and_when(exchange)
    faults(exchange)
    equal("no id was taken twice", [d for d in control("duplicates")["taken"] if d["venue"] == "coinbase"], [])
    print("coinbase: ccxt", ccxt.__version__, "trades")
