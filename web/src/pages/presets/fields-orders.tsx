import { texts } from "@/texts/common";
import { edit as editTexts } from "@/texts/presets";
import { Checkbox, Input, Select } from "@/ui/form";
import type { Draft } from "./draft";
import { choices, Two } from "./fields-parts";

type Base = Draft["base"];
type Safety = Draft["safety"];
type Custom = Safety["custom"][number];

const SIZES = choices(editTexts.sizes);
const TYPES = choices(editTexts.types);
const KINDS = choices(editTexts.kinds);
const DIALECTS = choices(editTexts.dialects);

function Size({ value, onChange }: { value: Pick<Base, "size" | "amount">; onChange: (value: Pick<Base, "size" | "amount">) => void }) {
  return (
    <Two>
      <Select label={editTexts.size} value={value.size} onChange={(size) => onChange({ ...value, size: SIZES.pick(size) ?? "" })} options={SIZES.options} />
      {value.size ? <Input label={editTexts.amount} value={value.amount} onChange={(amount) => onChange({ ...value, amount })} inputMode="decimal" required /> : null}
    </Two>
  );
}

export function BaseFields({ value, onChange }: { value: Base; onChange: (value: Base) => void }) {
  return (
    <>
      <Size value={value} onChange={(size) => onChange({ ...value, ...size })} />
      <Two>
        <Select label={editTexts.type} value={value.type} onChange={(type) => onChange({ ...value, type: TYPES.pick(type) ?? "" })} options={TYPES.options.filter((each) => each.value !== "market" || value.type === "market")} />
        {value.type === "limit" ? <Input label={editTexts.limitPrice} value={value.limit} onChange={(limit) => onChange({ ...value, limit })} inputMode="decimal" required /> : null}
      </Two>
    </>
  );
}

export function SafetyFields({ value, onChange }: { value: Safety; onChange: (value: Safety) => void }) {
  const set = (next: Partial<Safety>) => onChange({ ...value, ...next });
  const choose = (chosen: string) => {
    const kind = KINDS.pick(chosen) ?? "none";
    set({ kind, custom: kind === "custom" && value.custom.length === 0 ? [{ deviation: "", size: "quote", amount: "" }] : value.custom });
  };
  return (
    <>
      <Select label={editTexts.kind} value={value.kind} onChange={choose} options={KINDS.options} />
      {value.kind === "count" ? (
        <>
          <Two>
            <Input label={editTexts.count} value={value.count} onChange={(count) => set({ count })} inputMode="numeric" required />
            <Input label={editTexts.deviation} value={value.deviation} onChange={(deviation) => set({ deviation })} inputMode="decimal" required />
          </Two>
          <Size value={value} onChange={set} />
          <Two>
            <Input label={editTexts.stepScale} value={value.stepScale} onChange={(stepScale) => set({ stepScale })} inputMode="decimal" placeholder="1" />
            <Input label={editTexts.volumeScale} value={value.volumeScale} onChange={(volumeScale) => set({ volumeScale })} inputMode="decimal" placeholder="1" />
          </Two>
          <Select label={editTexts.dialect} value={value.dialect} onChange={(dialect) => set({ dialect: DIALECTS.pick(dialect) ?? "" })} options={DIALECTS.options.filter((each) => each.value !== "additive" || value.dialect === "additive")} />
        </>
      ) : null}
      {value.kind === "custom" ? <CustomOrders value={value.custom} onChange={(custom) => set({ custom })} /> : null}
      {value.kind === "none" ? null : (
        <>
          <Input label={editTexts.active} hint={editTexts.activeHint} value={value.active} onChange={(active) => set({ active })} inputMode="numeric" placeholder="5" />
          <Checkbox label={editTexts.atMarket} checked={value.atMarket} onChange={(atMarket) => set({ atMarket })} />
        </>
      )}
    </>
  );
}

function CustomOrders({ value, onChange }: { value: Custom[]; onChange: (value: Custom[]) => void }) {
  const at = (index: number, next: Partial<Custom>) => onChange(value.map((each, place) => (place === index ? { ...each, ...next } : each)));
  return (
    <>
      <ol className="space-y-3">
        {value.map((order, index) => (
          <li key={index} className="border-line space-y-2 rounded-md border p-3" aria-label={editTexts.orderNumber(index + 1)}>
            <div className="flex items-center justify-between gap-2">
              <span className="font-medium">{editTexts.orderNumber(index + 1)}</span>
              <button type="button" className="button min-h-7 px-2 py-0" aria-label={editTexts.removeOrder(index + 1)} onClick={() => onChange(value.filter((_, place) => place !== index))}>
                {texts.actions.remove}
              </button>
            </div>
            <Input label={editTexts.deviationOne} value={order.deviation} onChange={(deviation) => at(index, { deviation })} inputMode="decimal" required />
            <Size value={order} onChange={(size) => at(index, size)} />
          </li>
        ))}
      </ol>
      <button type="button" className="button" onClick={() => onChange([...value, { deviation: "", size: value.at(-1)?.size ?? "quote", amount: value.at(-1)?.amount ?? "" }])}>
        {editTexts.addOrder}
      </button>
    </>
  );
}
