use quick_xml::Reader;
use quick_xml::events::Event;

use super::label::spread;
use super::*;

fn price(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn at(seconds: i64, text: &str) -> Point {
    Point { at: seconds * 1_000, price: price(text) }
}

fn leg(name: &str, text: &str, filled: Option<i64>) -> Level {
    let filled = filled.map(|seconds| at(seconds, text));
    let until = filled.map_or(60_000, |fill| fill.at);
    Level { name: name.to_owned(), mark: Mark::Order, buys: true, price: price(text), from: 1_000, until, filled }
}

/// Down by a tenth in half a minute, and back.
fn fallen() -> Chart {
    Chart {
        title: "A ladder".to_owned(),
        caption: "profit 1 USDT".to_owned(),
        price: vec![at(0, "100"), at(30, "90"), at(60, "97")],
        steps: vec![Step { tone: Tone::Average, points: vec![at(1, "100.1"), at(12, "98")] }],
        levels: vec![leg("base", "100", Some(0)), leg("leg 1", "96", Some(12)), leg("leg 2", "88.25", None)],
    }
}

fn only(prices: &[&str]) -> Chart {
    let price = (0..).zip(prices).map(|(seconds, price)| at(seconds, price)).collect();
    Chart { price, ..Chart::default() }
}

fn plain(line: &str) -> String {
    anstream::adapter::strip_str(line).to_string()
}

fn drawn(chart: &Chart, columns: u32) -> Vec<String> {
    draw(chart, columns).unwrap().iter().map(|line| plain(line)).collect()
}

fn row_of(lines: &[String], text: &str) -> usize {
    lines.iter().position(|line| line.contains(text)).unwrap()
}

#[test]
fn a_price_is_as_far_down_as_it_is_low() {
    let scale = Scale { low: price("90"), high: price("100"), from: 0, until: 60_000 };
    let down = |text: &str| scale.down(price(text), 20).normalize().to_string();
    assert_eq!(["100", "99", "95", "90"].map(down), ["0", "2", "10", "20"]);
    // What lies outside stays at the edge.
    assert_eq!(["170", "0.01"].map(down), ["0", "20"]);
    assert_eq!(
        [0, 15_000, 60_000, 90_000].map(|at| scale.along(at, 40).normalize().to_string()),
        ["0", "10", "40", "40"]
    );
}

#[test]
fn each_level_has_a_row_of_its_own_in_the_order_of_prices() {
    let lines = drawn(&fallen(), 80);
    let rows =
        ["base     100.00", "average  98.00", "leg 1    96.00", "leg 2    88.25"].map(|text| row_of(&lines, text));
    assert!(rows.is_sorted_by(|one, next| one < next), "{rows:?}\n{}", lines.join("\n"));
    let line_of = |text: &str| lines.get(row_of(&lines, text)).unwrap();
    assert!(line_of("leg 2").contains("╌╌╌") && line_of("leg 2").ends_with("not bought"));
    let is_filled = |line: &String| line.contains("───") && line.contains('●');
    assert_eq!(lines.iter().filter(|line| is_filled(line)).count(), 1, "{}", lines.join("\n"));
    assert!(line_of("leg 1").ends_with("bought 00:12"));
    assert!(lines.iter().any(|line| line.starts_with("        90 ┤")), "{}", lines.join("\n"));
}

#[test]
fn levels_at_one_price_give_way_and_none_is_lost() {
    let mut chart = fallen();
    chart.levels = (0..40).map(|number| leg(&format!("same{number:02}"), "95", None)).collect();
    let lines = drawn(&chart, 80);
    assert!((0..40).all(|number| row_of(&lines, &format!("same{number:02}")) > 0));
}

#[test]
fn a_long_name_moves_the_words_of_all() {
    let mut chart = fallen();
    chart.levels.push(leg("tp pyramid", "93", None));
    let lines = drawn(&chart, 80);
    for words in ["tp pyramid 93.00", "base       100.00", "leg 1      96.00"] {
        assert!(lines.iter().any(|line| line.contains(words)), "{words}: {}", lines.join("\n"));
    }
}

#[test]
fn a_second_base_is_one_more_level() {
    let mut chart = fallen();
    chart.levels.push(leg("base", "93", Some(40)));
    let bases = drawn(&chart, 80).iter().filter(|line| line.contains("─ base")).count();
    assert_eq!(bases, 2);
}

#[test]
fn words_stand_apart_and_inside() {
    let check = |wanted: &[i64], expected: &[i64]| assert_eq!(spread(wanted, 2, 10), expected, "{wanted:?}");
    check(&[], &[]);
    check(&[0, 5, 10], &[0, 5, 10]);
    check(&[5, 5, 5], &[3, 5, 7]);
    check(&[0, 0, 7], &[0, 2, 7]);
    check(&[9, 10, 10], &[6, 8, 10]);
    check(&[5; 11], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

#[test]
fn nothing_seen_is_no_picture() {
    assert_eq!(draw(&Chart::default(), 120), None);
    assert!(!svg(&Chart::default()).unwrap().contains("polyline class=\"line grid\""));
}

#[test]
fn a_price_that_never_moves_stands_in_the_middle() {
    let lines = drawn(&only(&["100", "100", "100"]), 80);
    let row = lines.iter().position(|line| line.contains(['⠉', '⠒', '⠤', '⣀'])).unwrap();
    assert!((10..=14).contains(&row), "{row}\n{}", lines.join("\n"));
    assert!(draw(&only(&["0"]), 80).is_some());
}

#[test]
fn extreme_prices_are_drawn_too() {
    for prices in [
        ["0.00000001", "0.00000002"],
        ["999999999999999", "0.000000000001"],
        ["79228162514264337593543950335", "0"],
        ["0.0000000000000000000000000001", "0.0000000000000000000000000002"],
    ] {
        let lines = drawn(&only(&prices), 80);
        assert!(lines.iter().any(|line| line.contains('┤')), "{prices:?}\n{}", lines.join("\n"));
        well_formed(&svg(&only(&prices)).unwrap());
    }
}

#[test]
fn an_axis_has_round_prices_on_the_tick() {
    let scale = Scale { low: price("3311.51"), high: price("3803.1"), from: 0, until: 60_000 };
    let marks = |tick, max| scale.prices(price(tick), max).iter().map(Decimal::to_string).collect::<Vec<_>>();
    assert_eq!(marks("0.01", 5), ["3400", "3500", "3600", "3700", "3800"]);
    assert_eq!(marks("1000", 5), Vec::<String>::new());
    let narrow = Scale { low: price("1.001"), high: price("1.04"), ..scale };
    assert_eq!(
        narrow.prices(price("0.01"), 100).iter().map(Decimal::to_string).collect::<Vec<_>>(),
        ["1.01", "1.02", "1.03", "1.04"]
    );
}

#[test]
fn an_axis_of_time_is_marked_in_round_steps() {
    let moments =
        |seconds: i64| Scale { low: price("1"), high: price("2"), from: 7, until: 7 + seconds * 1_000 }.moments(6);
    assert_eq!(moments(60), [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000]);
    assert_eq!(moments(1), [0, 1_000]);
    assert!(moments(100_000_000).len() <= 7);
}

#[test]
fn a_narrow_terminal_gets_lines_instead_and_no_line_is_wider_than_a_wide_one() {
    assert_eq!(draw(&fallen(), 71), None);
    for columns in [72, 80, 120, 300] {
        let widest = drawn(&fallen(), columns).iter().map(|line| line.chars().count()).max().unwrap();
        assert!(widest <= usize::try_from(columns).unwrap(), "{widest} of {columns}");
    }
}

#[test]
fn the_words_for_a_pipe_have_neither_colours_nor_boxes() {
    let is_plain = |text: &str| text.chars().all(|sign| sign.is_ascii() && !sign.is_ascii_control());
    let labels = fallen().labels();
    assert_eq!(labels.len(), 4);
    assert!(labels.iter().all(|label| is_plain(&label.name) && is_plain(&label.text)), "{labels:?}");
}

#[test]
fn an_svg_is_well_formed_whatever_the_words_are() {
    let mut chart = fallen();
    let wild = "<script>&amp; \"quotes\" 'and' ]]> -- \u{1F680}";
    chart.title = wild.to_owned();
    chart.levels.push(leg(wild, "91", None));
    let text = svg(&chart).unwrap();
    let words = well_formed(&text);
    assert!(words.contains(wild) && !text.contains("<script"), "{text}");
}

#[test]
fn an_addition_and_an_exit_have_marks_of_their_own() {
    let mut chart = fallen();
    let of = |mark, at| Level { mark, ..leg("other", "93", Some(at)) };
    chart.levels.extend([of(Mark::Pyramid, 40), Level { buys: false, ..of(Mark::Exit, 55) }]);
    let lines = drawn(&chart, 120);
    for (sign, name) in [('▲', "▲ pyramid"), ('◆', "◆ exit")] {
        let signs = lines.iter().flat_map(|line| line.chars()).filter(|found| *found == sign).count();
        assert_eq!(signs, 2, "in the picture and in the legend: {}", lines.join("\n"));
        assert!(lines.iter().any(|line| line.contains(name)));
    }
    let text = svg(&chart).unwrap();
    assert_eq!(text.matches("<polygon class=\"fill fill-bought\"").count(), 1);
    assert_eq!(text.matches("<polygon class=\"fill fill-sold\"").count(), 1);
}

#[test]
fn an_svg_has_every_level_and_its_mark() {
    let text = svg(&fallen()).unwrap();
    assert_eq!(text.matches("class=\"fill fill-bought\"").count(), 2);
    for words in
        ["base 100.00 bought 00:00", "leg 1 96.00 bought 00:12", "leg 2 88.25 not bought", "average 98.00", "00:30"]
    {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

/// All text of a document in which every element ends where it should.
fn well_formed(text: &str) -> String {
    let (mut reader, mut words, mut depth) = (Reader::from_str(text), String::new(), 0_i32);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                assert!(start.attributes().all(|attribute| attribute.is_ok()), "{start:?}");
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            Event::Text(text) => words.push_str(&text),
            Event::GeneralRef(reference) => match &*reference {
                "lt" => words.push('<'),
                "gt" => words.push('>'),
                "amp" => words.push('&'),
                "apos" => words.push('\''),
                "quot" => words.push('"'),
                other => words.push_str(other),
            },
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    words
}
