import { useList } from "@/api/hooks";
import { whales } from "@/texts/whales";
import { Moment } from "@/ui/age";
import { Section } from "@/ui/page";
import { Profit } from "@/ui/value";

const texts = whales.sentiment;

/** What whale alerts and prices say of each market. Nothing before the first hour of it. */
export function MarketSentiment() {
  const latest = useList("/api/v1/market-sentiment/latest", {}, { poll: 300 });
  const markets = latest.rows;
  const [first] = markets;
  if (!first) return null;
  return (
    <Section title={texts.title}>
      <p className="text-soft text-xs">
        {texts.about} <Moment at={first.timestamp} />
      </p>
      <ul className="card grid gap-x-6 gap-y-1 md:grid-cols-2">
        {markets.map(({ symbol, score, label, inputs }) => (
          <li key={symbol} className="flex flex-wrap justify-between gap-x-3">
            <span>{symbol}</span>
            <span title={inputs.map((input) => `${texts.inputs[input.name]} ${input.score}`).join(", ")}>
              <Profit of={score} /> <span className="text-soft">{texts.labels[label]}</span>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
