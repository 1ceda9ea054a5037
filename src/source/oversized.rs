//! What a file that is too large to be read looks to hold.

use super::RelPath;
use memchr::memmem;
use std::io::Read;

/// What is in every policy that somebody wrote out.
const MARKS: [&[u8]; 3] = [b"Statement", b"Effect", b"Action"];

/// Names under which policies are read in a walk, and large files of anything else are not: nobody writes a script or a text of that
/// size by hand, and archives and films are no policies.
const NAMES: [&str; 9] = ["json", "jsonc", "template", "tfstate", "yaml", "yml", "tf", "tofu", "hcl"];

/// So much is looked at at once.
const PIECE: usize = 1 << 20;

/// True for a file that a walk would read if it were smaller, and that looks to hold a policy: then it is not all right that nobody
/// checked it. Else a policy with enough white space behind it would pass every gate.
pub(super) fn looks_like_policy(path: &RelPath, stream: impl Read) -> bool {
    NAMES.iter().any(|name| path.extension().eq_ignore_ascii_case(name)) && holds_marks(stream)
}

/// True if all marks are in a stream, as far as it can be read.
fn holds_marks(mut stream: impl Read) -> bool {
    let longest = MARKS.iter().map(|mark| mark.len()).max().unwrap_or(0);
    let mut missing = MARKS.to_vec();
    let mut piece = Vec::with_capacity(PIECE + longest);
    while !missing.is_empty() {
        match stream.by_ref().take(PIECE as u64).read_to_end(&mut piece) {
            Ok(read) if read > 0 => {}
            _ => return false,
        }
        missing.retain(|mark| memmem::find(&piece, mark).is_none());
        // A mark may go on in the next piece.
        piece.drain(..piece.len().saturating_sub(longest));
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_wherever_they_stand() {
        let spread = |at: usize| {
            let mut text = vec![b' '; at];
            text.extend(b"Statement Effect Action");
            text
        };
        for at in [0, PIECE - 3, PIECE, 2 * PIECE - 12] {
            assert!(holds_marks(&spread(at)[..]), "{at}");
        }
        assert!(!holds_marks(&b"Statement Effect"[..]));
        assert!(!holds_marks(&b""[..]));
    }
}
