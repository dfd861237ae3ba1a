//! The picture as a file of its own, readable on light and on dark pages.

use std::io;

use domain::money::Decimal;
use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::label::{Label, spread};
use super::scale::Scale;
use super::{Chart, Level, Mark, Step, Tone, clock};

const WIDE: u32 = 960;
const HIGH: u32 = 600;
const LEFT: u32 = 72;
const TOP: u32 = 104;
const PLOT_WIDE: u32 = 656;
const PLOT_HIGH: u32 = 452;
const RIGHT: u32 = LEFT + PLOT_WIDE;
const BOTTOM: u32 = TOP + PLOT_HIGH;
/// From one line of words to the next, and from the picture to its words.
const LABEL_GAP: i64 = 16;
const LABEL_INDENT: u32 = 26;
const LEGEND: Decimal = Decimal::from_parts(82, 0, 0, false, 0);
const LEGEND_GAP: u32 = 20;
/// As wide as a small one is at most.
const LETTER: u32 = 6;
const PRICES_MAX: u32 = 12;
const MOMENTS_MAX: i64 = 9;

/// Colours by what is drawn, and others for a dark page.
const LOOK: &str = include_str!("look.css");

/// A whole document; with title and legend alone where nothing was seen.
pub(in crate::demo) fn svg(chart: &Chart) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let view = format!("0 0 {WIDE} {HIGH}");
    let root = writer.create_element("svg").with_attributes([
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("viewBox", view.as_str()),
        ("role", "img"),
    ]);
    root.write_inner_content(|writer| Page(writer).draw(chart))?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}

/// Where elements go, one after another.
struct Page<'a>(&'a mut Writer<Vec<u8>>);

impl Page<'_> {
    fn draw(&mut self, chart: &Chart) -> io::Result<()> {
        self.head(chart)?;
        let Some(scale) = chart.scale() else { return Ok(()) };
        self.axes(chart, &scale)?;
        self.labels(chart, &scale)?;
        for level in &chart.levels {
            self.level(level, &scale)?;
        }
        for step in &chart.steps {
            self.step(step, &scale)?;
        }
        self.price(chart, &scale)?;
        chart.levels.iter().try_for_each(|level| self.fill(level, &scale))
    }

    fn head(&mut self, chart: &Chart) -> io::Result<()> {
        self.words("title", &[], &chart.title)?;
        self.words("desc", &[], &chart.caption)?;
        self.words("style", &[], LOOK)?;
        let (wide, high) = (WIDE.to_string(), HIGH.to_string());
        self.empty("rect", &[("class", "page"), ("width", &wide), ("height", &high)])?;
        self.text("title", (Decimal::from(LEFT), Decimal::from(34)), "start", &chart.title)?;
        self.text("small", (Decimal::from(LEFT), Decimal::from(56)), "start", &chart.caption)?;
        let mut x = LEFT;
        for tone in Tone::ALL {
            self.path(tone.class(), &[(Decimal::from(x), LEGEND), (Decimal::from(x + 20), LEGEND)])?;
            x = self.legend(x + 20, tone.name())?;
        }
        for (mark, name) in Mark::NAMED {
            self.mark("fill legend", mark, (Decimal::from(x + 7), LEGEND))?;
            x = self.legend(x + 13, name)?;
        }
        Ok(())
    }

    /// The word behind what it explains, and where the next one begins.
    fn legend(&mut self, x: u32, name: &str) -> io::Result<u32> {
        self.text("small", (Decimal::from(x + 5), LEGEND + Decimal::from(4)), "start", name)?;
        Ok(x + LEGEND_GAP + LETTER * u32::try_from(name.len()).unwrap_or_default())
    }

    fn axes(&mut self, chart: &Chart, scale: &Scale) -> io::Result<()> {
        for price in scale.prices(chart.tick(), PRICES_MAX) {
            let y = y(price, scale);
            self.path("grid", &[(Decimal::from(LEFT), y), (Decimal::from(RIGHT), y)])?;
            self.text("small", (Decimal::from(LEFT - 8), y + Decimal::from(4)), "end", &price.to_string())?;
        }
        for moment in scale.moments(MOMENTS_MAX) {
            let x = x(scale.from.saturating_add(moment), scale);
            self.path("grid", &[(x, Decimal::from(TOP)), (x, Decimal::from(BOTTOM))])?;
            self.text("small", (x, Decimal::from(BOTTOM + 18)), "middle", &clock(moment))?;
        }
        Ok(())
    }

    fn level(&mut self, level: &Level, scale: &Scale) -> io::Result<()> {
        let (y, until) = (y(level.price, scale), x(level.until, scale));
        self.path("leader", &[(until, y), (Decimal::from(RIGHT), y)])?;
        self.path(level.tone().class(), &[(x(level.from, scale), y), (until, y)])
    }

    fn step(&mut self, step: &Step, scale: &Scale) -> io::Result<()> {
        let span = |(point, until): (super::Point, i64)| {
            let y = y(point.price, scale);
            [(x(point.at, scale), y), (x(until, scale), y)]
        };
        let corners: Vec<_> = step.spans(scale.until).flat_map(span).collect();
        self.path(step.tone.class(), &corners)
    }

    /// The line, and a dot at each price that was really seen.
    fn price(&mut self, chart: &Chart, scale: &Scale) -> io::Result<()> {
        let seen: Vec<_> = chart.price.iter().map(|point| (x(point.at, scale), y(point.price, scale))).collect();
        self.path(Tone::Price.class(), &seen)?;
        seen.iter().try_for_each(|at| self.dot("seen", *at, "2.5"))
    }

    fn fill(&mut self, level: &Level, scale: &Scale) -> io::Result<()> {
        let Some(fill) = level.filled else { return Ok(()) };
        let class = if level.buys { "fill fill-bought" } else { "fill fill-sold" };
        self.mark(class, level.mark, (x(fill.at, scale), y(fill.price, scale)))
    }

    /// Told apart by their shapes too.
    fn mark(&mut self, class: &str, mark: Mark, at: (Decimal, Decimal)) -> io::Result<()> {
        let corners: &[(i64, i64)] = match mark {
            Mark::Order => return self.dot(class, at, "5.5"),
            Mark::Pyramid => &[(0, -8), (7, 5), (-7, 5)],
            Mark::Exit => &[(0, -8), (8, 0), (0, 8), (-8, 0)],
        };
        let corner = |(x, y): &(i64, i64)| format!("{},{}", at.0 + Decimal::from(*x), at.1 + Decimal::from(*y));
        let corners: Vec<_> = corners.iter().map(corner).collect();
        self.empty("polygon", &[("class", class), ("points", &corners.join(" "))])
    }

    fn labels(&mut self, chart: &Chart, scale: &Scale) -> io::Result<()> {
        let labels = chart.labels();
        let wanted: Vec<i64> = labels.iter().map(|label| whole(scale.down(label.price, PLOT_HIGH))).collect();
        let stand = spread(&wanted, LABEL_GAP, i64::from(PLOT_HIGH));
        labels.iter().zip(stand).try_for_each(|(label, stand)| self.label(label, i64::from(TOP) + stand, scale))
    }

    /// Joined to its price, wherever it had to give way to.
    fn label(&mut self, label: &Label, stand: i64, scale: &Scale) -> io::Result<()> {
        let (from, at) = (y(label.price, scale), Decimal::from(stand));
        let x = |past: u32| Decimal::from(RIGHT + past);
        self.path("leader", &[(x(0), from), (x(12), at)])?;
        self.path(label.tone.class(), &[(x(12), at), (x(LABEL_INDENT - 4), at)])?;
        let text = format!("{} {}", label.name, label.text);
        self.text("label", (x(LABEL_INDENT), at + Decimal::from(4)), "start", &text)
    }

    fn path(&mut self, class: &str, corners: &[(Decimal, Decimal)]) -> io::Result<()> {
        let corners: Vec<_> = corners.iter().map(|(x, y)| format!("{x},{y}")).collect();
        self.empty("polyline", &[("class", &format!("line {class}")), ("points", &corners.join(" "))])
    }

    fn dot(&mut self, class: &str, at: (Decimal, Decimal), radius: &str) -> io::Result<()> {
        let (x, y) = (at.0.to_string(), at.1.to_string());
        self.empty("circle", &[("class", class), ("cx", &x), ("cy", &y), ("r", radius)])
    }

    fn text(&mut self, class: &str, at: (Decimal, Decimal), anchor: &str, text: &str) -> io::Result<()> {
        let (x, y) = (at.0.to_string(), at.1.to_string());
        self.words("text", &[("class", class), ("x", &x), ("y", &y), ("text-anchor", anchor)], text)
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.create_element(name).with_attributes(attributes.iter().copied()).write_empty().map(drop)
    }

    fn words(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        let element = self.0.create_element(name).with_attributes(attributes.iter().copied());
        element.write_text_content(BytesText::new(text)).map(drop)
    }
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Average => "average",
            Self::All => "all",
            Self::Stop => "stop",
            Self::Bought => "bought",
            Self::Unbought => "unbought",
            Self::Sold => "sold",
            Self::Unsold => "unsold",
        }
    }
}

fn x(at: i64, scale: &Scale) -> Decimal {
    fine(Decimal::from(LEFT) + scale.along(at, PLOT_WIDE))
}

fn y(price: Decimal, scale: &Scale) -> Decimal {
    fine(Decimal::from(TOP) + scale.down(price, PLOT_HIGH))
}

/// A tenth of a pixel.
fn fine(position: Decimal) -> Decimal {
    position.round_dp(1).normalize()
}

fn whole(position: Decimal) -> i64 {
    i64::try_from(position.round()).unwrap_or_default()
}
