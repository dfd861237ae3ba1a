import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { qr } from "./qr";

const rowsOf = (text: string) => (qr(text) ?? []).map((row) => row.map((dark) => (dark ? "1" : "0")).join(""));
const hashOf = (text: string) => createHash("sha256").update(rowsOf(text).join("\n")).digest("hex").slice(0, 16);

// Made by python-qrcode 8.2: error correction L, byte mode, mask 0.
it("draws what another encoder draws", () => {
  const drawn = ["1fc57f", "104141", "17545d", "17415d", "174b5d", "104e41", "1fd57f", "1400", "1df5c4", "192ea7", "12caeb", "1dbfb0", "12dae2", "1866", "1fd913", "105c53", "175563", "1742be", "1752fd", "105382", "1fd6db"];
  expect(rowsOf("Moniqo").map((row) => Number.parseInt(row, 2).toString(16))).toEqual(drawn);
  // An address of a second factor, then versions with version bits, more blocks, blocks of two lengths, and the longest.
  expect(hashOf("otpauth://totp/Moniqo:ann@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Moniqo")).toBe("a19bbbc2039919fd");
  expect(hashOf("b".repeat(150))).toBe("3876ba0b22810f00");
  expect(hashOf("c".repeat(250))).toBe("068d560e92363a88");
  expect(hashOf("d".repeat(350))).toBe("f26b7580542b9c78");
  expect(hashOf("e".repeat(519))).toBe("1527f97fc52e7394");
});

it("says where a text is too long", () => {
  expect(qr("f".repeat(521))).toBe(null);
});
