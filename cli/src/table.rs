//! Tables: coloured with lines in a terminal, plain columns in a pipe.

use crate::listing::Listing;
use comfy_table::presets::{NOTHING, UTF8_HORIZONTAL_ONLY};
use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table};
use jiff::tz::TimeZone;
use std::borrow::Cow;
use wire::view::Time;

/// Columns that may be broken into lines in a terminal; all others are copied from.
const SENTENCES: [&str; 8] =
    ["attention", "detail", "entries", "members", "value", "next step", "what happened", "what it means"];
/// Digits after the point that a person reads of a number; of one that is less than 1 they are counted from the first that is not zero.
const SHOWN_DIGITS: usize = 8;

/// In the place of a value that is not known.
pub(crate) const NO_VALUE: &str = "-";
/// In the place of a profit where a closed position has sold nothing.
pub(crate) const STILL_HELD: &str = "still held";

/// The rows under their header; the sentence `none` if there are no rows.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<Cell>>, none: &str) -> Listing {
    Listing::new(header, rows, none)
}

pub(crate) fn laid_out(mut table: Table, header: &[impl AsRef<str>], rows: Vec<Vec<Cell>>) -> String {
    let people = table.is_tty();
    table.load_style(if people { UTF8_HORIZONTAL_ONLY } else { NOTHING });
    table.set_header(header.iter().map(|name| Cell::new(name.as_ref()).add_attribute(Attribute::Bold)));
    table.add_rows(rows);
    if people {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    for (column, name) in table.column_iter_mut().zip(header) {
        if !people {
            column.set_padding((0, 2));
        } else if !SENTENCES.contains(&name.as_ref()) {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.trim_fmt()
}

/// Text of the server as a terminal may print it: a control character other than a line break and a tab is written as in
/// Rust, such as `\u{1b}`, so that an alert cannot move the cursor or set a title.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| c.is_control() && !['\n', '\t'].contains(&c);
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) { printable.extend(c.escape_default()) } else { printable.push(c) }
    }
    Cow::Owned(printable)
}

/// A list of names with values; what is not known is left out.
pub(crate) fn facts<'a>(facts: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
    let known = facts.into_iter().filter_map(|(name, value)| Some(format!("{name:<16} {}", printable(&value?))));
    known.collect::<Vec<_>>().join("\n")
}

pub(crate) fn plain(text: impl Into<String>) -> Cell {
    Cell::new(printable(&text.into()))
}

pub(crate) fn maybe(text: Option<impl ToString>) -> Cell {
    plain(text.map_or_else(|| NO_VALUE.to_owned(), |text| text.to_string()))
}

/// A status or verdict, in the colour of what it means.
pub(crate) fn word(text: &str) -> Cell {
    let colour = match text {
        "live" | "running" | "accepted" | "filled" | "open" | "carried_over" => Some(Color::Green),
        "changed" | "waiting" | "close_only" | "partially_filled" | "closing" | "queued" | "planned" | "submitting"
        | "pending" => Some(Color::Yellow),
        "left_out" | "unknown" | "failed" | "rejected" | "not_placed" | "parked" | "conflict" | "refused" => {
            Some(Color::Red)
        }
        _ => None,
    };
    let cell = plain(text);
    match colour {
        Some(colour) => cell.fg(colour),
        None => cell,
    }
}

/// Profit or loss.
pub(crate) fn gain(amount: Option<&String>) -> Cell {
    let Some(amount) = amount else { return plain(NO_VALUE) };
    let cell = plain(short(amount));
    match amount.as_bytes() {
        [b'-', ..] => cell.fg(Color::Red),
        b"0" => cell,
        _ => cell.fg(Color::Green),
    }
}

/// A decimal with the digits that a person reads; the rest is cut off.
pub(crate) fn short(decimal: &str) -> String {
    let Some((whole, digits)) = decimal.split_once('.') else { return decimal.to_owned() };
    let zeros = digits.bytes().take_while(|digit| *digit == b'0').count();
    let shown = SHOWN_DIGITS + if whole.trim_start_matches('-') == "0" { zeros } else { 0 };
    if digits.len() <= shown {
        return decimal.to_owned();
    }
    let digits: String = digits.chars().take(shown).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() { whole.to_owned() } else { format!("{whole}.{digits}") }
}

/// A price or a size, with as many digits as [`short`] leaves.
pub(crate) fn number(value: f64) -> String {
    let mut digits = SHOWN_DIGITS;
    let mut size = value.abs();
    while size > 0.0 && size < 0.1 {
        size *= 10.0;
        digits += 1;
    }
    let text = format!("{value:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// UTC, to the second.
pub(crate) fn time(at: Time) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0.millis());
    at.map_or_else(|_| "-".to_owned(), |at| at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_gets_plain_columns() {
        let mut pipe = Table::new();
        pipe.force_no_tty();
        let text = laid_out(pipe, &["id", "status"], vec![vec![plain("grp_1"), word("live")]]);
        assert_eq!(text, "id     status\ngrp_1  live");
        assert_eq!(table(&["id"], Vec::new(), "nothing yet").to_string(), "nothing yet");
    }

    #[test]
    fn control_characters_of_the_server_are_written_out() {
        let (sent, printed) = ("a\u{1b}]0;x\u{7}\r\u{9b}2J\u{7f}\n\té", "a\\u{1b}]0;x\\u{7}\\r\\u{9b}2J\\u{7f}\n\té");
        assert_eq!(printable(sent), printed);
        for cell in [plain(sent), maybe(Some(sent)), word(sent), gain(Some(&sent.to_owned()))] {
            assert_eq!(cell.content(), printed);
        }
        assert_eq!(facts([("why", Some(sent.to_owned()))]), format!("{:<16} {printed}", "why"));
    }

    #[test]
    fn a_number_is_cut_for_people_only_where_it_is_long() {
        for (decimal, shown) in
            [("100.1", "100.1"), ("33.333333333333", "33.33333333"), ("1.000000000001", "1"), ("7", "7")]
        {
            assert_eq!(short(decimal), shown);
        }
    }

    /// Coins whose price has ten decimals (https://github.com/ctubio/Krypto-trading-bot/issues/513).
    #[test]
    fn of_a_small_number_its_first_digits_are_shown() {
        for (decimal, shown) in [
            ("0.0000004184", "0.0000004184"),
            ("0.000000412", "0.000000412"),
            ("-0.000000004", "-0.000000004"),
            ("0.000123456789123", "0.00012345678"),
            ("0.05", "0.05"),
            ("0.333333333333", "0.33333333"),
            ("0.00000000000000000001", "0.00000000000000000001"),
        ] {
            assert_eq!(short(decimal), shown);
        }
        let numbers = [4.184e-7, 4e-9, 1e-20, 0.0, -0.000_123_456_789_123, 0.1 + 0.2, 14_199.0, 6_172.929_999_999_999];
        let shown =
            ["0.0000004184", "0.000000004", "0.00000000000000000001", "0", "-0.00012345679", "0.3", "14199", "6172.93"];
        assert_eq!(numbers.map(number), shown);
    }
}
