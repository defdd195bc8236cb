//! Importers of a host, as tests want them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use packwright::importer::{
    Claim, ImportError, Imported, ImportedPart, Importer, ImporterSet, Metadata, PartBytes, Setting, SettingKind,
    Settings, Source,
};

/// An importer that takes files with its name as their extension or their first folder, and counts its calls.
pub(crate) struct Stub {
    name: &'static str,
    version: u32,
    keeps: bool,
    calls: Arc<AtomicUsize>,
    import: Box<Import>,
}

/// What an importer does; the number says how often it was called before.
type Import = dyn Fn(&Source<'_>, &Settings, usize) -> Result<Imported, ImportError> + Send + Sync;

/// How often an importer was called.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<AtomicUsize>);

impl Calls {
    /// Calls since the last time this was asked.
    pub(crate) fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

const SETTINGS: &[Setting] = &[
    Setting { name: "case", summary: "which case", kind: SettingKind::Choice(&["upper", "lower"]) },
    Setting { name: "tail", summary: "a longer result", kind: SettingKind::Switch { default: false } },
];

impl Stub {
    pub(crate) fn new(
        name: &'static str,
        import: impl Fn(&Source<'_>, &Settings, usize) -> Result<Imported, ImportError> + Send + Sync + 'static,
    ) -> (Self, Calls) {
        let calls = Calls::default();
        (Self { name, version: 1, keeps: false, calls: calls.0.clone(), import: Box::new(import) }, calls)
    }

    pub(crate) fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// Promises to keep the bytes, whether it does or not.
    pub(crate) fn keeping(mut self) -> Self {
        self.keeps = true;
        self
    }
}

impl Importer for Stub {
    fn name(&self) -> &'static str {
        self.name
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn settings(&self) -> &'static [Setting] {
        SETTINGS
    }

    fn keeps(&self, _: &Settings) -> bool {
        self.keeps
    }

    fn claims(&self, claim: Claim, source: &Source<'_>) -> bool {
        let in_folder = source.path().strip_prefix(self.name).is_some_and(|rest| rest.starts_with('/'));
        claim == Claim::Extension && (in_folder || source.extension().as_deref() == Some(self.name))
    }

    fn import(&self, source: &Source<'_>, settings: &Settings) -> Result<Imported, ImportError> {
        (self.import)(source, settings, self.calls.fetch_add(1, Ordering::SeqCst))
    }
}

/// The standard importers and these.
pub(crate) fn with(stubs: impl IntoIterator<Item = Stub>) -> ImporterSet {
    let mut set = packwright_importers::standard();
    for stub in stubs {
        set.add(Arc::new(stub)).expect("a name of its own");
    }
    set
}

/// One part: the source in another case, as the settings say; refused where it says so.
pub(crate) fn shout(source: &Source<'_>, settings: &Settings, _: usize) -> Result<Imported, ImportError> {
    let bytes = source.whole()?.into_owned();
    if bytes.starts_with(b"refuse") {
        return Err(ImportError::undecodable("it says so"));
    }
    if bytes.starts_with(b"panic") {
        panic!("it says so");
    }
    let made = if settings.word("case") == "upper" { bytes.to_ascii_uppercase() } else { bytes.to_ascii_lowercase() };
    Ok(Imported::made("shout", Metadata::new(), made))
}

/// One part a line, named by its number; the line `twice` makes two of one name.
pub(crate) fn lines(source: &Source<'_>, _: &Settings, _: usize) -> Result<Imported, ImportError> {
    let text = source.whole()?;
    let part = |(index, line): (usize, &[u8])| {
        let index = if line == b"twice" { 0 } else { index };
        ImportedPart {
            name: Some(format!("{index}")),
            format: "line".to_owned(),
            metadata: Metadata::new(),
            bytes: PartBytes::Made(line.to_vec()),
        }
    };
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    Ok(Imported { parts: lines.enumerate().map(part).collect() })
}
