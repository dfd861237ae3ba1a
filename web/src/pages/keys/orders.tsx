import type { Schemas } from "@/api/client";
import { form as formTexts } from "@/texts/keys";
import { accountText } from "@/ui/account";
import { Checkbox, Input } from "@/ui/form";

/** Within what a key may place orders, as it is typed. */
export interface Bounds {
  accounts: string[];
  markets: string;
  order_quote_max: string;
  day_quote_max: string;
}

interface OrdersFieldsProps {
  accounts: Schemas["Account"][];
  value: Bounds;
  onChange: (value: Bounds) => void;
}

export function OrdersFields({ accounts, value, onChange }: OrdersFieldsProps) {
  const set = (next: Partial<Bounds>) => onChange({ ...value, ...next });
  const toggle = (id: string) => (on: boolean) => set({ accounts: on ? [...value.accounts, id] : value.accounts.filter((each) => each !== id) });
  return (
    <fieldset className="border-line space-y-3 rounded-md border p-3">
      <legend className="px-1 font-medium">{formTexts.orders}</legend>
      <p className="text-soft text-xs">{formTexts.ordersHint}</p>
      <fieldset>
        <legend className="font-medium">{formTexts.accounts}</legend>
        {accounts
          .filter((each) => !each.address)
          .map((each) => (
            <Checkbox key={each.id} label={accountText(each)} checked={value.accounts.includes(each.id)} onChange={toggle(each.id)} />
          ))}
        {value.accounts.length === 0 ? <p className="text-bad text-xs">{formTexts.accountsMissing}</p> : null}
      </fieldset>
      <Input label={formTexts.markets} hint={formTexts.marketsHint} value={value.markets} onChange={(markets) => set({ markets })} required />
      <div className="grid gap-3 sm:grid-cols-2">
        <Input label={formTexts.orderMax} value={value.order_quote_max} onChange={(order_quote_max) => set({ order_quote_max })} inputMode="decimal" required />
        <Input label={formTexts.dayMax} hint={formTexts.dayMaxHint} value={value.day_quote_max} onChange={(day_quote_max) => set({ day_quote_max })} inputMode="decimal" required />
      </div>
    </fieldset>
  );
}
