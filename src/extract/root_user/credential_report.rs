//! The credential report: CSV, one row for each user, the root user's first.
//!
//! Columns and values: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>.

use crate::extract::{CredentialReport, Extraction, Fact};
use crate::policy::Spanned;
use crate::source::{Loc, Origin, Span};
use jiff::Timestamp;

/// The name that the report gives to the root user.
pub(super) const ROOT: &str = "<root_account>";

/// A field, without the quotes that its span includes.
#[derive(Clone, Copy)]
struct Field<'t> {
    text: &'t str,
    span: Span,
}

/// The columns that the latest header named, by their place in the row.
#[derive(Default)]
struct Columns<'t>(Vec<&'t str>);

impl Columns<'_> {
    fn field<'r, 't>(&self, row: &'r [Field<'t>], name: &str) -> Option<&'r Field<'t>> {
        row.get(self.0.iter().position(|column| *column == name)?)
    }
}

/// Reads a report: a text whose first line is a header. `place` leads from its bytes to those of the file; `generated` is the
/// time that the API gives with it.
pub(super) fn read(csv: &str, generated: Option<Timestamp>, place: &dyn Fn(Span) -> Loc, out: &mut Extraction) {
    let mut columns = Columns::default();
    let mut newest: Option<Timestamp> = None;
    let first = out.facts.len();
    let mut start = 0;
    for line in csv.split_inclusive('\n') {
        let row = fields(line.trim_end(), start);
        if row.iter().any(|field| field.text == "user") && row.iter().any(|field| field.text == "mfa_active") {
            columns = Columns(row.iter().map(|field| field.text).collect());
        } else if columns.0.is_empty() && !line.trim().is_empty() {
            // A report begins with its header; a text that does not is about reports.
            return;
        } else {
            // The next rotation lies in the future and says nothing of when the report was made.
            let past = row.iter().zip(&columns.0).filter(|(_, column)| **column != "password_next_rotation");
            newest = newest.max(past.filter_map(|(field, _)| time(field.text)).max());
            if columns.field(&row, "user").is_some_and(|user| user.text == ROOT) {
                let line = Span::new(start, start + line.trim_end().len());
                let report = root_row(&columns, &row, Origin::here(place(line)), place);
                out.facts.push(Fact::CredentialReport(Box::new(report)));
            }
        }
        start += line.len();
    }
    for fact in out.facts.iter_mut().skip(first) {
        if let Fact::CredentialReport(report) = fact {
            report.generated = generated.is_some();
            report.as_of = generated.or(newest);
        }
    }
}

fn root_row(columns: &Columns<'_>, row: &[Field<'_>], at: Origin, place: &dyn Fn(Span) -> Loc) -> CredentialReport {
    let flag = |name: &str| spanned(columns.field(row, name)?, place, flag);
    let used = |name: &str| spanned(columns.field(row, name)?, place, time);
    CredentialReport {
        row: at,
        mfa_active: flag("mfa_active"),
        password_enabled: flag("password_enabled"),
        password_last_used: used("password_last_used"),
        access_keys_active: ["access_key_1_active", "access_key_2_active"].into_iter().filter_map(flag).collect(),
        access_keys_last_used: ["access_key_1_last_used_date", "access_key_2_last_used_date"]
            .into_iter()
            .filter_map(used)
            .collect(),
        as_of: None,
        generated: false,
    }
}

fn spanned<T>(field: &Field<'_>, place: &dyn Fn(Span) -> Loc, read: fn(&str) -> Option<T>) -> Option<Spanned<T>> {
    Some(Spanned { value: read(field.text)?, origin: Origin::here(place(field.span)) })
}

/// `true` or `false`; none for `not_supported` and `N/A`.
fn flag(text: &str) -> Option<bool> {
    [("true", true), ("false", false)]
        .into_iter()
        .find(|(word, _)| text.eq_ignore_ascii_case(word))
        .map(|(_, flag)| flag)
}

/// A time in the form of ISO 8601; none for `no_information`, `not_supported` and `N/A`.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    text.starts_with(|c: char| c.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// The fields of a line that begins at byte `start`. Spreadsheets put quotes round fields; no field of a report holds one.
fn fields(line: &str, start: usize) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..) {
        let len = match rest.strip_prefix('"').and_then(|inner| inner.find('"')) {
            Some(quoted) => quoted + 2,
            None => rest.find(',').unwrap_or(rest.len()),
        };
        let text = rest.get(..len).unwrap_or("").trim_matches('"').trim();
        fields.push(Field { text, span: Span::new(start + at, start + at + len) });
        at += len;
        match line.get(at..).and_then(|rest| rest.find(',')) {
            Some(comma) => at += comma + 1,
            None => break,
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_bytes() {
        let line = r#"a,,"b, c", d "#;
        let row = fields(line, 10);
        let texts: Vec<&str> = row.iter().map(|field| field.text).collect();
        assert_eq!(texts, ["a", "", "b, c", "d"]);
        let written: Vec<&str> =
            row.iter().map(|field| &line[field.span.start as usize - 10..field.span.end as usize - 10]).collect();
        assert_eq!(written, ["a", "", "\"b, c\"", " d "]);
        assert_eq!(fields("", 0).len(), 1);
        assert_eq!(fields("\"a", 0).len(), 1, "a quote that is not closed");
    }

    #[test]
    fn what_is_not_known_is_no_value() {
        assert_eq!((flag("TRUE"), flag("false"), flag("not_supported")), (Some(true), Some(false), None));
        for text in ["no_information", "N/A", "not_supported", "2026", ""] {
            assert_eq!(time(text), None, "{text}");
        }
        assert_eq!(time("2026-11-01T06:12:30+00:00"), time("2026-11-01T06:12:30Z"));
        assert!(time("2026-11-01T06:12:30Z").is_some());
    }
}
