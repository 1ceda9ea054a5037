//! Where something is.

use super::{Message, uri};
use crate::finding::Mark;
use crate::source::RelPath;
use crate::source::lines;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
}

impl<'a> Location<'a> {
    /// The main place, with its text in the file, where that is at hand.
    pub(super) fn primary(path: &RelPath, mark: &'a Mark, marked: Option<&'a str>, logical_path: &'a str) -> Self {
        let logical = LogicalLocation { fully_qualified_name: logical_path };
        let mut location = Location::at(path, mark);
        location.logical_locations = (!logical_path.is_empty()).then_some([logical]);
        if let Some(region) = &mut location.physical_location.region {
            region.snippet = marked.map(|text| Snippet { text });
        }
        location
    }

    /// The place of further evidence, numbered from 1.
    pub(super) fn related(id: usize, path: &RelPath, mark: &'a Mark) -> Self {
        let message = (!mark.text.is_empty()).then(|| Message::of(&mark.text));
        Location { id: Some(id), message, ..Location::at(path, mark) }
    }

    fn at(path: &RelPath, mark: &Mark) -> Self {
        let region = Some(Region::new(&mark.region));
        let physical_location = PhysicalLocation { artifact_location: ArtifactLocation::new(path), region };
        Location { id: None, physical_location, logical_locations: None, message: None }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation<'a> {
    pub(super) artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<Region<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

impl ArtifactLocation {
    pub(super) fn new(path: &RelPath) -> Self {
        // What lies outside the root has its full path.
        let relative = !path.as_str().starts_with('/');
        ArtifactLocation { uri: uri::of_path(path.as_str()), uri_base_id: relative.then_some("%SRCROOT%") }
    }
}

/// Lines and columns from 1, columns in UTF-16 units; bytes of the file on disk.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region<'a> {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    byte_offset: u64,
    byte_length: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Snippet<'a>>,
}

impl Region<'_> {
    pub(super) fn new(region: &lines::Region) -> Self {
        Region {
            start_line: region.start.line,
            start_column: region.start.utf16,
            end_line: region.end.line,
            end_column: region.end.utf16,
            byte_offset: region.byte,
            byte_length: region.byte_len,
            snippet: None,
        }
    }
}

#[derive(Serialize)]
struct Snippet<'a> {
    text: &'a str,
}

/// The place in the document: `Resources/Role/Properties/AssumeRolePolicyDocument`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    fully_qualified_name: &'a str,
}
