"""An unmodified ccxt trades contracts on the simulator's Binance futures: long and short, with leverage."""

import ccxt
from sim import URL, books, candles, control, equal, fault, in_haste, key, near, price, raises, taken

VENUE = "binance-futures"
MARKET = "BTC/USDT:USDT"
HELD = "BTC/USDT"


def futures(**more):
    exchange = ccxt.binanceusdm({"enableRateLimit": False, "options": {"fetchCurrencies": False}, **more})
    api = {f"fapi{who}{version}": f"{URL}/fapi/v{version[1:] or 1}" for who in ("Public", "Private")
           for version in ("", "V2", "V3")}
    exchange.urls["api"].update({**api, "sapi": URL + "/sapi/v1"})
    return exchange


def refused(code, what, call):
    """By the exchange's own code: ccxt's classes of futures are chosen by the host, which is this machine here."""
    try:
        seen = call()
    except ccxt.BaseError as error:
        assert f'"code":{code},' in str(error), f"{what}: {error}"
        return
    raise AssertionError(f"{what}: saw {seen!r}")


def markets_and_prices(exchange):
    market = exchange.load_markets()[MARKET]
    near("tick", market["precision"]["price"], 0.1)
    near("step", market["precision"]["amount"], 0.001)
    near("smallest value", market["limits"]["cost"]["min"], 50)
    equal("a linear perpetual", (market["swap"], market["linear"], market["settle"]), (True, True, "USDT"))
    equal("last", exchange.fetch_ticker(MARKET)["last"], 64000.0)
    equal("price with its time", exchange.fapipublicv2_get_ticker_price({"symbol": "BTCUSDT"})["price"], "64000.00000000")
    book = exchange.fetch_order_book(MARKET, 5)
    equal("depth", (len(book["bids"]), len(book["asks"])), (5, 5))
    equal("candles", len(exchange.fetch_ohlcv(MARKET, "1m", limit=10)), 10)
    candles(exchange, MARKET, ["1m", "5m", "15m", "1h", "4h", "1d"])
    assert abs(exchange.fetch_time() - exchange.milliseconds()) < 5_000
    equal("fees", exchange.fetch_trading_fee(MARKET)["taker"], 0.0005)


def rights():
    reader = futures(**key(VENUE, "reader"))
    reader.load_markets()
    raises(ccxt.AuthenticationError, "a reader's order", lambda: reader.create_order(MARKET, "limit", "buy", 0.01, 60000))
    reader.fetch_balance()
    seen = reader.sapi_get_account_apirestrictions()
    equal("the reader's rights", (seen["enableReading"], seen["enableFutures"]), (True, False))
    seen = futures(**key(VENUE, "withdrawer")).sapi_get_account_apirestrictions()
    equal("the withdrawer's rights", (seen["enableFutures"], seen["enableWithdrawals"]), (True, True))


def settings(exchange):
    seen = exchange.fetch_margin_mode(MARKET)["marginMode"], exchange.fetch_leverage(MARKET)["longLeverage"]
    equal("what an account begins with", seen, ("cross", 20))
    exchange.set_margin_mode("isolated", MARKET)
    raises(ccxt.MarginModeAlreadySet, "isolated twice", lambda: exchange.set_margin_mode("isolated", MARKET))
    equal("leverage", exchange.set_leverage(10, MARKET)["leverage"], 10)
    refused(-4028, "more than is lent", lambda: exchange.set_leverage(125, MARKET))
    refused(-4059, "one way twice", lambda: exchange.set_position_mode(False))
    exchange.set_position_mode(True)
    equal("hedged", exchange.fetch_position_mode()["hedged"], True)
    refused(-4061, "an order of no side", lambda: exchange.create_order(MARKET, "market", "buy", 0.01))
    exchange.set_position_mode(False)
    seen = exchange.fetch_margin_mode(MARKET)["marginMode"], exchange.fetch_leverage(MARKET)["longLeverage"]
    equal("as it was set", seen, ("isolated", 10))


def usdt(exchange):
    return exchange.fetch_balance()["USDT"]


def position(exchange):
    held = [p for p in exchange.fetch_positions([MARKET]) if p["contracts"]]
    return (held[0]["side"], held[0]["contracts"], held[0]["entryPrice"]) if held else None


def limits_and_cancels(exchange):
    before = usdt(exchange)
    order = exchange.create_order(MARKET, "limit", "buy", 0.1, 60000, {"newClientOrderId": "first"})
    equal("a resting order", (order["status"], order["filled"], order["clientOrderId"]), ("open", 0.0, "first"))
    near("a tenth, and the fee", before["free"] - usdt(exchange)["free"], 600 + 3)
    found = exchange.fetch_order(None, MARKET, {"origClientOrderId": "first"})
    equal("by client id", (found["id"], found["price"], found["amount"]), (order["id"], 60000.0, 0.1))
    equal("open orders", [o["id"] for o in exchange.fetch_open_orders(MARKET)], [order["id"]])
    refused(-4116, "the same id, open", lambda: exchange.create_order(
        MARKET, "limit", "buy", 0.1, 60000, {"newClientOrderId": "first"}))
    refused(-4067, "hedged with an order", lambda: exchange.set_position_mode(True))
    cancelled = exchange.cancel_order(None, MARKET, {"origClientOrderId": "first"})
    equal("cancelled", (cancelled["status"], cancelled["clientOrderId"]), ("canceled", "first"))
    equal("given back", usdt(exchange), before)
    raises(ccxt.OrderNotFound, "cancelled twice", lambda: exchange.cancel_order(order["id"], MARKET))
    raises(ccxt.OrderNotFound, "unknown", lambda: exchange.fetch_order("1", MARKET))
    exchange.create_order(MARKET, "limit", "buy", 0.1, 60000, {"newClientOrderId": "first"})
    exchange.cancel_all_orders(MARKET)
    equal("none open", exchange.fetch_open_orders(MARKET), [])


def longs(exchange):
    before = usdt(exchange)
    order = exchange.create_order(MARKET, "market", "buy", 0.5)
    equal("filled at once", (order["status"], order["filled"], order["average"]), ("closed", 0.5, 64000.1))
    equal("long", position(exchange), ("long", 0.5, 64000.1))
    near("its margin and its fee", before["free"] - usdt(exchange)["free"], 3200.005 + 16.000025)
    trades = exchange.fetch_my_trades(MARKET)
    equal("the trade", (trades[-1]["order"], trades[-1]["price"], trades[-1]["takerOrMaker"]), (order["id"], 64000.1, "taker"))
    near("its fee in quote", trades[-1]["fee"]["cost"], 16.00002500)
    equal("paid in", trades[-1]["fee"]["currency"], "USDT")
    refused(-4161, "less leverage while it is held", lambda: exchange.set_leverage(5, MARKET))
    refused(-4048, "crossed while it is held", lambda: exchange.set_margin_mode("cross", MARKET))
    profit = exchange.create_order(MARKET, "limit", "sell", 0.2, 65000, {"reduceOnly": True})
    near("what only reduces holds nothing", exchange.fetch_balance()["USDT"]["free"], usdt(exchange)["free"])
    price(VENUE, HELD, "65000")
    equal("took profit", exchange.fetch_order(profit["id"], MARKET)["status"], "closed")
    equal("what is left", position(exchange), ("long", 0.3, 64000.1))
    closing = exchange.create_order(MARKET, "market", "sell", 0.5, None, {"reduceOnly": True})
    equal("no more than there is", (closing["filled"], position(exchange)), (0.3, None))
    gained = 0.5 * (65000 - 64000.1) - 16.000025 - 0.2 * 65000 * 0.0002 - 0.3 * 65000 * 0.0005
    near("gained", round(usdt(exchange)["free"] - before["free"], 6), round(gained, 6))
    refused(-2022, "nothing to reduce", lambda: exchange.create_order(
        MARKET, "market", "sell", 0.1, None, {"reduceOnly": True}))
    price(VENUE, HELD, "64000")


def shorts(exchange):
    before = usdt(exchange)
    exchange.set_leverage(4, MARKET)
    exchange.create_order(MARKET, "limit", "sell", 0.2, 63000, {"newClientOrderId": "short"})
    equal("short", position(exchange), ("short", 0.2, 64000.0))
    near("a quarter and the fee", before["free"] - usdt(exchange)["free"], 3200 + 6.4)
    raised = exchange.create_order(MARKET, "limit", "buy", 0.2, 62000, {"reduceOnly": True, "newClientOrderId": "target"})
    price(VENUE, HELD, "62000")
    equal("bought back", exchange.fetch_order(raised["id"], MARKET)["status"], "closed")
    near("gained", usdt(exchange)["free"] - before["free"], 400 - 6.4 - 2.48)
    price(VENUE, HELD, "64000")
    exchange.create_order(MARKET, "market", "sell", 0.2)
    idle = exchange.create_order(MARKET, "limit", "buy", 0.2, 50000, {"reduceOnly": True})
    exchange.create_order(MARKET, "market", "buy", 0.2, None, {"reduceOnly": True})
    equal("an order that finds nothing to reduce ends", exchange.fetch_order(idle["id"], MARKET)["status"], "expired")
    exchange.create_order(MARKET, "market", "sell", 0.2)
    price(VENUE, HELD, "80001")
    equal("its margin is lost, and it is gone", position(exchange), None)
    price(VENUE, HELD, "64000")


def refusals(exchange):
    order = lambda amount, at, **more: lambda: exchange.fapiprivate_post_order({
        "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": amount, "price": at, **more})
    refused(-2019, "too much", order("100", "64000"))
    refused(-1111, "off the step", order("0.0015", "64000"))
    refused(-4014, "off the tick", order("0.01", "64000.05"))
    refused(-4164, "too little", order("0.001", "40000"))
    refused(-4016, "far away", order("0.01", "640000"))
    refused(-4061, "another side", order("0.01", "64000", positionSide="LONG"))
    refused(-4120, "a stop", lambda: exchange.fapiprivate_post_order({
        "symbol": "BTCUSDT", "side": "SELL", "type": "STOP_MARKET", "quantity": "0.01"}))
    raises(ccxt.BadSymbol, "no such market", lambda: exchange.fapipublic_get_depth({"symbol": "NONESUCH"}))


def who_and_when(exchange):
    wrong = futures(apiKey=key(VENUE)["apiKey"], secret="wrong")
    raises(ccxt.AuthenticationError, "a wrong signature", wrong.fapiprivatev3_get_balance)
    raises(ccxt.AuthenticationError, "a key of spot", futures(**key("binance")).fapiprivatev3_get_balance)
    control("clock", {"offset_ms": 20_000})
    raises(ccxt.InvalidNonce, "a clock that is behind", exchange.fetch_balance)
    control("clock", {"offset_ms": 0})


def faults(exchange):
    place = lambda name: lambda: exchange.create_order(MARKET, "limit", "buy", 0.01, 60000, {"newClientOrderId": name})
    for kind, wanted, orders in [
        ("timeout_before", ccxt.RequestTimeout, 0),
        ("timeout_after", ccxt.RequestTimeout, 1),
        ("reset_after", ccxt.NetworkError, 1),
        ("unavailable_before", ccxt.OperationFailed, 0),
        ("unavailable_after", ccxt.OperationFailed, 1),
        ("clock", ccxt.InvalidNonce, 0),
        ("too_many", ccxt.DDoSProtection, 0),
        ("banned", ccxt.DDoSProtection, 0),
    ]:
        in_haste(exchange, kind)
        fault(kind, VENUE, ms=5000)
        raises(wanted, kind, place(kind))
        equal(kind + ": orders taken", taken(VENUE, kind), orders)
    exchange.timeout = 10_000
    fault("partial", VENUE, share=40)
    part = exchange.create_order(MARKET, "limit", "buy", 0.01, 64100, {"newClientOrderId": "part"})
    equal("a part", (part["status"], part["filled"]), ("open", 0.004))
    fault("read_lag", VENUE, ms=60_000)
    place("lagging")()
    raises(ccxt.OrderNotFound, "not seen yet", lambda: exchange.fetch_order(None, MARKET, {"origClientOrderId": "lagging"}))
    exchange.cancel_all_orders(MARKET)
    equal("the part is held", [p["quantity"] for p in books(VENUE)["positions"]], ["0.004"])


def weights(exchange):
    control("limits", {"venue": VENUE, "weight": 10, "refusals": 3})
    exchange.fapiprivatev3_get_balance()
    equal("counted", exchange.last_response_headers["x-mbx-used-weight-1m"], "5")
    exchange.fapiprivatev3_get_balance()
    told = raises(ccxt.DDoSProtection, "too much weight", exchange.fapiprivatev3_get_balance)
    assert " 429 " in told, told
    control("limits", {"venue": VENUE})


if __name__ == "__main__":
    exchange = futures(**key(VENUE))
    markets_and_prices(exchange)
    rights()
    settings(exchange)
    limits_and_cancels(exchange)
    longs(exchange)
    shorts(exchange)
    refusals(exchange)
    who_and_when(exchange)
    faults(exchange)
    weights(exchange)
    print("binanceusdm: ccxt", ccxt.__version__, "trades")
