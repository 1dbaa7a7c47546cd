//! Files of SQL, from the file system.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::mapping::SqlFiles;

/// Bytes of one file of SQL.
const SQL_BYTES_MAX: u64 = 1 << 20;

/// Reads files of SQL, and remembers which.
#[derive(Debug, Default)]
pub(super) struct Queries {
    pub(super) read: Vec<PathBuf>,
}

impl SqlFiles for Queries {
    fn read(&mut self, path: &Path) -> Result<String, String> {
        // One that is missing is waited for.
        self.read.push(path.to_owned());
        let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
        let mut text = String::new();
        let read = file.take(SQL_BYTES_MAX + 1).read_to_string(&mut text);
        match read {
            Ok(bytes) if bytes as u64 > SQL_BYTES_MAX => {
                Err(format!("it has more than {SQL_BYTES_MAX} bytes"))
            }
            Ok(_) => Ok(text),
            Err(error) => Err(error.to_string()),
        }
    }
}
