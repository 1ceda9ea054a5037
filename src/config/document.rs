//! A TOML text as a JSON value, with the place of every key and value.

use super::problem::ConfigProblem;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A document: the value, and from JSON pointers to bytes of the text.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) value: Value,
    places: HashMap<String, Place>,
}

#[derive(Debug)]
struct Place {
    /// The key; for an item of a list its value again.
    key: Range<usize>,
    value: Range<usize>,
}

impl Document {
    /// Reads TOML.
    pub(super) fn read(text: &str) -> Result<Self, ConfigProblem> {
        // Only the first error: those behind it mostly follow from it.
        let table = DeTable::parse(text).map_err(|error| {
            let message = error.message().replace('\n', ", ");
            ConfigProblem::new(error.span().unwrap_or(0..0), message).note("here the text stops being TOML")
        })?;
        let mut places = HashMap::new();
        let whole = table.span();
        places.insert(String::new(), Place { key: whole.clone(), value: whole });
        let value = convert_table(table.get_ref(), "", &mut places);
        Ok(Document { value, places })
    }

    /// The bytes of the value that a pointer leads to; of the nearest one above it if there is none.
    pub(super) fn value_span(&self, pointer: &str) -> Range<usize> {
        self.nearest(pointer).map_or(0..0, |place| place.value.clone())
    }

    /// The bytes of its key.
    pub(super) fn key_span(&self, pointer: &str) -> Range<usize> {
        self.nearest(pointer).map_or(0..0, |place| place.key.clone())
    }

    fn nearest(&self, pointer: &str) -> Option<&Place> {
        let above = std::iter::successors(Some(pointer), |path| path.rsplit_once('/').map(|(above, _)| above));
        above.into_iter().find_map(|path| self.places.get(path))
    }
}

/// The pointer of a member.
pub(super) fn member(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

// The reader of TOML limits the depth, so that recursion is safe here.
fn convert_table(table: &DeTable<'_>, pointer: &str, places: &mut HashMap<String, Place>) -> Value {
    let mut map = Map::new();
    for (key, value) in table {
        let inner = member(pointer, key.get_ref());
        places.insert(inner.clone(), Place { key: key.span(), value: value.span() });
        map.insert(key.get_ref().to_string(), convert(value, &inner, places));
    }
    Value::Object(map)
}

fn convert(value: &Spanned<DeValue<'_>>, pointer: &str, places: &mut HashMap<String, Place>) -> Value {
    match value.get_ref() {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).unwrap_or(i64::MAX).into(),
        DeValue::Float(number) => number.as_str().parse::<f64>().unwrap_or(f64::MAX).into(),
        DeValue::Boolean(yes) => Value::from(*yes),
        // No setting takes a date; as text it fails where it must.
        DeValue::Datetime(date) => Value::from(date.to_string()),
        DeValue::Array(items) => {
            let convert_item = |(index, item): (usize, &Spanned<DeValue<'_>>)| {
                let inner = format!("{pointer}/{index}");
                places.insert(inner.clone(), Place { key: item.span(), value: item.span() });
                convert(item, &inner, places)
            };
            items.iter().enumerate().map(convert_item).collect()
        }
        DeValue::Table(table) => convert_table(table, pointer, places),
    }
}
