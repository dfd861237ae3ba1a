import { rulesForm } from "@/texts/bots";
import { Area, Select } from "@/ui/form";
import { ConditionFields } from "./builder";
import { FIRST, type Grammar, readRules, type Rules, write, wrongBounds } from "./rules";
import { Words } from "./sentences";
import { inWords } from "./words";

/** Rules by a form, as a sentence and as JSON: each shows what the others have. */
export function RulesFields({ text, grammar, onChange }: { text: string; grammar: Grammar; onChange: (text: string) => void }) {
  const read = readRules(text, grammar);
  const set = (rules: Rules) => onChange(write(rules));
  const wrong = "wrong" in read ? read.wrong : wrongBounds(read.rules, grammar);
  return (
    <div className="space-y-3">
      {"rules" in read ? (
        <div className="top-2 z-10 sm:sticky">
          <Words of={inWords(read.rules, grammar)} />
        </div>
      ) : null}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-3">{"rules" in read ? <Builder of={read.rules} grammar={grammar} onChange={set} /> : <p className="text-soft">{rulesForm.broken}</p>}</div>
        <Area label={rulesForm.json} hint={rulesForm.jsonHint} error={wrong} value={text} onChange={onChange} rows={18} />
      </div>
    </div>
  );
}

function Builder({ of, grammar, onChange }: { of: Rules; grammar: Grammar; onChange: (rules: Rules) => void }) {
  const { exit, ...withoutExit } = of;
  const side = (value: string) => onChange(value === "short" ? { side: "short", ...without(of) } : without(of));
  return (
    <>
      <div className="max-w-80">
        <Select
          label={rulesForm.side}
          value={of.side ?? "long"}
          onChange={side}
          options={[
            { value: "long", text: rulesForm.sides.long },
            { value: "short", text: rulesForm.sides.short },
          ]}
        />
      </div>
      <h3 className="font-semibold">{rulesForm.entry}</h3>
      <ConditionFields of={of.entry} place="1" grammar={grammar} onChange={(entry) => onChange({ ...of, entry })} />
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-semibold">{rulesForm.exit}</h3>
        <button type="button" className="button" onClick={() => onChange(exit ? withoutExit : { ...of, exit: FIRST.exit })}>
          {exit ? rulesForm.removeExit : rulesForm.addExit}
        </button>
      </div>
      {exit ? <ConditionFields of={exit} place="2" grammar={grammar} onChange={(next) => onChange({ ...of, exit: next })} /> : <p className="text-warn">{rulesForm.noExit}</p>}
    </>
  );
}

function without({ side: _, ...rest }: Rules): Rules {
  return rest;
}
