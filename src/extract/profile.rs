//! Profiles of the AWS CLI and the SDKs (`~/.aws/config`) that take a role.
//!
//! Source: the configuration and credential file settings of the AWS CLI user guide.

use super::{Extraction, Fact};
use crate::policy::{Arn, Spanned};
use crate::source::{Loc, Origin, SourceFile, Span};

/// What a file with such a profile contains.
pub(crate) const NEEDLES: &[&str] = &["role_arn = arn:", "role_arn=arn:"];

/// A profile that takes a role with the credentials of another.
#[derive(Clone, Debug)]
pub struct CliProfile {
    /// The name of the role, without its path.
    pub role: Box<str>,
    /// The role's ARN.
    pub role_arn: Spanned<Box<str>>,
    /// True if the profile names an MFA device (`mfa_serial`).
    pub mfa_serial: bool,
    /// True if the credentials are those of a program or of federation, which carry no MFA.
    pub without_people: bool,
}

/// Settings with which no person's long-term keys are used.
const WITHOUT_PEOPLE: [&str; 5] =
    ["credential_source", "web_identity_token_file", "credential_process", "sso_session", "sso_start_url"];

/// Finds the profiles of a file.
pub(super) fn extract(file: &SourceFile<'_>, out: &mut Extraction) {
    let text = file.text();
    if !NEEDLES.iter().any(|needle| text.contains(needle)) {
        return;
    }
    let mut section: Option<Section> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let trimmed = line.trim();
        if trimmed.starts_with('[') && trimmed.ends_with(']') {
            let ended = section.replace(Section::default());
            out.facts.extend(ended.and_then(Section::profile));
            continue;
        }
        let (Some(section), Some((key, value))) = (&mut section, line.split_once('=')) else { continue };
        match key.trim() {
            "role_arn" => {
                let from = at - value.trim_start().len();
                let span = Span::new(from, from + value.trim().len());
                section.role_arn =
                    Some(Spanned { value: value.trim().into(), origin: Origin::here(Loc { file: file.id, span }) });
            }
            "mfa_serial" => section.mfa_serial = true,
            key => section.without_people |= WITHOUT_PEOPLE.contains(&key),
        }
    }
    out.facts.extend(section.and_then(Section::profile));
}

/// What the lines below a header say.
#[derive(Default)]
struct Section {
    role_arn: Option<Spanned<Box<str>>>,
    mfa_serial: bool,
    without_people: bool,
}

impl Section {
    /// The profile, if it takes a role.
    fn profile(self) -> Option<Fact> {
        let role_arn = self.role_arn?;
        let arn = Arn::parse(&role_arn.value).filter(|arn| arn.service == "iam")?;
        let role = arn.resource.strip_prefix("role/")?.rsplit('/').next()?.into();
        let Section { mfa_serial, without_people, .. } = self;
        Some(Fact::CliProfile(CliProfile { role, role_arn, mfa_serial, without_people }))
    }
}
