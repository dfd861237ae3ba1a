"""Takes alerts as the webhook does, with what a Python developer would reach for: FastAPI, pydantic, SQLite.

What it does for an alert: look the token up (remembered for 30 s), compare it in constant time, limit its rate, validate
the body, keep it under a UNIQUE key with the signal for a worker in one transaction, log a line, and answer 202, or 202
with `duplicate` where the row was there. What is answered with 202 survives a power cut, as with us.
"""

import hashlib
import hmac
import json
import os
import sqlite3
import sys
import time
from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Depends, FastAPI, HTTPException, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

TOKEN_CACHE_S = 30.0
ALERTS_PER_SECOND_MAX = 10.0
ALERTS_BURST_MAX = 60.0
BODY_BYTES_MAX = 16 * 1024
MESSAGE = "Position group created and pending execution"

SCHEMA = """
CREATE TABLE IF NOT EXISTS tokens (user TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (user, hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY, user TEXT NOT NULL, key TEXT NOT NULL, received_at REAL NOT NULL,
  exchange TEXT NOT NULL, symbol TEXT NOT NULL, intent TEXT NOT NULL, body BLOB NOT NULL,
  repeats INTEGER NOT NULL DEFAULT 0, UNIQUE (user, key)
);
CREATE TABLE IF NOT EXISTS signals (id INTEGER PRIMARY KEY, delivery INTEGER NOT NULL, sent_at REAL NOT NULL);
"""

Text = Annotated[str, Field(min_length=1, max_length=200)]
Positive = Annotated[Decimal, Field(gt=0)]


class Model(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class TradingView(Model):
    exchange: Text
    symbol: Text
    timeframe: Text | None = None
    action: Literal["buy", "sell"] | None = None
    close: Positive | None = None


class Intent(Model):
    type: Literal["entry", "exit"] | None = None
    strategy: Text
    side: Literal["long", "short", "flat"]


class BaseOrder(Model):
    quantity: Positive | None = None
    quote: Positive | None = None
    type: Literal["market", "limit"] = "market"
    limit_price: Positive | None = None


class Alert(Model):
    id: Text | None = None
    tv: TradingView
    execution_intent: Intent
    base_order: BaseOrder | None = None
    sent_at: AwareDatetime | None = None
    max_lag_seconds: Annotated[int, Field(gt=0, le=3600)] = 300


class Tokens:
    """Tokens that were seen, and how fast each sends."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._seen: dict[tuple[str, str], float] = {}
        self._buckets: dict[str, tuple[float, float]] = {}

    def opens(self, user: str, secret: str, now: float) -> str | None:
        digest = hashlib.sha256(secret.encode()).hexdigest()
        if now - self._seen.get((user, digest), -TOKEN_CACHE_S) < TOKEN_CACHE_S:
            return digest
        found = self._database.execute("SELECT hash FROM tokens WHERE user = ? AND hash = ?", (user, digest)).fetchone()
        if found is None or not hmac.compare_digest(found[0], digest):
            return None
        self._seen[user, digest] = now
        return digest

    def admit(self, digest: str, now: float) -> bool:
        left, at = self._buckets.get(digest, (ALERTS_BURST_MAX, now))
        left = min(ALERTS_BURST_MAX, left + (now - at) * ALERTS_PER_SECOND_MAX)
        self._buckets[digest] = (left - 1.0 if left >= 1.0 else left, now)
        return left >= 1.0


def connect() -> sqlite3.Connection:
    database = sqlite3.connect(os.environ["RECEIVER_DATABASE"], isolation_level=None, cached_statements=16)
    database.execute("PRAGMA journal_mode = WAL")
    # NORMAL would be faster, and a power cut would lose alerts that were answered with 202.
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(SCHEMA)
    return database


database = connect()
tokens = Tokens(database)
app = FastAPI(openapi_url=None)

class Receipt(BaseModel):
    status: Literal["accepted", "duplicate"]
    delivery_id: int
    message: str | None = None


# Asked before the body is looked at: strangers learn nothing from it.
async def entrance(user: str, secret: str) -> None:
    now = time.time()
    token = tokens.opens(user, secret, now)
    if token is None:
        raise HTTPException(401, "unauthorized")
    if not tokens.admit(token, now):
        raise HTTPException(429, "too_fast")


# `async`, and no thread: handing each alert to a thread and back would cost more than SQLite takes.
@app.post(
    "/api/webhook/{user}/{secret}",
    status_code=202,
    response_model_exclude_none=True,
    dependencies=[Depends(entrance)],
)
async def receive(user: str, alert: Alert, request: Request) -> Receipt:
    now = time.time()
    body = await request.body()
    if len(body) > BODY_BYTES_MAX:
        raise HTTPException(413, "body_too_large")
    key = hashlib.sha256(alert.id.encode() if alert.id else body).hexdigest()
    receipt = keep(user, key, alert, body, now)
    log(receipt, time.time() - now)
    return receipt


def keep(user: str, key: str, alert: Alert, body: bytes, now: float) -> Receipt:
    row = (user, key, now, alert.tv.exchange, alert.tv.symbol, alert.execution_intent.type or "", body)
    database.execute("BEGIN IMMEDIATE")
    try:
        kept = database.execute(
            "INSERT INTO deliveries (user, key, received_at, exchange, symbol, intent, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user, key) DO NOTHING",
            row,
        )
        if kept.rowcount == 1:
            receipt = Receipt(status="accepted", delivery_id=kept.lastrowid, message=MESSAGE)
            database.execute("INSERT INTO signals (delivery, sent_at) VALUES (?, ?)", (receipt.delivery_id, now))
        else:
            found = database.execute(
                "UPDATE deliveries SET repeats = repeats + 1 WHERE user = ? AND key = ? RETURNING id", (user, key)
            ).fetchone()
            receipt = Receipt(status="duplicate", delivery_id=found[0])
    except BaseException:
        database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")
    return receipt


def log(receipt: Receipt, took: float) -> None:
    line = {"outcome": receipt.status, "delivery": receipt.delivery_id, "duration_ms": round(took * 1000)}
    print(json.dumps(line), flush=True)


def add_tokens(user: str, secrets: list[str]) -> None:
    rows = [(user, hashlib.sha256(secret.encode()).hexdigest()) for secret in secrets]
    database.executemany("INSERT OR IGNORE INTO tokens (user, hash) VALUES (?, ?)", rows)


if __name__ == "__main__":
    add_tokens(sys.argv[1], sys.stdin.read().split())
