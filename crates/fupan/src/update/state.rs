//! What an update has taken of its sources, as a file in the store's folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use fupan_market::{SessionDate, Wording};
use fupan_source::Taken;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The file, and the one whose lock an update holds.
const NAME: &str = "fupan-update.json";
const LOCK: &str = "fupan-update.lock";

/// What has been taken, by the path of each folder or file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The form of this file.
    version: u32,
    pub folders: BTreeMap<String, OfFolder>,
    pub files: BTreeMap<String, OfFile>,
}

/// What was taken of a folder of records by a recipe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OfFolder {
    /// The imports that hold what was taken. Once one of them is gone, the folder is read anew.
    pub imports: BTreeSet<String>,
    pub taken: Taken,
}

/// What was taken of a file that is read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OfFile {
    /// The digest of its bytes.
    pub digest: String,
    /// The imports that hold what was taken. Once one of them is gone, the file is read anew.
    #[serde(default)]
    pub imports: BTreeSet<String>,
    /// The day of which all of its rows were last taken.
    pub whole_on: Option<SessionDate>,
    /// The rows as they were last taken, without their day: by table, by symbol.
    #[serde(default)]
    pub rows: BTreeMap<String, BTreeMap<String, String>>,
}

/// The form that this program writes.
const VERSION: u32 = 1;

impl State {
    /// What is written down in a folder; nothing if there is no file.
    pub fn read(folder: &Path) -> Result<State, Error> {
        let path = folder.join(NAME);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Ok(State { version: VERSION, ..State::default() });
            }
            Err(source) => return Err(io("read", &path, source)),
        };
        let unfit = |reason: Wording| Error::Unfit { path: shown(&path), reason };
        let state: State = serde_json::from_slice(&bytes).map_err(|error| {
            unfit(Wording::new(
                format!("it is damaged ({error}); remove it, and everything is read anew"),
                format!("文件已损坏（{error}）；删除它之后会重新读取全部数据"),
            ))
        })?;
        match state.version {
            VERSION => Ok(state),
            other => Err(unfit(Wording::new(
                format!("it is of form {other}, written by a later version of fupan"),
                format!("其格式为{other}，由更新版本的fupan写成"),
            ))),
        }
    }

    /// Writes it down, all or nothing.
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(NAME);
        let written = || {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(&serde_json::to_vec(self)?)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|error| error.error)?;
            Ok(())
        };
        written().map_err(|source| io("write", &path, source))
    }
}

/// Takes the lock of an update.
pub(super) fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let open = File::options().create(true).truncate(false).write(true).open(&path);
    let file = open.map_err(|source| io("write", &path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Updating { store: shown(folder) }),
        Err(TryLockError::Error(source)) => Err(io("lock", &path, source)),
    }
}

fn io(action: &'static str, path: &Path, source: std::io::Error) -> Error {
    Error::Io { action, path: shown(path), source }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
