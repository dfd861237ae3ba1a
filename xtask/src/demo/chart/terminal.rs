//! The picture in a terminal's cells.

use anstyle::{AnsiColor, Color, Style};
use domain::money::Decimal;

use super::dots::{ACROSS, DOWN, Dots};
use super::label::{Label, spread};
use super::scale::Scale;
use super::{Chart, Level, Mark, Step, Tone, clock};

/// Below this the words beside the picture leave no room for it.
const COLUMNS_MIN: u32 = 72;
const PLOT_MIN: u32 = 20;
const ROWS_MIN: u32 = 22;
const AXIS: u32 = 10;
const NAME_MIN: usize = 8;
const COLUMNS_PER_MOMENT: i64 = 12;
const ROWS_PER_PRICE: u32 = 3;

/// What one cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    sign: char,
    tone: Option<Tone>,
}

const BLANK: Cell = Cell { sign: ' ', tone: None };

/// Cells by row and column; what lies outside is left out.
struct Grid {
    columns: u32,
    rows: Vec<Vec<Cell>>,
}

/// Lines with their colours; nothing where nothing was seen, or there is no room for it.
pub(in crate::demo) fn draw(chart: &Chart, columns: u32) -> Option<Vec<String>> {
    let scale = chart.scale()?;
    let labels = chart.labels();
    let rows = ROWS_MIN.max(u32::try_from(labels.len()).unwrap_or(u32::MAX));
    let marks = scale.prices(chart.tick(), rows / ROWS_PER_PRICE);
    let axis = marks.iter().filter_map(|price| u32::try_from(price.to_string().len()).ok()).fold(AXIS, u32::max);
    let name = labels.iter().map(|label| label.name.chars().count()).fold(NAME_MIN, usize::max);
    let words: Vec<_> = labels.iter().map(|label| words(label, name)).collect();
    let width = words.iter().filter_map(|words| u32::try_from(words.chars().count()).ok()).max().unwrap_or(0);
    // With the axis' own line, and a space on either side of it and before the words.
    let wide = columns.checked_sub(axis + width + 3).filter(|wide| *wide >= PLOT_MIN && columns >= COLUMNS_MIN)?;
    let grid = Grid::of(chart, &scale, wide, rows);
    let axis = usize::try_from(axis).ok()?;
    let mut lines = vec![bold(&chart.title)];
    lines.extend(beside(&grid, &scale, (&marks, axis), (&labels, &words)));
    lines.extend(axis_of_time(&scale, wide, axis));
    lines.extend(legend());
    Some(lines)
}

impl Grid {
    fn of(chart: &Chart, scale: &Scale, columns: u32, rows: u32) -> Self {
        let row = vec![BLANK; usize::try_from(columns).unwrap_or_default()];
        let mut grid = Self { columns, rows: vec![row; usize::try_from(rows).unwrap_or_default()] };
        for level in &chart.levels {
            grid.level(level, scale);
        }
        for step in &chart.steps {
            grid.step(step, scale);
        }
        grid.price(chart, scale);
        for level in &chart.levels {
            grid.fill(level, scale);
        }
        grid
    }

    fn level(&mut self, level: &Level, scale: &Scale) {
        self.stroke(level.tone(), level.price, (level.from, level.until), scale);
    }

    fn step(&mut self, step: &Step, scale: &Scale) {
        for (point, until) in step.spans(scale.until) {
            self.stroke(step.tone, point.price, (point.at, until), scale);
        }
    }

    fn stroke(&mut self, tone: Tone, price: Decimal, span: (i64, i64), scale: &Scale) {
        let row = self.row(price, scale);
        for column in self.column(span.0, scale)..=self.column(span.1, scale) {
            self.put(column, row, Cell { sign: sign(tone), tone: Some(tone) });
        }
    }

    fn price(&mut self, chart: &Chart, scale: &Scale) {
        let (across, down) = (self.columns * ACROSS - 1, self.height() * DOWN - 1);
        let dot = |at, price| (whole(scale.along(at, across)), whole(scale.down(price, down)));
        let dots: Vec<_> = chart.price.iter().map(|point| dot(point.at, point.price)).collect();
        let mut drawn = Dots::default();
        for (from, to) in dots.iter().zip(dots.iter().skip(1).chain(dots.last())) {
            drawn.line(*from, *to);
        }
        for (column, row, sign) in drawn.cells() {
            self.put(column, row, Cell { sign, tone: Some(Tone::Price) });
        }
    }

    fn fill(&mut self, level: &Level, scale: &Scale) {
        let Some(fill) = level.filled else { return };
        let (column, row) = (self.column(fill.at, scale), self.row(fill.price, scale));
        self.put(column, row, Cell { sign: spot(level.mark), tone: Some(level.tone()) });
    }

    fn height(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap_or(u32::MAX)
    }

    /// Through the same dots as the price, so that a line at a price lies where the price crosses it.
    fn row(&self, price: Decimal, scale: &Scale) -> u32 {
        whole(scale.down(price, self.height() * DOWN - 1)) / DOWN
    }

    fn column(&self, at: i64, scale: &Scale) -> u32 {
        whole(scale.along(at, self.columns * ACROSS - 1)) / ACROSS
    }

    fn put(&mut self, column: u32, row: u32, cell: Cell) {
        let row = usize::try_from(row).ok().and_then(|row| self.rows.get_mut(row));
        if let Some(found) = row.and_then(|row| row.get_mut(usize::try_from(column).ok()?)) {
            *found = cell;
        }
    }
}

/// Each row with its price on the left and its words on the right.
fn beside(
    grid: &Grid,
    scale: &Scale,
    (marks, wide): (&[Decimal], usize),
    (labels, words): (&[Label], &[String]),
) -> Vec<String> {
    let wanted: Vec<i64> = labels.iter().map(|label| i64::from(grid.row(label.price, scale))).collect();
    let stand = spread(&wanted, 1, i64::from(grid.height()) - 1);
    let row = |(cells, row): (&Vec<Cell>, u32)| {
        let mark = marks.iter().find(|price| grid.row(**price, scale) == row);
        let mark = mark.map_or_else(|| format!("{:>wide$} │", ""), |price| format!("{:>wide$} ┤", price.to_string()));
        let mut words = labels.iter().zip(words).zip(&stand);
        let label = words.find(|(_, at)| **at == i64::from(row)).map(|((label, words), _)| coloured(label, words));
        format!("{mark}{} {}", painted(cells), label.unwrap_or_default()).trim_end().to_owned()
    };
    grid.rows.iter().zip(0_u32..).map(row).collect()
}

/// Each name as wide as the widest.
fn words(label: &Label, name: usize) -> String {
    format!("{} {:<name$} {}", sign(label.tone), label.name, label.text)
}

fn coloured(label: &Label, words: &str) -> String {
    let style = style(label.tone);
    format!("{style}{words}{style:#}")
}

/// Colours change only where the tone does.
fn painted(cells: &[Cell]) -> String {
    let run = |run: &[Cell]| {
        let signs: String = run.iter().map(|cell| cell.sign).collect();
        let style = run.first().and_then(|cell| cell.tone).map(style).unwrap_or_default();
        format!("{style}{signs}{style:#}")
    };
    cells.chunk_by(|one, next| one.tone == next.tone).map(run).collect()
}

fn axis_of_time(scale: &Scale, columns: u32, axis: usize) -> [String; 2] {
    let moments = scale.moments(i64::from(columns) / COLUMNS_PER_MOMENT);
    let (mut line, mut words) = (String::new(), String::new());
    for moment in moments {
        let column = usize::try_from(whole(scale.along(scale.from.saturating_add(moment), columns - 1)));
        let column = column.unwrap_or_default();
        line.extend(std::iter::repeat_n('─', column.saturating_sub(line.chars().count())));
        line.push('┬');
        words.extend(std::iter::repeat_n(' ', column.saturating_sub(words.chars().count())));
        words.push_str(&clock(moment));
    }
    let wide = usize::try_from(columns).unwrap_or_default();
    line.extend(std::iter::repeat_n('─', wide.saturating_sub(line.chars().count())));
    [format!("{:>axis$} └{line}", ""), format!("{:>axis$}  {words}", "")]
}

fn legend() -> Vec<String> {
    let entry = |tone: &Tone| {
        let style = style(*tone);
        format!("{style}{} {}{style:#}", sign(*tone), tone.name())
    };
    let marks = Mark::NAMED.map(|(mark, name)| format!("{} {name}", spot(mark)));
    let entries: Vec<_> = Tone::ALL.iter().map(entry).chain(marks).collect();
    entries.chunks(entries.len() / 2).map(|line| line.join("   ")).collect()
}

fn bold(text: &str) -> String {
    let bold = Style::new().bold();
    format!("{bold}{text}{bold:#}")
}

/// At the price and the time of a fill.
fn spot(mark: Mark) -> char {
    match mark {
        Mark::Order => '●',
        Mark::Pyramid => '▲',
        Mark::Exit => '◆',
    }
}

/// Told apart without colours too.
fn sign(tone: Tone) -> char {
    match tone {
        Tone::Price => '⠤',
        Tone::Average => '═',
        Tone::All => '━',
        Tone::Stop => '×',
        Tone::Bought => '─',
        Tone::Unbought => '╌',
        Tone::Sold => '⋅',
        Tone::Unsold => '┈',
    }
}

/// Colours of the terminal's own palette: it knows whether it is dark.
fn style(tone: Tone) -> Style {
    let colour = |colour: AnsiColor| Style::new().fg_color(Some(Color::Ansi(colour)));
    match tone {
        Tone::Price => Style::new().bold(),
        Tone::Average => colour(AnsiColor::Yellow),
        Tone::All => colour(AnsiColor::Blue).bold(),
        Tone::Stop => colour(AnsiColor::Red),
        Tone::Bought => colour(AnsiColor::Green),
        Tone::Sold => colour(AnsiColor::Magenta),
        Tone::Unbought => colour(AnsiColor::Green).dimmed(),
        Tone::Unsold => colour(AnsiColor::Magenta).dimmed(),
    }
}

fn whole(value: Decimal) -> u32 {
    u32::try_from(value.round()).unwrap_or_default()
}
