//! What the demo reads: compiled in, and written to a folder of its own.

use std::hash::BuildHasher;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, symlink};
use std::path::{Path, PathBuf};

use crate::cli::output::Failure;
use crate::demo;
use crate::mapping::Environment;

/// The name of the state of migrations in the folder.
const STATE: &str = "state.db";
/// The name of the ledger, where its mapping looks for it if nothing else is said.
const LEDGER: &str = "mappings/ledger.db";

/// Every file of the demo, by its place in the folder.
const FILES: &[(&str, &str)] = &[
    ("mappings/shop.yaml", include_str!("../../../mappings/shop.yaml")),
    ("mappings/shop-v2.yaml", include_str!("../../../mappings/shop-v2.yaml")),
    ("mappings/next.yaml", include_str!("../../../mappings/next.yaml")),
    ("mappings/ledger.yaml", include_str!("../../../mappings/ledger.yaml")),
    ("mappings/queries/ledger.sql", include_str!("../../../mappings/queries/ledger.sql")),
];

/// A folder that is gone when the demo stops. In it, every command that reads `mappings` finds
/// the demo's.
pub(super) struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Folder {
    /// The compiled-in contract and mappings as files, for the same loader that serves yours.
    ///
    /// # Errors
    /// Where files cannot be written.
    pub fn make() -> std::io::Result<Self> {
        // A process that was killed may have left one, under the same number.
        let drawn = std::hash::RandomState::new().hash_one(std::process::id());
        let kept = Self(std::env::temp_dir().join(format!("figleaf-demo-{drawn:016x}")));
        std::fs::DirBuilder::new().mode(0o700).create(&kept.0)?;
        let write = |path: &Path, text: &str| {
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)
        };
        for (name, text) in demo::legacy::CONTRACT {
            write(&kept.0.join("wsdl/shop").join(name), text)?;
        }
        for (name, text) in FILES {
            write(&kept.0.join(name), text)?;
        }
        Ok(kept)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The mappings.
    pub fn mappings(&self) -> PathBuf {
        self.0.join("mappings")
    }

    /// Where the state of migrations is, if it is nowhere else.
    pub fn state(&self) -> String {
        self.0.join(STATE).display().to_string()
    }

    /// Where the ledger is; there is none yet.
    pub fn ledger(&self) -> PathBuf {
        self.0.join(LEDGER)
    }

    /// Makes the legacy database, where it is to be.
    pub fn make_ledger(&self, kept: Option<&Path>) -> Result<PathBuf, Failure> {
        let io = |error: std::io::Error| Failure::new(error.to_string());
        let path = match kept {
            Some(path) if path.exists() => {
                return Err(Failure::usage(format!("`{}` is there already", path.display()))
                    .help("remove it, or name another file with --ledger"));
            }
            // Its path in the mapping is not relative to this folder.
            Some(path) => std::path::absolute(path).map_err(io)?,
            None => self.ledger(),
        };
        demo::ledger::create(&path).map_err(|error| {
            // Half a database must not be taken for one the next time.
            let _ = std::fs::remove_file(&path);
            Failure::new(format!("the legacy database cannot be made: {error}"))
        })?;
        if kept.is_some() {
            symlink(&path, self.ledger()).map_err(io)?;
        }
        Ok(path)
    }
}

/// The demo's own addresses, whatever the environment says.
pub(super) struct DemoEnvironment {
    /// The legacy system's.
    pub shop: SocketAddr,
    /// Its successor's.
    pub next: SocketAddr,
    /// The legacy database's path.
    pub ledger: String,
}

impl Environment for DemoEnvironment {
    fn var(&self, name: &str) -> Option<String> {
        match name {
            "SHOP_URL" => Some(format!("http://{}/shop", self.shop)),
            "SHOP_NEXT_URL" => Some(format!("http://{}", self.next)),
            "LEDGER_DB" => Some(self.ledger.clone()),
            _ => None,
        }
    }

    fn file(&self, path: &str) -> Result<String, String> {
        Err(format!("the demo reads no files, not even {path}"))
    }
}
