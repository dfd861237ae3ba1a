interface Bar {
  /** `2026-11-29` */
  date: string;
  value: number;
  title: string;
}

const DAY = 86_400_000;
const HEIGHT = 60;

interface BarsProps {
  /** What the picture shows, for readers who do not see it. */
  label: string;
  bars: Bar[];
  /** Moments of the first day and of the end. */
  from: string;
  to: string;
}

/** One bar a day: gains above the line, losses below. Drawn with doubles; exact values stand in a table beside it. */
export function Bars({ label, bars, from, to }: BarsProps) {
  const first = Math.floor(Date.parse(from) / DAY);
  const days = Math.max(1, Math.ceil(Date.parse(to) / DAY) - first);
  const most = Math.max(0, ...bars.map((bar) => bar.value));
  const least = Math.min(0, ...bars.map((bar) => bar.value));
  const scale = HEIGHT / (most - least || 1);
  const line = most * scale;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${days} ${HEIGHT}`} preserveAspectRatio="none" className="block h-24 w-full">
      <line x1={0} x2={days} y1={line} y2={line} className="stroke-soft" strokeWidth={1} vectorEffect="non-scaling-stroke" />
      {bars.map((bar) => {
        // Less than a pixel would not be seen.
        const height = Math.max(1, Math.abs(bar.value) * scale);
        return (
          <rect key={bar.date} x={Math.floor(Date.parse(bar.date) / DAY) - first + 0.1} width={0.8} y={bar.value < 0 ? line : line - height} height={height} className={bar.value < 0 ? "fill-bad" : "fill-good"}>
            <title>{bar.title}</title>
          </rect>
        );
      })}
    </svg>
  );
}
