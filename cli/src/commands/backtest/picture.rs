//! The equity as a picture.

use super::Shown;
use super::text;
use std::fmt::Write;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 360.0;
const MARGIN: f64 = 40.0;
/// Points of the line; each stands for some bars and is the last of them.
const POINTS_MAX: usize = 960;

/// An SVG of the equity at each close, between its lowest and its highest.
pub(super) fn equity(report: &Shown<'_>) -> String {
    let equity = &report.report.run.equity;
    let (low, high) = equity.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), now| (low.min(*now), high.max(*now)));
    let (first, last) = text::ends(report.candles);
    let mut line = String::new();
    for (x, y) in points(equity, low, high) {
        // Writing to a string does not fail.
        let _ = write!(line, "{x:.1},{y:.1} ");
    }
    let (right, bottom) = (WIDTH - MARGIN, HEIGHT - MARGIN);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">
<title>Equity, {first} to {last}</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>
<path d="M{MARGIN} {MARGIN}V{bottom}H{right}" fill="none" stroke="#999"/>
<polyline points="{}" fill="none" stroke="#1a6" stroke-width="1.5"/>
<text x="{MARGIN}" y="{}">{high:.2}</text>
<text x="{MARGIN}" y="{}">{low:.2}</text>
<text x="{MARGIN}" y="{}" fill="#666">{first}</text>
<text x="{right}" y="{}" fill="#666" text-anchor="end">{last}</text>
</svg>
"##,
        line.trim_end(),
        MARGIN - 8.0,
        bottom - 6.0,
        HEIGHT - 16.0,
        HEIGHT - 16.0,
    )
}

fn points(equity: &[f64], low: f64, high: f64) -> impl Iterator<Item = (f64, f64)> {
    let per_point = equity.len().div_ceil(POINTS_MAX).max(1);
    let count = u32::try_from(equity.len().div_ceil(per_point)).unwrap_or(u32::MAX);
    let step = (WIDTH - 2.0 * MARGIN) / f64::from(count.saturating_sub(1).max(1));
    let height = HEIGHT - 2.0 * MARGIN;
    let y =
        move |now: f64| if high > low { MARGIN + height * (high - now) / (high - low) } else { MARGIN + height / 2.0 };
    let last = |bars: &[f64]| bars.last().copied();
    equity.chunks(per_point).filter_map(last).zip(0_u32..).map(move |(now, i)| (MARGIN + step * f64::from(i), y(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_goes_through_the_picture_from_edge_to_edge() {
        let line = |equity: &[f64]| points(equity, 1.0, 3.0).collect::<Vec<_>>();
        assert_eq!(line(&[1.0, 3.0, 2.0]), [(40.0, 320.0), (480.0, 40.0), (920.0, 180.0)]);
        assert_eq!(points(&[7.0], 7.0, 7.0).collect::<Vec<_>>(), [(40.0, 180.0)]);
        let long: Vec<_> = points(&[1.0; 20_000], 1.0, 3.0).collect();
        assert!(long.len() <= POINTS_MAX && (long.last().unwrap().0 - 920.0).abs() < 1e-6);
    }
}
