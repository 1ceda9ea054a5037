//! What another program fills into a file before it is read.

/// Names, with what stands for them.
pub type Fills = Vec<(Box<str>, Fill)>;

/// What stands in a template for a name in braces.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fill {
    /// A text.
    Text(Box<str>),
    /// A list of texts, which the template has to encode: `${jsonencode(name)}`.
    List(Box<[Box<str>]>),
    /// These texts as JSON, where `${name}` stands for a whole value.
    Json(Box<[Box<str>]>),
}
