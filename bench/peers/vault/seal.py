"""Seals and opens 64 bytes by AES-256-GCM with `cryptography`, as shared/credentials/benches/vault.rs does."""

import os
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

RUNS = 20_000
KEY = bytes([7] * 32)
VOUCHED = b"credential=crd_bench,deployment=moniqo,kind=exchange,user=usr_bench"
PLAIN = b"x" * 64


def seal():
    nonce = os.urandom(12)
    return nonce, AESGCM(KEY).encrypt(nonce, PLAIN, VOUCHED)


def told(name, run):
    def took():
        begun = time.perf_counter_ns()
        run()
        return time.perf_counter_ns() - begun

    times = sorted(took() for _ in range(RUNS))
    print(f"{name:<44} {times[0] / 1000:>7.1f} µs {times[RUNS // 2] / 1000:>7.1f} µs")


if __name__ == "__main__":
    told("seal", seal)
    NONCE, TEXT = seal()
    told("open", lambda: AESGCM(KEY).decrypt(NONCE, TEXT, VOUCHED))
