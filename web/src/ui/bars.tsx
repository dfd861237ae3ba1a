interface Bar {
  /** Its place from the left, from 0. */
  place: number;
  value: number;
  title: string;
}

const HEIGHT = 60;

interface BarsProps {
  /** What the picture shows, for readers who do not see it. */
  label: string;
  bars: Bar[];
  /** How many places there are: those without a bar stay empty. */
  places: number;
}

/** One bar for each place: gains above the line, losses below. Drawn with doubles; exact values stand in a table beside it. */
export function Bars({ label, bars, places }: BarsProps) {
  const most = Math.max(0, ...bars.map((bar) => bar.value));
  const least = Math.min(0, ...bars.map((bar) => bar.value));
  const scale = HEIGHT / (most - least || 1);
  const line = most * scale;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${places} ${HEIGHT}`} preserveAspectRatio="none" className="block h-24 w-full overflow-visible">
      <line x1={0} x2={places} y1={line} y2={line} className="stroke-soft" strokeWidth={1} vectorEffect="non-scaling-stroke" />
      {bars.map((bar) => {
        // Less than a pixel would not be seen.
        const height = Math.max(1, Math.abs(bar.value) * scale);
        return (
          <rect key={bar.place} x={bar.place + 0.1} width={0.8} y={bar.value < 0 ? line : line - height} height={height} className={bar.value < 0 ? "fill-bad" : "fill-good"}>
            <title>{bar.title}</title>
          </rect>
        );
      })}
    </svg>
  );
}

const DAY = 86_400_000;
const dayOf = (date: string): number => Math.floor(Date.parse(date) / DAY);

interface DayBarsProps {
  label: string;
  /** Each with its day, such as `2026-11-29`. */
  bars: { date: string; value: number; title: string }[];
  /** Moments of the first day and of the end. */
  from: string;
  to: string;
}

/** One bar a day. */
export function DayBars({ label, bars, from, to }: DayBarsProps) {
  const first = dayOf(from);
  const placed = bars.map(({ date, ...bar }) => ({ ...bar, place: dayOf(date) - first }));
  return <Bars label={label} bars={placed} places={Math.max(1, Math.ceil(Date.parse(to) / DAY) - first)} />;
}
