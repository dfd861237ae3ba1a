import { edit as editTexts, members as memberTexts } from "@/texts/presets";
import { Checkbox, Input, Select } from "@/ui/form";
import type { Draft, FlagDraft } from "./draft";
import { choices, FLAGS, Two } from "./fields-parts";

type More = Draft["more"];
type Pyramids = Draft["pyramids"];

const DIRECTIONS = choices(editTexts.directions);
const CLOSES = choices(editTexts.closes);

export function MoreFields({ value, onChange }: { value: More; onChange: (value: More) => void }) {
  const set = (next: Partial<More>) => onChange({ ...value, ...next });
  const flag = (label: string, of: FlagDraft, change: (flag: FlagDraft) => void) => <Select label={label} value={of} onChange={(chosen) => change(FLAGS.pick(chosen) ?? "")} options={FLAGS.options} />;
  return (
    <>
      <Two>
        <Input label={editTexts.timeLimit} hint={editTexts.timeLimitHint} value={value.timeLimit} onChange={(timeLimit) => set({ timeLimit })} inputMode="numeric" />
        <Input label={editTexts.cooldown} hint={editTexts.cooldownHint} value={value.cooldown} onChange={(cooldown) => set({ cooldown })} inputMode="numeric" />
        <Input label={editTexts.minimumProfit} value={value.minimumProfit} onChange={(minimumProfit) => set({ minimumProfit })} inputMode="decimal" />
        <Input label={editTexts.openMax} value={value.openMax} onChange={(openMax) => set({ openMax })} inputMode="numeric" />
        <Input label={editTexts.leverage} value={value.leverage} onChange={(leverage) => set({ leverage })} inputMode="numeric" placeholder="1" />
        {flag(memberTexts.partial_exit, value.partial, (partial) => set({ partial }))}
        {flag(memberTexts.reverse, value.reverse, (reverse) => set({ reverse }))}
        {flag(memberTexts.retry_unproven_entry, value.retry, (retry) => set({ retry }))}
      </Two>
    </>
  );
}

export function PyramidFields({ value, onChange }: { value: Pyramids; onChange: (value: Pyramids) => void }) {
  const set = (next: Partial<Pyramids>) => onChange({ ...value, ...next });
  return (
    <>
      <Checkbox label={editTexts.pyramidsOn} checked={value.on} onChange={(on) => set({ on })} />
      {value.on ? (
        <Two>
          <Input label={editTexts.max} value={value.max} onChange={(max) => set({ max })} inputMode="numeric" required />
          <Input label={editTexts.distance} value={value.distance} onChange={(distance) => set({ distance })} inputMode="decimal" required />
          <Select label={editTexts.direction} value={value.direction} onChange={(direction) => set({ direction: DIRECTIONS.pick(direction) ?? "" })} options={DIRECTIONS.options.filter((each) => each.value !== "favourable" || value.direction === "favourable")} />
          <Input label={editTexts.factor} value={value.factor} onChange={(factor) => set({ factor })} inputMode="decimal" placeholder="1" />
          <Select label={editTexts.close} value={value.close} onChange={(close) => set({ close: CLOSES.pick(close) ?? "together" })} options={CLOSES.options} />
        </Two>
      ) : null}
    </>
  );
}
