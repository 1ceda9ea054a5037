//! Any bytes as a file of each kind, through the whole program: nothing panics.

#![no_main]

use libfuzzer_sys::fuzz_target;
use whit::engine::{Unit, join, lint};
use whit::settings::Settings;
use whit::source::{Overlay, RelPath};

fuzz_target!(|bytes: &[u8]| {
    let settings = Settings { pedantic: true, scan: false, ..Settings::default() };
    for name in ["a.json", "a.yaml", "a.tf", "a.sh", "a.md", "a.csv"] {
        let mut sources = Overlay::default();
        sources.insert(RelPath::new(name), bytes);
        join([lint(&Unit::single(RelPath::new(name)), &sources, &settings)]);
    }
});
