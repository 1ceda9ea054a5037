//! Paths as addresses.

use std::fmt::Write as _;

/// A path with `/` between its parts as an address, relative if the path is: everything but the unreserved characters of
/// RFC 3986 and `/` is percent-encoded, so that nothing is read as a scheme, a query or a fragment.
pub(crate) fn of_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            // Writing to a string does not fail.
            byte => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::of_path;

    #[test]
    fn what_an_address_means_otherwise_is_encoded() {
        assert_eq!(of_path("infra/a-b_c~1.json"), "infra/a-b_c~1.json");
        assert_eq!(of_path("c:d e/100%/#1?.json"), "c%3Ad%20e/100%25/%231%3F.json");
        assert_eq!(of_path("é😀\n.json"), "%C3%A9%F0%9F%98%80%0A.json");
        assert_eq!(of_path("/dev/fd/63"), "file:///dev/fd/63");
    }
}
