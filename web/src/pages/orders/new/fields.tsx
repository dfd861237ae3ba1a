import type { Schemas } from "@/api/client";
import { useRead } from "@/api/hooks";
import { grouped } from "@/lib/decimal";
import { texts as common } from "@/texts/common";
import { orderForm as texts } from "@/texts/order-form";
import { AccountName, accountText } from "@/ui/account";
import { Checkbox, Input, Select } from "@/ui/form";
import { Part } from "@/ui/part";
import { type Draft, type Name, pairOf } from "./draft";

interface FieldsProps {
  of: Draft;
  wrong: Partial<Record<Name, string>>;
  onChange: (draft: Draft) => void;
  accounts: Schemas["Account"][];
  account: Schemas["Account"] | undefined;
  position: Schemas["PositionDetail"] | null;
  /** Whether it makes a position smaller. */
  shrinks: boolean;
}

type Choice<Value extends string> = { value: Value; text: string };
const choices = <Value extends string>(of: Readonly<Record<Value, string>>): Choice<Value>[] => (Object.keys(of) as Value[]).map((value) => ({ value, text: of[value] }));
const pick = <Value extends string>(of: Choice<Value>[], chosen: string, before: Value): Value => of.find(({ value }) => value === chosen)?.value ?? before;

const SIDES = choices(texts.sides);
const TYPES = choices(texts.types);
const EXITS = choices(texts.exitsOf);

/** What an order says. A position has its market, account and exits already. */
export function OrderFields(props: FieldsProps) {
  const { position, shrinks } = props;
  return (
    <>
      {position ? null : (
        <Part title={texts.parts.where}>
          <Where {...props} />
        </Part>
      )}
      <Part title={texts.parts.order}>
        <Order {...props} />
      </Part>
      {position || shrinks ? null : (
        <Part title={texts.parts.exits}>
          <Exits {...props} />
        </Part>
      )}
    </>
  );
}

function Where({ of, wrong, onChange, accounts, account }: FieldsProps) {
  return (
    <>
      <Select label={texts.account} error={wrong.account} value={of.account} onChange={(value) => onChange({ ...of, account: value })} options={[{ value: "", text: texts.choose }, ...accounts.map((each) => ({ value: each.id, text: accountText(each) }))]} required />
      <Input label={texts.symbol} hint={texts.symbolHint} error={wrong.symbol} value={of.symbol} onChange={(symbol) => onChange({ ...of, symbol })} required maxLength={40} autoComplete="off" />
      {account ? (
        <p className="self-center">
          <AccountName of={account} /> <span className="text-soft text-xs">{account.mode ? common.mode.why[account.mode] : common.mode.unknownWhy}</span>
        </p>
      ) : null}
    </>
  );
}

function Order({ of, wrong, onChange, position, shrinks }: FieldsProps) {
  const set = (next: Partial<Draft>) => onChange({ ...of, ...next });
  const [base, quote] = pairOf(of.symbol);
  const units = choices(texts.units(base, quote));
  const unit = shrinks ? "base" : of.unit;
  const held = position && shrinks ? texts.held(grouped(position.quantity), base) : undefined;
  return (
    <>
      {position ? <Side of={of} error={wrong.side} shrinks={shrinks} /> : <Select label={texts.side} hint={of.side === "sell" && !shrinks ? texts.sellWhy : undefined} error={wrong.side} value={of.side} onChange={(value) => set({ side: pick(SIDES, value, of.side) })} options={SIDES} />}
      {shrinks ? null : <Select label={texts.type} error={wrong.type} value={of.type} onChange={(value) => set({ type: pick(TYPES, value, of.type) })} options={TYPES} />}
      {!shrinks && of.type === "limit" ? <Input label={texts.limit} hint={quote} error={wrong.limit} value={of.limit} onChange={(limit) => set({ limit })} inputMode="decimal" required autoComplete="off" /> : null}
      <Input label={texts.amount} hint={held ?? (shrinks ? texts.amountReduce : undefined)} error={wrong.amount} value={of.amount} onChange={(amount) => set({ amount })} inputMode="decimal" required autoComplete="off" />
      <Select label={texts.unit} value={unit} onChange={(value) => set({ unit: pick(units, value, of.unit) })} options={shrinks ? units.filter(({ value }) => value === "base") : units} />
      {position ? null : (
        <div>
          <Checkbox label={texts.reduceOnly} hint={texts.reduceOnlyHint} checked={of.reduceOnly} onChange={(reduceOnly) => set({ reduceOnly })} />
          {wrong.reduceOnly ? <p className="text-bad text-xs">{wrong.reduceOnly}</p> : null}
        </div>
      )}
      {!shrinks && of.type === "market" ? <Input label={texts.price} hint={texts.priceHint} error={wrong.price} value={of.price} onChange={(price) => set({ price })} inputMode="decimal" autoComplete="off" /> : null}
      {shrinks ? <p className="text-soft text-xs sm:col-span-2 lg:col-span-3">{texts.typeReduce}</p> : null}
    </>
  );
}

/** Of a position: the link that led here has said it. */
function Side({ of, error, shrinks }: { of: Draft; error?: string; shrinks: boolean }) {
  return (
    <div className="space-y-1">
      <p className="font-medium">{texts.side}</p>
      <p>
        {texts.sides[of.side]}: {shrinks ? texts.sidesOf.reduce : texts.sidesOf.add}
      </p>
      {error ? <p className="text-bad text-xs">{error}</p> : null}
    </div>
  );
}

function Exits({ of, wrong, onChange }: FieldsProps) {
  const set = (next: Partial<Draft>) => onChange({ ...of, ...next });
  const presets = useRead("/api/v1/presets", { params: { query: { limit: 200 } } });
  const names = (presets.data?.items ?? []).filter(({ deleted }) => !deleted).map(({ name }) => name);
  return (
    <>
      <Select label={texts.preset} hint={texts.presetHint} error={wrong.preset} value={of.preset || "default"} onChange={(value) => set({ preset: value === "default" ? "" : value })} options={[...new Set(["default", ...names])]} />
      <Select label={texts.exits} hint={of.exits === "none" ? texts.exitsNone : of.exits === "own" ? texts.exitsOpen : undefined} error={wrong.exits} value={of.exits} onChange={(value) => set({ exits: pick(EXITS, value, of.exits) })} options={EXITS} />
      {of.exits === "own" ? (
        <>
          <Input label={texts.stop} error={wrong.stop} value={of.stop} onChange={(stop) => set({ stop })} inputMode="decimal" autoComplete="off" />
          <Input label={texts.profit} hint={texts.profitHint} error={wrong.profit} value={of.profit} onChange={(profit) => set({ profit })} inputMode="decimal" autoComplete="off" />
          <Input label={texts.time} error={wrong.time} value={of.time} onChange={(time) => set({ time })} inputMode="numeric" autoComplete="off" />
        </>
      ) : null}
      <Input label={texts.leverage} hint={texts.leverageHint} error={wrong.leverage} value={of.leverage} onChange={(leverage) => set({ leverage })} inputMode="numeric" autoComplete="off" />
    </>
  );
}
