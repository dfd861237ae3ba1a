//! The sentences of a page in Markdown.

/// A sentence, a heading, or a sentence of a table's cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sentence {
    /// As it is read: without marks, addresses and code.
    pub(super) text: String,
    /// The line that its paragraph begins in, from 1.
    pub(super) line: usize,
}

impl Sentence {
    pub(super) fn words(&self) -> usize {
        self.text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
    }
}

/// In their order. What stands in fences is no prose.
pub(super) fn sentences(page: &str) -> Vec<Sentence> {
    let (mut found, mut paragraph, mut fenced) = (Vec::new(), Paragraph::default(), false);
    for (number, line) in (1..).zip(page.lines()) {
        let line = line.trim().trim_start_matches(['>', ' ']);
        if line.starts_with("```") {
            fenced = !fenced;
            paragraph.end(&mut found);
        } else if fenced {
            continue;
        } else if line.starts_with('|') {
            paragraph.end(&mut found);
            let cells = line.split('|').filter(|cell| cell.contains(char::is_alphanumeric));
            cells.for_each(|cell| split(cell, number, &mut found));
        } else {
            if line.is_empty() || starts_a_block(line) {
                paragraph.end(&mut found);
            }
            paragraph.add(line, number);
        }
    }
    paragraph.end(&mut found);
    found
}

/// Each line for itself, in fences too, without words of the API: of pages that are made of the help.
pub(super) fn lines(page: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    let read = |line: &str| {
        let words = line.split("[possible values").next().unwrap_or_default().split_whitespace();
        words.filter(|word| !word.contains('_')).collect::<Vec<_>>().join(" ")
    };
    (1..).zip(page.lines()).for_each(|(number, line)| split(&read(line), number, &mut found));
    found
}

/// A heading, an item of a list, a comment.
fn starts_a_block(line: &str) -> bool {
    let numbered = line.split_once(". ").is_some_and(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()));
    ["#", "- ", "* ", "<!--", "!["].iter().any(|mark| line.starts_with(mark)) || numbered
}

#[derive(Debug, Default)]
struct Paragraph {
    text: String,
    line: usize,
}

impl Paragraph {
    fn add(&mut self, line: &str, number: usize) {
        if line.is_empty() || line.starts_with("<!--") {
            return;
        }
        if self.text.is_empty() {
            self.line = number;
        }
        self.text.push_str(line.trim_start_matches(['#', '-', '*', ' ']));
        self.text.push(' ');
    }

    fn end(&mut self, found: &mut Vec<Sentence>) {
        let ended = std::mem::take(self);
        split(&ended.text, ended.line, found);
    }
}

/// At each full stop, question or exclamation mark that a space follows.
fn split(text: &str, line: usize, found: &mut Vec<Sentence>) {
    let read = without_marks(text);
    let ends = [". ", "? ", "! "];
    let mut rest = read.trim();
    while !rest.is_empty() {
        let end = ends.iter().filter_map(|end| rest.find(end)).min().map_or(rest.len(), |at| at.saturating_add(1));
        let (sentence, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        if sentence.contains(char::is_alphanumeric) {
            found.push(Sentence { text: sentence.trim().to_owned(), line });
        }
        rest = after.trim();
    }
}

/// A link is its text; code is no word, and a picture nothing.
fn without_marks(text: &str) -> String {
    let (mut read, mut code) = (String::new(), false);
    for part in text.split('`') {
        read.push_str(if code { "…" } else { part });
        code = !code;
    }
    let mut plain = String::new();
    let mut rest = read.as_str();
    while let Some((before, link)) = rest.split_once("](") {
        plain.push_str(before);
        rest = link.split_once(')').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain.replace(['*', '[', ']', '"'], "").replace("e.g.", "for example")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> Vec<(String, usize)> {
        sentences(page).into_iter().map(|sentence| (sentence.text, sentence.line)).collect()
    }

    #[test]
    fn paragraphs_lists_headings_and_cells_are_read_and_code_is_not() {
        let page = "# A title\n\nOne sentence\nof two lines. Another [link](a.md#whoever)!\n- an item\n- `whoever` **is** it\n\n```\nwhoever\n```\n| a cell | two. Three |\n|---|---|\n> A quote";
        let expected = [
            ("A title", 1),
            ("One sentence of two lines.", 3),
            ("Another link!", 3),
            ("an item", 5),
            ("… is it", 6),
            ("a cell", 11),
            ("two.", 11),
            ("Three", 11),
            ("A quote", 13),
        ];
        assert_eq!(read(page), expected.map(|(text, line)| (text.to_owned(), line)));
    }

    #[test]
    fn words_are_counted_without_marks() {
        let one = &sentences("A **bold** word – and `some code` at 5 %.")[0];
        assert_eq!(one.words(), 6);
    }
}
