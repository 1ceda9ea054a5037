//! Names that hold no `/`: `arn:aws:s3:::bucket/*` is objects, and no bucket.

use crate::catalog::{ArnFormat, Field};
use crate::policy::{Arn, globs_meet};

/// Service and variable of formats whose names hold no `/`, so that what follows one is another resource. Kept by hand, of formats
/// that would else take in those of inner resources, where the naming rules of the service leave no doubt. All other variables may
/// hold any text: keys of objects, names of roles with their paths, parameters, secrets, log groups, repositories.
///
/// Sources: Bucket naming rules, and naming rules for access points (Amazon S3 user guide); Naming rules and data types (DynamoDB
/// developer guide); CreateWorkGroup (Athena API reference); Table bucket naming rules (Amazon S3 user guide); CreateDatabase
/// (Timestream API reference).
const WITHOUT_SLASH: [(&str, &str); 8] = [
    ("athena", "WorkGroupName"),
    ("dynamodb", "TableName"),
    ("s3", "AccessPointAlias"),
    ("s3", "AccessPointName"),
    ("s3", "BucketName"),
    ("s3tables", "TableBucketName"),
    ("s3vectors", "BucketName"),
    ("timestream", "DatabaseName"),
];

/// What stands for a name without `/` in a format.
const SEGMENT: u8 = 0;

/// True if the resource part of an ARN, `*` for its variables, can be that of a format.
pub(super) fn meets(part: &str, arn: &Arn<'_>, format: &ArnFormat) -> bool {
    // What stands in a field too many makes it another thing, and which is not known: an access point is a bucket to some actions.
    let strange = |written: &str, field: Field| field == Field::Empty && !written.bytes().all(|byte| byte == b'*');
    globs_meet(part, format.resource())
        && (!part.contains('/')
            || strange(arn.region, format.region())
            || strange(arn.account, format.account())
            || segments(format).is_none_or(|segments| meet(part.as_bytes(), &segments)))
}

/// The resource part of a format with [`SEGMENT`] for the names without `/`, if it has any.
fn segments(format: &ArnFormat) -> Option<Vec<u8>> {
    let service = format.service();
    WITHOUT_SLASH.iter().find(|(known, _)| *known == service)?;
    let mut rest = format.text().splitn(6, ':').nth(5)?;
    let (mut out, mut found) = (Vec::new(), false);
    while let Some((before, (name, behind))) =
        rest.split_once("${").and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
    {
        let bare = WITHOUT_SLASH.contains(&(service, name));
        found |= bare;
        out.extend_from_slice(before.as_bytes());
        out.push(if bare { SEGMENT } else { b'*' });
        rest = behind;
    }
    out.extend_from_slice(rest.as_bytes());
    found.then_some(out)
}

/// True if some text matches a pattern and a format, in which [`SEGMENT`] is any text without `/`.
fn meet(pattern: &[u8], format: &[u8]) -> bool {
    // Row by row, as in `globs_meet`: which ends of the format can be reached when this much of the pattern has been matched.
    let mut row = vec![true];
    for byte in format {
        row.push(row.last() == Some(&true) && matches!(*byte, b'*' | SEGMENT));
    }
    let mut next = row.clone();
    for byte in pattern {
        next[0] = row[0] && *byte == b'*';
        for (at, theirs) in format.iter().enumerate() {
            next[at + 1] = match (*byte, *theirs) {
                (b'*', _) | (_, b'*') => row[at + 1] || next[at],
                (b'/', SEGMENT) => next[at],
                (_, SEGMENT) => row[at + 1] || next[at],
                (byte, theirs) => row[at] && (byte == theirs || byte == b'?'),
            };
        }
        std::mem::swap(&mut row, &mut next);
    }
    row.last() == Some(&true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use crate::policy::glob_matches;
    use proptest::prelude::*;

    #[test]
    fn every_name_stands_in_a_format() {
        for (service, name) in WITHOUT_SLASH {
            let wanted = format!("${{{name}}}");
            assert!(catalog::arn_formats(service).any(|format| format.text().contains(&wanted)), "{service} {name}");
        }
    }

    fn is_of(format: &[u8], text: &[u8]) -> bool {
        match format {
            [] => text.is_empty(),
            [first @ (b'*' | SEGMENT), rest @ ..] => {
                let end = text.iter().position(|byte| *first == SEGMENT && *byte == b'/').unwrap_or(text.len());
                (0..=end).any(|taken| is_of(rest, &text[taken..]))
            }
            [first, rest @ ..] => text.first() == Some(first) && is_of(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn as_trying_all_short_texts_says(pattern in "[a/*?]{0,4}", format in "[a/*\\x00]{0,4}") {
            let mut texts = vec![String::new()];
            for length in 0..8 {
                let longer: Vec<String> = texts.iter().filter(|text| text.len() == length)
                    .flat_map(|text| ["a", "/"].map(|letter| format!("{text}{letter}"))).collect();
                texts.extend(longer);
            }
            let found = texts.iter().any(|text| glob_matches(&pattern, text) && is_of(format.as_bytes(), text.as_bytes()));
            prop_assert_eq!(meet(pattern.as_bytes(), format.as_bytes()), found, "{} {:?}", pattern, format);
        }
    }
}
