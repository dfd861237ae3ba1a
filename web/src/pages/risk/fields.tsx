import { useRead } from "@/api/hooks";
import { risk as texts, ruleForm } from "@/texts/risk";
import { accountText, useAccounts } from "@/ui/account";
import { Checkbox, Input, Select } from "@/ui/form";
import { Part } from "@/ui/part";
import { type Draft, maxHint, type Name, withKind } from "./draft";
import { actionsOf, hasCurrency, type Kind, scopesOf } from "./words";

/** As the API names rules that users write, beside strategies. */
const RULES = "RULES";

const KINDS = Object.keys(texts.kinds) as Kind[];

interface FieldsProps {
  of: Draft;
  wrong: Partial<Record<Name, string>>;
  onChange: (draft: Draft) => void;
}

/** All of a rule. Choices are those that the API allows for its kind. */
export function RuleFields(props: FieldsProps) {
  const { of, wrong, onChange } = props;
  const set = (next: Partial<Draft>) => onChange({ ...of, ...next });
  const [scopes, actions] = [scopesOf(of.kind), actionsOf(of.kind)];
  return (
    <>
      <Part title={ruleForm.bounds}>
        <Select label={ruleForm.kind} hint={texts.kindsWhy[of.kind]} error={wrong.kind} value={of.kind} onChange={(value) => onChange(withKind(of, KINDS.find((kind) => kind === value) ?? of.kind))} options={KINDS.map((value) => ({ value, text: texts.kinds[value] }))} />
        <Input label={ruleForm.max} hint={maxHint(of.kind)} error={wrong.max} value={of.max} onChange={(max) => set({ max })} inputMode="decimal" required autoComplete="off" />
        {hasCurrency(of.kind) ? <Input label={ruleForm.currency} hint={ruleForm.currencyHint} error={wrong.currency} value={of.currency} onChange={(currency) => set({ currency })} required maxLength={16} autoComplete="off" /> : null}
      </Part>
      <Part title={ruleForm.holds}>
        <Select
          label={ruleForm.scope}
          hint={scopes.length < Object.keys(texts.scopes).length ? `${ruleForm.scopeWhole} ${ruleForm.scopeHint}` : ruleForm.scopeHint}
          error={wrong.scope}
          value={of.scope}
          onChange={(value) => set({ scope: scopes.find((scope) => scope === value) ?? of.scope, of: "" })}
          options={scopes.map((value) => ({ value, text: texts.scopes[value] }))}
        />
        <ScopeField {...props} />
      </Part>
      <Part title={ruleForm.breaks}>
        <Select label={ruleForm.action} hint={ruleForm.actionHint} error={wrong.action} value={of.action} onChange={(value) => set({ action: actions.find((action) => action === value) ?? of.action })} options={actions.map((value) => ({ value, text: texts.actions[value] }))} />
        {of.action === "pause" ? <Input label={ruleForm.pause} hint={ruleForm.pauseHint} error={wrong.pause} value={of.pause} onChange={(pause) => set({ pause })} inputMode="numeric" autoComplete="off" /> : null}
        <Input label={ruleForm.label} hint={ruleForm.labelHint} error={wrong.label} value={of.label} onChange={(label) => set({ label })} maxLength={64} autoComplete="off" />
        <Checkbox label={ruleForm.enabled} checked={of.enabled} onChange={(enabled) => set({ enabled })} />
      </Part>
    </>
  );
}

/** What the scope names: one of what is there, or a text. */
function ScopeField({ of: draft, wrong, onChange }: FieldsProps) {
  const { scope, of } = draft;
  const accounts = useAccounts(scope === "account").data?.items ?? [];
  const bots = useRead("/api/v1/bots", { params: { query: { limit: 200 } } }, { enabled: scope === "bot" }).data?.items ?? [];
  const strategies = useRead("/api/v1/strategies/list", { params: { query: { limit: 200 } } }, { enabled: scope === "strategy" }).data?.items ?? [];
  if (scope === "user") return null;
  const field = { label: ruleForm.of[scope], error: wrong.of, value: of, onChange: (next: string) => onChange({ ...draft, of: next }), required: true };
  const choices = {
    // An address is read and never traded.
    account: accounts.filter(({ address }) => !address).map((account) => ({ value: account.id, text: accountText(account) })),
    bot: bots.map(({ id, name }) => ({ value: id, text: name })),
    strategy: [...new Set([...strategies.map(({ name }) => name), RULES])].map((value) => ({ value, text: value })),
  };
  if (scope === "exchange" || scope === "symbol" || scope === "assets") return <Input {...field} hint={ruleForm.ofHint[scope]} autoComplete="off" />;
  const known = choices[scope];
  // One that is gone stays to be seen.
  const options = [{ value: "", text: ruleForm.choose }, ...known, ...(of && !known.some(({ value }) => value === of) ? [{ value: of, text: of }] : [])];
  return <Select {...field} hint={scope === "account" ? undefined : ruleForm.ofHint[scope]} options={options} />;
}
