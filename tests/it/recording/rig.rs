//! A facade that is recorded.

use std::path::Path;
use std::sync::Arc;

use figleaf::cli::{Databases, FileSource};
use figleaf::fixture::{
    Player, RecordCounts, RecordWhat, Recordable, Recorder, ReplayHow, Store, gather,
};
use figleaf::reload::{self, Loaded, Types};
use figleaf::server::Hooks;
use tempfile::TempDir;

use crate::rig::{Facade, Variables, mapping_folder, project};

/// A facade and what records it.
pub struct Recorded {
    pub facade: Facade,
    pub recorder: Arc<Recorder>,
    pub folder: TempDir,
}

fn load(mappings: &Path, url: &str) -> Loaded {
    let types = Types::Serving(&Databases);
    reload::load(mappings, &Variables::shop(url), &FileSource, &|_| Vec::new(), types)
}

impl Recorded {
    /// The project's own mappings before a shop, into an empty folder.
    pub fn start(url: &str, what: RecordWhat) -> Self {
        Self::into(TempDir::new().unwrap(), url, what)
    }

    /// The same into a folder that has fixtures.
    pub fn into(folder: TempDir, url: &str, what: RecordWhat) -> Self {
        Self::loaded(load(&project("mappings"), url), folder, what)
    }

    /// A mapping given as text.
    pub fn of(mapping: &str, url: &str, what: RecordWhat) -> Self {
        let contract = project("wsdl/shop/OrderService.wsdl").display().to_string();
        let mapping = mapping.replace("../wsdl/shop/OrderService.wsdl", &contract);
        let mappings = mapping_folder(&[("test.yaml", &mapping)]);
        Self::loaded(load(mappings.path(), url), TempDir::new().unwrap(), what)
    }

    /// A configuration that has been loaded.
    pub fn loaded(loaded: Loaded, folder: TempDir, what: RecordWhat) -> Self {
        let plan = loaded.plan.unwrap();
        let store = Store::new(folder.path());
        let (collection, problems) = gather(&store, &plan, &loaded.ports);
        assert_eq!(problems, []);
        let digest = |(name, port): (&String, &figleaf::mapping::PortOf)| {
            (name.clone(), port.contract.digest())
        };
        let contracts = loaded.ports.iter().map(digest).collect();
        let recordable = Recordable { collection, contracts };
        let recorder = Arc::new(Recorder::start(store, recordable, what).unwrap());
        let hooks = Hooks { recorder: Some(Arc::<Recorder>::clone(&recorder)), ..Hooks::default() };
        Self { facade: Facade::hooked(plan, hooks), recorder, folder }
    }

    /// Stops, and says what was recorded.
    pub fn finish(self) -> (TempDir, RecordCounts) {
        drop(self.facade);
        let counts = self.recorder.finish();
        (self.folder, counts)
    }
}

/// The project's own mappings on the fixtures of a folder; nobody listens behind them.
pub fn replay(folder: &Path, how: ReplayHow) -> Facade {
    let loaded = load(&project("mappings"), "http://127.0.0.1:9/shop");
    let plan = loaded.plan.unwrap();
    let (collection, problems) = gather(&Store::new(folder), &plan, &loaded.ports);
    assert_eq!(problems, []);
    let player = Arc::new(Player::new(Arc::new(collection), how));
    let hooks = Hooks { backends: Some(player), ..Hooks::default() };
    Facade::hooked(plan, hooks)
}

/// Every file of a folder with its name before it, sorted, times and digests masked.
pub fn files(folder: &Path) -> String {
    let mut pending = vec![folder.to_owned()];
    let mut paths = Vec::new();
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { pending.push(path) } else { paths.push(path) }
        }
    }
    paths.sort();
    let one = |path: &std::path::PathBuf| {
        let name = path.strip_prefix(folder).unwrap().display();
        format!("== {name}\n{}", masked(&std::fs::read_to_string(path).unwrap()))
    };
    paths.iter().map(one).collect()
}

/// A text without what is another one each time.
pub fn masked(text: &str) -> String {
    let line = |line: &str| {
        let (key, _) = line.split_once(": ").unwrap_or((line, ""));
        match key {
            "  at" => "  at: NOW\n".to_owned(),
            "  contract" => "  contract: CONTRACT\n".to_owned(),
            "  took_ms" => "  took_ms: 0\n".to_owned(),
            _ => format!("{line}\n"),
        }
    };
    text.lines().map(line).collect()
}
