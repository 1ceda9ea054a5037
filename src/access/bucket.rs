//! Buckets and the objects in them, by their ARNs.

use super::Truth;
use crate::policy::{ResourcePattern, Value, render_with};

/// Whether a resource is a bucket itself, and not only objects in one.
pub fn names_bucket(resource: &Value<ResourcePattern>) -> Truth {
    match resource {
        Value::Known(pattern) => is_bucket(pattern.as_str()).into(),
        // Whatever stands in the holes, what follows a slash is an object.
        Value::Partly(pieces) => {
            let text = render_with(pieces, |_| "x".to_owned());
            if text.starts_with("arn:") { is_bucket(&text).into() } else { Truth::Maybe.and(is_bucket(&text).into()) }
        }
        Value::Either(arms) => arms.iter().map(names_bucket).fold(Truth::No, Truth::or).and(Truth::Maybe),
        Value::Unknown(_) => Truth::Maybe,
    }
}

fn is_bucket(text: &str) -> bool {
    !text.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Piece;

    #[test]
    fn objects_are_no_buckets() {
        for (text, expected) in [
            ("*", Truth::Yes),
            ("arn:aws:s3:::*", Truth::Yes),
            ("arn:aws:s3:::logs", Truth::Yes),
            ("arn:aws:s3:::logs/*", Truth::No),
            ("arn:aws:s3:::logs/AWSLogs/*", Truth::No),
        ] {
            assert_eq!(names_bucket(&Value::Known(ResourcePattern::new(text))), expected, "{text}");
        }
        let hole = || Piece::Hole("bucket_arn".into());
        let partly = |pieces: Vec<Piece>| names_bucket(&Value::Partly(pieces.into()));
        assert_eq!(partly(vec![hole(), Piece::Lit("/*".into())]), Truth::No);
        assert_eq!(partly(vec![Piece::Lit("arn:aws:s3:::".into()), hole()]), Truth::Yes);
        assert_eq!(partly(vec![hole(), Piece::Lit("-logs".into())]), Truth::Maybe);
        assert_eq!(names_bucket(&Value::Unknown("bucket_arn".into())), Truth::Maybe);
    }
}
