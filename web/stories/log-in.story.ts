import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { close, person, SITE, stories, stranger } from "./support";

stories();

/** The code of an authenticator app (RFC 6238: SHA-1, 30 s, six digits). */
function code(secret: string, at: number): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/=+$/, "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const offset = (hash[19] ?? 0) & 15;
  return ((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).toString().padStart(6, "0");
}

it("a user logs in with a second factor, and is logged out", async () => {
  const trader = await person("trader");
  const { secret } = await trader.api.post("/users/me/totp", { password: trader.password });
  await trader.api.post("/users/me/totp/confirm", { code: code(secret, Date.now() - 30_000) });
  const opened = await stranger();
  const { page } = opened;
  await page.goto("/positions?status=live");
  await page.getByLabel("E-mail address").fill(trader.email);
  await page.getByLabel("Password").fill("not the password");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password").fill(trader.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByLabel("Code of your second factor").fill(code(secret, Date.now()));
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Positions", level: 1 }).waitFor();
  expect(page.url(), "where the reader wanted to go").toBe(`${SITE}/positions?status=live`);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Log in" }).waitFor();
  await page.goto("/positions");
  await page.getByRole("heading", { name: "Log in" }).waitFor();
  await close(opened);
});

it("an address elsewhere is not gone to after the log-in", async () => {
  const viewer = await person("viewer");
  const opened = await stranger();
  const { page } = opened;
  await page.goto("/login?next=//evil.example.com/");
  await page.getByLabel("E-mail address").fill(viewer.email);
  await page.getByLabel("Password").fill(viewer.password);
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Overview" }).waitFor();
  expect(page.url()).toBe(`${SITE}/`);
  await close(opened);
});
