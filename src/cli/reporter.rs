//! The report of a run; stands in until `report` has its formats.

use super::args::CheckOptions;
use crate::discover::Place;
use crate::engine::Run;
use crate::report::Reporter;
use std::io::{self, Write};
use std::time::Instant;

struct Plain;
impl Reporter for Plain {
    fn needs_excerpts(&self) -> bool {
        false
    }
    fn write(&self, run: &Run, out: &mut dyn Write) -> io::Result<()> {
        for f in &run.findings {
            let r = f.primary.region.start;
            writeln!(out, "{}:{}:{}: {}: {} [{}]", f.path, r.line, r.byte, f.severity, f.message, f.rule)?;
        }
        Ok(())
    }
}
pub(super) fn reporter(_: &CheckOptions, _: &Place) -> Box<dyn Reporter> {
    Box::new(Plain)
}
pub(super) fn summary(run: &Run, since: Instant, err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "{} findings in {} files {:?}", run.findings.len(), run.files, since.elapsed())
}
