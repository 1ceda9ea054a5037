//! Whether to colour.

use super::args::Color;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};

/// True if what goes to `stream` is to be coloured: what the user says, else what the environment and the stream say.
pub(super) fn wanted<S: RawStream>(color: Color, stream: &S) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => AutoStream::choice(stream) != ColorChoice::Never,
    }
}
