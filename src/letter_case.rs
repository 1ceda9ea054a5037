//! Texts of which the letter case of ASCII means nothing.

/// Set in every byte, it makes letters of both cases the same; a few other characters too.
const FOLD: u64 = u64::from_le_bytes([0x20; 8]);

/// A number that is the same for texts that are the same but for letter case. It may be the same for others.
pub fn hash(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (words, _) = bytes.as_chunks();
    // What is left behind the last whole word is taken with some of that word.
    let last = bytes.last_chunk().copied().unwrap_or_else(|| {
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        word
    });
    let add = |hash: u64, word: &[u8; 8]| {
        ((hash ^ (u64::from_le_bytes(*word) | FOLD)).rotate_left(23)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
    };
    let hash = words.iter().chain([&last]).fold(bytes.len() as u64, add);
    // Only the upper bits of a product depend on all letters: callers take the lower ones.
    hash.rotate_left(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_letter_case_makes_no_difference() {
        for (one, other) in [
            ("", ""),
            ("iam", "IAM"),
            ("s3:GetObject", "S3:getobject"),
            ("sts:AssumeRoleWithSAML", "sts:assumerolewithsaml"),
        ] {
            assert_eq!(hash(one), hash(other), "{one}");
        }
        for (one, other) in
            [("", "a"), ("iam", "ian"), ("s3:GetObject", "s3:GetObjects"), ("s3:GetObjectAcl", "s3:PutObjectAcl")]
        {
            assert_ne!(hash(one), hash(other), "{one}");
        }
    }
}
