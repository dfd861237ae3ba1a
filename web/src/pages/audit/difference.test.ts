import { expect, it } from "vitest";
import { differences, isChanged } from "./difference";

const changed = (before: string | null, after: string | null) => differences(before, after).filter(isChanged);

it("scopes come and go one by one", () => {
  expect(changed("version 1: trading:read accounts:write", "version 2: trading:read trading:write")).toEqual([
    { field: "version", before: "1", after: "2" },
    { field: "accounts:write", before: "accounts:write", after: null },
    { field: "trading:write", before: null, after: "trading:write" },
  ]);
});

it("named and counted parts are compared by name, others by place", () => {
  expect(changed("2 groups, exposure 100, order 50, leverage none", "3 groups, exposure 100, order 20, leverage 2")).toEqual([
    { field: "groups", before: "2", after: "3" },
    { field: "order", before: "50", after: "20" },
    { field: "leverage", before: "none", after: "2" },
  ]);
  expect(changed("trader, active", "trader, not active")).toEqual([{ field: "active", before: "true", after: "false" }]);
  expect(changed("default paper, no key, enabled false, validated true", "default paper, no key, enabled true, validated true")).toEqual([{ field: "enabled", before: "false", after: "true" }]);
});

it("members of an object are fields", () => {
  expect(changed('version 1: {"name":"a","on":true}', 'version 2: {"name":"b","on":true,"list":[1]}')).toEqual([
    { field: "version", before: "1", after: "2" },
    { field: "name", before: "a", after: "b" },
    { field: "list", before: null, after: "[1]" },
  ]);
});

it("a value that comes or goes is one field", () => {
  expect(differences(null, "small")).toEqual([{ field: "", before: null, after: "small" }]);
  expect(differences(null, null)).toEqual([]);
  expect(differences("", "{broken")).toEqual([{ field: "", before: null, after: "{broken" }]);
});
