"""An unmodified ccxt trades on the simulator's Binance, and on its testnet."""

import ccxt
from sim import TESTNET_URL, URL, books, candles, control, equal, fault, in_haste, key, near, price, raises, taken

MARKET = "BTC/USDT"


def binance(base=URL, **more):
    exchange = ccxt.binance({"enableRateLimit": False, "options": {"fetchMarkets": {"types": ["spot"]}}, **more})
    exchange.urls["api"].update({"public": base + "/api/v3", "private": base + "/api/v3", "sapi": base + "/sapi/v1"})
    return exchange


def markets_and_prices(exchange):
    market = exchange.load_markets()[MARKET]
    near("tick", market["precision"]["price"], 0.01)
    near("step", market["precision"]["amount"], 0.00001)
    near("smallest value", market["limits"]["cost"]["min"], 5)
    equal("active", market["active"], True)
    ticker = exchange.fetch_ticker(MARKET)
    equal("last", ticker["last"], 64000.0)
    equal("bid and ask", (ticker["bid"], ticker["ask"]), (64000.0, 64000.01))
    book = exchange.fetch_order_book(MARKET, 5)
    equal("depth", (len(book["bids"]), len(book["asks"])), (5, 5))
    assert book["bids"][0][0] < book["asks"][0][0]
    equal("candles", len(exchange.fetch_ohlcv(MARKET, "1m", limit=10)), 10)
    candles(exchange, MARKET, ["1m", "5m", "15m", "1h", "4h", "1d"])
    assert exchange.fetch_trades(MARKET)[-1]["price"] == 64000.0
    assert abs(exchange.fetch_time() - exchange.milliseconds()) < 5_000


def rights():
    reader = binance(**key("binance", "reader"))
    # ccxt takes -2015 for a ban where the key has worked before: the key's first request is the one it may not make.
    reader.options["fetchCurrencies"] = False
    reader.load_markets()
    raises(ccxt.AuthenticationError, "a reader's order", lambda: reader.create_order(MARKET, "limit", "buy", 0.01, 60000))
    reader.fetch_balance()
    seen = reader.sapi_get_account_apirestrictions()
    equal("the reader's rights", (seen["enableReading"], seen["enableSpotAndMarginTrading"]), (True, False))
    seen = binance(**key("binance", "withdrawer")).sapi_get_account_apirestrictions()
    equal("the withdrawer's rights", seen["enableWithdrawals"], True)


def limits_and_cancels(exchange):
    before = exchange.fetch_balance()
    order = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"newClientOrderId": "first"})
    equal("a resting order", (order["status"], order["filled"], order["clientOrderId"]), ("open", 0.0, "first"))
    after = exchange.fetch_balance()
    near("locked", after["USDT"]["used"] - before["USDT"]["used"], 600)
    near("free", before["USDT"]["free"] - after["USDT"]["free"], 600)
    found = exchange.fetch_order(None, MARKET, {"origClientOrderId": "first"})
    equal("by client id", (found["id"], found["price"], found["amount"]), (order["id"], 60000.0, 0.01))
    equal("open orders", [o["id"] for o in exchange.fetch_open_orders(MARKET)], [order["id"]])
    told = raises(ccxt.InvalidOrder, "the same id, open", lambda: exchange.create_order(
        MARKET, "limit", "buy", 0.01, 60000, {"newClientOrderId": "first"}))
    assert "Duplicate order sent." in told, told
    cancelled = exchange.cancel_order(None, MARKET, {"origClientOrderId": "first"})
    equal("cancelled", cancelled["status"], "canceled")
    equal("given back", exchange.fetch_balance()["USDT"], before["USDT"])
    raises(ccxt.OrderNotFound, "cancelled twice", lambda: exchange.cancel_order(order["id"], MARKET))
    raises(ccxt.OrderNotFound, "unknown", lambda: exchange.fetch_order("1", MARKET))
    again = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"newClientOrderId": "first"})
    assert again["id"] != order["id"], "the id of an order that has ended may be used again"
    exchange.cancel_all_orders(MARKET)
    equal("none open", exchange.fetch_open_orders(MARKET), [])


def markets_and_trades(exchange):
    before = exchange.fetch_balance()
    order = exchange.create_order(MARKET, "market", "buy", 0.5)
    equal("filled at once", (order["status"], order["filled"], order["average"]), ("closed", 0.5, 64000.01))
    after = exchange.fetch_balance()
    near("paid", before["USDT"]["free"] - after["USDT"]["free"], 32000.005)
    near("got, less the fee in base", after["BTC"]["free"] - before["BTC"]["free"], 0.5 - 0.0005)
    trades = exchange.fetch_my_trades(MARKET)
    equal("the trade", (trades[-1]["order"], trades[-1]["price"], trades[-1]["takerOrMaker"]), (order["id"], 64000.01, "taker"))
    equal("its fee", (trades[-1]["fee"]["cost"], trades[-1]["fee"]["currency"]), (0.0005, "BTC"))
    spent = exchange.create_market_buy_order_with_cost(MARKET, 100)
    equal("so much for 100", spent["filled"], 0.00156)
    sold = exchange.create_order(MARKET, "market", "sell", 0.1)
    equal("sold at the bid", sold["average"], 64000.0)
    maker = exchange.create_order(MARKET, "limit", "sell", 0.1, 65000)
    price("binance", MARKET, "65001")
    found = exchange.fetch_order(maker["id"], MARKET)
    equal("filled at its limit", (found["status"], found["average"]), ("closed", 65000.0))
    equal("as a maker", exchange.fetch_my_trades(MARKET)[-1]["takerOrMaker"], "maker")
    price("binance", MARKET, "64000")
    raises(ccxt.OrderImmediatelyFillable, "a maker that would take", lambda: exchange.create_order(
        MARKET, "limit", "buy", 0.01, 64100, {"postOnly": True}))


def stops(exchange):
    stop = exchange.create_order(MARKET, "market", "sell", 0.1, None, {"stopLossPrice": 63000, "newClientOrderId": "stop"})
    limit = exchange.create_order(MARKET, "limit", "sell", 0.1, 62900, {"stopLossPrice": 63000})
    profit = exchange.create_order(MARKET, "limit", "sell", 0.1, 66000, {"takeProfitPrice": 66000})
    equal("stops are open", len(exchange.fetch_open_orders(MARKET)), 3)
    equal("its trigger", exchange.fetch_order(stop["id"], MARKET)["triggerPrice"], 63000.0)
    price("binance", MARKET, "62950")
    equal("stopped out", exchange.fetch_order(stop["id"], MARKET)["average"], 62950.0)
    equal("stopped with a limit", exchange.fetch_order(limit["id"], MARKET)["average"], 62950.0)
    price("binance", MARKET, "66000")
    equal("took profit", exchange.fetch_order(profit["id"], MARKET)["status"], "closed")
    price("binance", MARKET, "64000")
    raises(ccxt.OrderImmediatelyFillable, "a stop that is past", lambda: exchange.create_order(
        MARKET, "market", "sell", 0.1, None, {"stopLossPrice": 65000}))
    for number in range(5):
        exchange.create_order(MARKET, "market", "sell", 0.01, None, {"stopLossPrice": 50000 + number})
    told = raises(ccxt.InvalidOrder, "a sixth stop", lambda: exchange.create_order(
        MARKET, "market", "sell", 0.01, None, {"stopLossPrice": 50010}))
    assert "MAX_NUM_ALGO_ORDERS" in told, told
    exchange.cancel_all_orders(MARKET)


def pairs(exchange):
    before = exchange.fetch_balance()["BTC"]
    ask = {
        "symbol": "BTCUSDT", "side": "SELL", "quantity": "0.2", "listClientOrderId": "pair",
        "aboveType": "LIMIT_MAKER", "abovePrice": "66000", "aboveClientOrderId": "above",
        "belowType": "STOP_LOSS_LIMIT", "belowStopPrice": "62000", "belowPrice": "61900",
        "belowTimeInForce": "GTC", "belowClientOrderId": "below",
    }
    pair = exchange.private_post_orderlist_oco(ask)
    equal("a pair", (pair["listOrderStatus"], len(pair["orderReports"])), ("EXECUTING", 2))
    near("locked once", exchange.fetch_balance()["BTC"]["used"] - before["used"], 0.2)
    price("binance", MARKET, "66001")
    above = exchange.fetch_order(None, MARKET, {"origClientOrderId": "above"})
    below = exchange.fetch_order(None, MARKET, {"origClientOrderId": "below"})
    equal("one cancels the other", (above["status"], below["status"]), ("closed", "expired"))
    near("nothing locked", exchange.fetch_balance()["BTC"]["used"], before["used"])
    price("binance", MARKET, "64000")
    pair = exchange.private_post_orderlist_oco({**ask, "listClientOrderId": "other"})
    exchange.cancel_order(pair["orders"][0]["orderId"], MARKET)
    equal("both are cancelled", exchange.fetch_open_orders(MARKET), [])


def refusals(exchange):
    order = lambda amount, at: lambda: exchange.private_post_order({
        "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": amount, "price": at})
    raises(ccxt.InsufficientFunds, "too much", order("5", "64000"))
    assert "LOT_SIZE" in raises(ccxt.InvalidOrder, "off the step", order("0.000015", "64000"))
    assert "PRICE_FILTER" in raises(ccxt.InvalidOrder, "off the tick", order("0.01", "64000.001"))
    assert "NOTIONAL" in raises(ccxt.BadRequest, "too little", order("0.00001", "64000"))
    assert "PERCENT_PRICE_BY_SIDE" in raises(ccxt.InvalidOrder, "far away", order("0.01", "640000"))
    raises(ccxt.BadRequest, "more digits than an asset has", order("0.000000001", "64000"))
    raises(ccxt.BadSymbol, "no such market", lambda: exchange.public_get_ticker_price({"symbol": "NONESUCH"}))
    raises(ccxt.BadRequest, "a parameter nobody reads", lambda: exchange.public_get_time({"hello": "there"}))
    equal("a test", exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"test": True})["id"], None)


def who_and_when(exchange):
    wrong = binance(apiKey=key("binance")["apiKey"], secret="wrong")
    raises(ccxt.AuthenticationError, "a wrong signature", wrong.private_get_account)
    raises(ccxt.AuthenticationError, "a malformed key", binance(apiKey="short", secret="x").private_get_account)
    raises(ccxt.AuthenticationError, "an unknown key", binance(apiKey="0" * 64, secret="x").private_get_account)
    control("clock", {"offset_ms": 20_000})
    told = raises(ccxt.InvalidNonce, "a clock that is behind", exchange.fetch_balance)
    assert "recvWindow" in told, told
    control("clock", {"offset_ms": -20_000})
    told = raises(ccxt.InvalidNonce, "a clock that is ahead", exchange.fetch_balance)
    assert "ahead of the server" in told, told
    exchange.load_time_difference()
    exchange.fetch_balance()
    control("clock", {"offset_ms": 0})
    exchange.load_time_difference()


def faults(exchange):
    place = lambda name: lambda: exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"newClientOrderId": name})
    for kind, wanted, orders in [
        ("timeout_before", ccxt.RequestTimeout, 0),
        ("timeout_after", ccxt.RequestTimeout, 1),
        ("reset_before", ccxt.NetworkError, 0),
        ("reset_after", ccxt.NetworkError, 1),
        ("unavailable_before", ccxt.OperationFailed, 0),
        ("unavailable_after", ccxt.OperationFailed, 1),
        ("clock", ccxt.InvalidNonce, 0),
        ("duplicate", ccxt.InvalidOrder, 0),
        ("too_many", ccxt.DDoSProtection, 0),
        ("banned", ccxt.DDoSProtection, 0),
    ]:
        in_haste(exchange, kind)
        fault(kind, "binance", ms=5000)
        raises(wanted, kind, place(kind))
        equal(kind + ": orders taken", taken("binance", kind), orders)
    exchange.timeout = 10_000
    fault("partial", "binance", share=40)
    part = exchange.create_order(MARKET, "limit", "buy", 0.01, 64100, {"newClientOrderId": "part"})
    equal("a part", (part["status"], part["filled"]), ("open", 0.004))
    fault("read_lag", "binance", ms=60_000)
    place("lagging")()
    raises(ccxt.OrderNotFound, "not seen yet", lambda: exchange.fetch_order(None, MARKET, {"origClientOrderId": "lagging"}))
    equal("but taken", taken("binance", "lagging"), 1)
    exchange.cancel_all_orders(MARKET)


def weights(exchange):
    control("limits", {"venue": "binance", "weight": 30, "refusals": 3})
    exchange.public_get_exchangeinfo()
    equal("counted", exchange.last_response_headers["x-mbx-used-weight-1m"], "20")
    told = raises(ccxt.DDoSProtection, "too much weight", exchange.public_get_exchangeinfo)
    assert " 429 " in told, told
    raises(ccxt.DDoSProtection, "again", exchange.public_get_exchangeinfo)
    told = raises(ccxt.DDoSProtection, "and again", exchange.public_get_exchangeinfo)
    assert " 418 " in told, told
    control("limits", {"venue": "binance"})


def testnet():
    exchange = binance(TESTNET_URL, **key("binance-testnet"))
    # The testnet has no wallet's interface, nor has this one.
    exchange.options.update({"fetchCurrencies": False, "fetchMargins": False})
    exchange.load_markets()
    order = exchange.create_order(MARKET, "limit", "buy", 0.01, 60000)
    equal("open", exchange.fetch_order(order["id"], MARKET)["status"], "open")
    equal("in the testnet's book", len(books("binance-testnet")["orders"]), 1)
    live = binance(**key("binance-testnet"))
    raises(ccxt.AuthenticationError, "a testnet's key on the live one", live.private_get_account)


if __name__ == "__main__":
    exchange = binance(**key("binance"))
    markets_and_prices(exchange)
    rights()
    limits_and_cancels(exchange)
    markets_and_trades(exchange)
    stops(exchange)
    pairs(exchange)
    refusals(exchange)
    who_and_when(exchange)
    faults(exchange)
    weights(exchange)
    testnet()
    equal("no id of an open order was taken twice", [d for d in control("duplicates")["taken"] if d["orders"] > 2], [])
    print("binance: ccxt", ccxt.__version__, "trades")
