use super::*;
use crate::source::{FileId, RelPath};
use std::borrow::Cow;

fn file(text: &str) -> SourceFile<'_> {
    SourceFile::new(FileId(0), RelPath::new("f.json"), Cow::Borrowed(text.as_bytes()))
}

/// The blocks as `line number|text`, and the marked texts.
fn cut(text: &str, marks: &[&str]) -> (Vec<String>, Vec<String>) {
    let spans: Vec<Span> = marks
        .iter()
        .map(|mark| {
            let start = text.find(mark).unwrap_or(text.len());
            Span::new(start, start + mark.len())
        })
        .collect();
    shown(&Excerpt::cut(&file(text), &spans))
}

fn shown(excerpt: &Excerpt) -> (Vec<String>, Vec<String>) {
    let part = |range: &Range<u32>| &excerpt.text()[range.start as usize..range.end as usize];
    let lines = excerpt.blocks().iter().flat_map(|block| {
        assert_eq!(part(&block.range).matches('\n').count(), block.count as usize);
        part(&block.range).lines().enumerate().map(|(index, line)| format!("{}|{line}", block.line as usize + index))
    });
    (lines.collect(), excerpt.marks().iter().flatten().map(|range| part(range).to_owned()).collect())
}

#[test]
fn a_line_is_shown_with_its_neighbours() {
    let text = "one\ntwo\nthree\nfour\nfive\n";
    assert_eq!(cut(text, &["hre"]), (vec!["2|two".into(), "3|three".into(), "4|four".into()], vec!["hre".into()]));
    assert_eq!(cut(text, &["on"]).0, ["1|one", "2|two"]);
    assert_eq!(cut("one", &["one"]).0, ["1|one"]);
    assert_eq!(cut("", &[""]), (vec!["1|".into()], vec![String::new()]));
}

#[test]
fn near_marks_share_a_block_and_far_ones_do_not() {
    let text = "1a\n2b\n3c\n4d\n5e\n6f\n7g\n8h\n9i\n";
    assert_eq!(cut(text, &["5", "2"]).0, ["1|1a", "2|2b", "3|3c", "4|4d", "5|5e", "6|6f"], "one line between is shown");
    let excerpt = Excerpt::cut(&file(text), &[Span::new(18, 19), Span::new(3, 4)]);
    assert_eq!(excerpt.blocks().iter().map(|block| block.line).collect::<Vec<_>>(), [1, 6]);
    assert_eq!(shown(&excerpt).1, ["7", "2"], "marks keep the order in which they came");
}

#[test]
fn a_long_mark_is_cut_off_after_five_lines() {
    let text = "0\n{\n1\n2\n3\n4\n5\n}\n6\n";
    let (lines, marks) = cut(text, &["{\n1\n2\n3\n4\n5\n}"]);
    assert_eq!(lines, ["1|0", "2|{", "3|1", "4|2", "5|3…"]);
    assert_eq!(marks, ["{\n1\n2\n3"]);
    let (lines, _) = cut(text, &["{\n1\n2\n3\n4\n5\n}", "3", "5"]);
    assert_eq!(
        lines,
        ["1|0", "2|{", "3|1", "4|2", "5|3…", "6|4", "7|5", "8|}"],
        "a mark in it beyond the cut has a block"
    );
}

#[test]
fn marks_over_each_other_on_one_line_are_shown_one_by_one() {
    let text = "a\n{\"AWS\": \"*\"}\nb\n";
    assert_eq!(cut(text, &["{\"AWS\": \"*\"}", "\"*\""]).0, ["1|a", "2|{\"AWS\": \"*\"}", "3|b", "2|{\"AWS\": \"*\"}"]);
    assert_eq!(cut(text, &["\"AWS\"", "\"*\""]).0.len(), 3, "side by side they share the line");
}

#[test]
fn what_a_terminal_would_obey_is_shown_instead() {
    let text = "\u{1b}[31m\t\"\u{202e}x\u{7f}\u{85}\"\r\nb\tc\u{200b}";
    let (lines, marks) = cut(text, &["\u{202e}x\u{7f}"]);
    assert_eq!(lines, ["1|␛[31m   \"\u{fffd}x␡\u{fffd}\"", "2|b   c\u{fffd}"]);
    assert_eq!(marks, ["\u{fffd}x␡"]);
}

#[test]
fn a_long_line_is_clipped_round_the_mark() {
    let text = format!("{{\"a\":\"{}\",\"Action\":\"*\",\"b\":\"{}\"}}", "é".repeat(5000), "y".repeat(5000));
    let (lines, marks) = cut(&text, &["\"*\""]);
    let line = lines[0].strip_prefix("1|").unwrap_or_default();
    assert!(line.starts_with("…é") && line.contains("\"Action\":\"*\"") && line.ends_with("y…"), "{line}");
    assert_eq!((lines.len(), line.chars().count(), &*marks[0]), (1, 122, "\"*\""));
    let (lines, marks) = cut(&text, &["\"*\"", "{\"a\"", "\"b\""]);
    assert_eq!((lines.len(), &marks[..]), (2, &["\"*\"".to_owned(), "{\"a\"".into(), "\"b\"".into()][..]), "{lines:?}");
    let (lines, marks) = cut(&text, &[&"y".repeat(5000)]);
    assert_eq!(
        (lines[0].chars().count() - 2, marks[0].len()),
        (122, 120),
        "a mark longer than a line is shown ends there"
    );
}

#[test]
fn a_label_at_column_three_million_costs_no_more_than_one_at_the_beginning() {
    let text = format!("[{}\"*\",{}]", "\"x\",".repeat(750_000), "1,".repeat(1_000_000));
    let file = file(&text);
    let at = 3_000_001;
    file.lines();
    let since = std::time::Instant::now();
    for _ in 0..1000 {
        let excerpt = Excerpt::cut(&file, &[Span::new(at, at + 3)]);
        assert_eq!((excerpt.marked(), excerpt.text().chars().count()), (Some("\"*\""), 123));
    }
    // Walking the line each time would take 3 seconds at the least.
    assert!(since.elapsed().as_millis() < 1000, "{:?}", since.elapsed());
}

#[test]
fn many_marks_and_long_ones_do_not_make_an_excerpt_large() {
    let text = "\"x\"\n\n\n\n".repeat(2000);
    let marks: Vec<Span> = (0..2000).map(|index| Span::new(index * 7, index * 7 + 3)).collect();
    let excerpt = Excerpt::cut(&file(&text), &marks);
    assert_eq!((excerpt.marks().len(), excerpt.marks().iter().flatten().count()), (2000, 16));
    assert_eq!(Excerpt::cut(&file(&text), &[Span::new(0, 5000)]).marked(), None);
}
