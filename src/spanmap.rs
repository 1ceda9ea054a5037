//! The way back from decoded text to the bytes of the file, for policies that stand inside strings.

use crate::source::Span;

/// Bytes of decoded text and the bytes of the file that they were written as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// First byte of the decoded text.
    pub decoded: u32,
    /// Bytes of decoded text.
    pub decoded_len: u32,
    /// First byte in the file.
    pub file: u32,
    /// Bytes in the file. Where it differs from `decoded_len` the segment is an escape and cannot be cut.
    pub file_len: u32,
}

impl Segment {
    fn is_verbatim(self) -> bool {
        self.decoded_len == self.file_len
    }
}

/// How a decoded text lies in its file: segments in the order of the decoded text, without gaps there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SpanMap {
    segments: Vec<Segment>,
}

impl SpanMap {
    /// Appends the next piece of decoded text, written at `file`. Neighbouring verbatim pieces become one.
    pub fn push(&mut self, decoded_len: usize, file: Span) {
        let decoded = self.segments.last().map_or(0, |last| last.decoded + last.decoded_len);
        let next = Segment { decoded, decoded_len: decoded_len as u32, file: file.start, file_len: file.len() as u32 };
        match self.segments.last_mut() {
            Some(last) if last.is_verbatim() && next.is_verbatim() && last.file + last.file_len == next.file => {
                last.decoded_len += next.decoded_len;
                last.file_len += next.file_len;
            }
            _ => self.segments.push(next),
        }
    }

    /// The bytes of the file in which a span of decoded text is written. Ends inside an escape are widened to all of it.
    pub fn to_file(&self, span: Span) -> Span {
        let start = self.point(span.start, false);
        let end = if span.is_empty() { start } else { self.point(span.end, true) };
        Span { start, end: end.max(start) }
    }

    /// The map of a text decoded from this map's decoded text: `inner` maps into that, the result into the file.
    #[must_use]
    pub fn compose(&self, inner: &SpanMap) -> SpanMap {
        let mut composed = SpanMap::default();
        for segment in &inner.segments {
            let between = Span { start: segment.file, end: segment.file + segment.file_len };
            if segment.is_verbatim() {
                // Cut where the outer text changes its encoding, so that verbatim stays verbatim.
                for piece in self.pieces(between) {
                    composed.push(piece.0, piece.1);
                }
            } else {
                composed.push(segment.decoded_len as usize, self.to_file(between));
            }
        }
        composed
    }

    fn pieces(&self, span: Span) -> impl Iterator<Item = (usize, Span)> {
        let first = self.segments.partition_point(|segment| segment.decoded + segment.decoded_len <= span.start);
        self.segments[first..].iter().take_while(move |segment| segment.decoded < span.end).map(move |segment| {
            let start = segment.decoded.max(span.start);
            let end = (segment.decoded + segment.decoded_len).min(span.end);
            let file = if segment.is_verbatim() {
                let shift = segment.file;
                Span { start: shift + (start - segment.decoded), end: shift + (end - segment.decoded) }
            } else {
                Span { start: segment.file, end: segment.file + segment.file_len }
            };
            ((end - start) as usize, file)
        })
    }

    /// The byte of the file for an offset of decoded text. As an end, an offset belongs to what stands before it.
    fn point(&self, offset: u32, as_end: bool) -> u32 {
        let index = self.segments.partition_point(|segment| {
            if as_end {
                segment.decoded + segment.decoded_len < offset
            } else {
                segment.decoded + segment.decoded_len <= offset
            }
        });
        match self.segments.get(index).or(self.segments.last()) {
            None => 0,
            Some(segment) if index == self.segments.len() => segment.file + segment.file_len,
            Some(segment) if segment.is_verbatim() => segment.file + (offset - segment.decoded),
            Some(segment) if as_end => segment.file + segment.file_len,
            Some(segment) => segment.file,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// `a\u002ab` written at byte 10: decoded `a*b`.
    fn escaped_star() -> SpanMap {
        let mut map = SpanMap::default();
        map.push(1, span(10, 11));
        map.push(1, span(11, 17));
        map.push(1, span(17, 18));
        map
    }

    #[test]
    fn escapes_are_whole() {
        let map = escaped_star();
        assert_eq!(map.to_file(span(0, 3)), span(10, 18));
        assert_eq!(map.to_file(span(1, 2)), span(11, 17));
        assert_eq!(map.to_file(span(0, 1)), span(10, 11));
        assert_eq!(map.to_file(span(2, 3)), span(17, 18));
        assert_eq!(map.to_file(span(3, 3)), span(18, 18));
    }

    #[test]
    fn maps_compose() {
        // The decoded text `a*b` is itself decoded: `*` alone stays, shifted by one.
        let mut inner = SpanMap::default();
        inner.push(2, span(1, 3));
        let map = escaped_star().compose(&inner);
        assert_eq!(map.to_file(span(0, 1)), span(11, 17));
        assert_eq!(map.to_file(span(1, 2)), span(17, 18));
    }

    #[test]
    fn verbatim_neighbours_are_one_segment() {
        let mut map = SpanMap::default();
        map.push(2, span(4, 6));
        map.push(3, span(6, 9));
        assert_eq!(map.segments.len(), 1);
    }
}
