"""A bot of a few lines on ccxt: an order comes as a line, is kept before it is sent, sent once, and kept again.

It does what `order-executor` must do of one order, with a file in the place of a table: an intent under a unique id that
survives a power cut (`synchronous = FULL`), then the request, then its outcome.
"""

import json
import os
import sqlite3
import sys

import ccxt


def exchange():
    url = os.environ["BOT_EXCHANGE"]
    made = ccxt.binance({
        "apiKey": os.environ["BOT_KEY"], "secret": os.environ["BOT_SECRET"], "enableRateLimit": False,
        "options": {"fetchMarkets": {"types": ["spot"]}, "fetchCurrencies": False},
    })
    made.urls["api"].update({"public": url + "/api/v3", "private": url + "/api/v3", "sapi": url + "/sapi/v1"})
    made.load_markets()
    return made


def intents():
    store = sqlite3.connect(os.environ["BOT_DATABASE"], isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("PRAGMA synchronous = FULL")
    store.execute("CREATE TABLE IF NOT EXISTS intents (id TEXT PRIMARY KEY, state TEXT NOT NULL, body TEXT NOT NULL)")
    return store


def main():
    binance, store = exchange(), intents()
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        store.execute("INSERT INTO intents VALUES (?, 'submitting', ?)", (order["id"], line))
        told = binance.create_order(
            order["symbol"], "market", order["side"], order["amount"], None, {"newClientOrderId": order["id"]})
        store.execute("UPDATE intents SET state = ?, body = ? WHERE id = ?", (told["status"], json.dumps(told), order["id"]))
        print(told["status"], flush=True)


main()
