//! Where a browser is installed: on the path, else in the usual places of the system.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The names of Chromium and its kin on the path, the freest first.
const NAMES: [&str; 9] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "brave-browser",
];

/// Where they are below a folder of programs.
const INSTALLED: [&str; 9] = [
    // macOS
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    // Windows
    "Chromium/Application/chrome.exe",
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    // Linux, outside the path
    "chromium/chromium",
    "google/chrome/chrome",
    "microsoft/msedge/msedge",
];

/// The folders in which programs are installed.
pub struct Installations {
    /// The folders of the path, in its order.
    path: Vec<PathBuf>,
    /// Folders that hold a folder for each program.
    folders: Vec<PathBuf>,
}

impl Installations {
    /// Those of this machine, as its environment has them.
    pub fn of_machine() -> Installations {
        let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let windows = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"].map(named);
        let own = dirs::home_dir().map(|home| home.join("Applications"));
        let fixed = ["/Applications", "/opt", "/usr/lib", "/usr/lib64"].map(PathBuf::from);
        let windows = windows.into_iter().flatten().map(PathBuf::from);
        let mut found = Installations::on_path(&named("PATH").unwrap_or_default());
        found.path.push(PathBuf::from("/snap/bin"));
        found.folders.extend(fixed.into_iter().chain(own).chain(windows));
        found
    }

    /// The folders of a path variable. A relative one is left out: it would run whatever lies in
    /// the current folder.
    pub fn on_path(path: &OsStr) -> Installations {
        let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute());
        Installations { path: folders.collect(), folders: Vec::new() }
    }

    /// The program that a reader names: by its path, or by its name on the path.
    pub fn named(&self, name: &Path) -> Option<PathBuf> {
        let is_name = name.components().count() == 1 && !name.is_absolute();
        let below = self.path.iter().map(|folder| folder.join(name)).filter(|_| is_name);
        below.chain([name.to_owned()]).find(|file| is_program(file))
    }

    /// The first browser there is.
    pub fn browser(&self) -> Option<PathBuf> {
        let on_path = NAMES.iter().flat_map(|name| {
            let file = OsString::from(format!("{name}{}", std::env::consts::EXE_SUFFIX));
            self.path.iter().map(move |folder| folder.join(&file))
        });
        let installed = INSTALLED
            .iter()
            .flat_map(|file| self.folders.iter().map(move |folder| folder.join(file)));
        on_path.chain(installed).find(|file| is_program(file))
    }
}

/// Whether a path is a file that may be run.
fn is_program(path: &Path) -> bool {
    let Ok(about) = path.metadata() else { return false };
    #[cfg(unix)]
    let may_run = std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may_run = true;
    about.is_file() && may_run
}

/// The folder in which a browser of a snap may read and write, if the program is one: a snap sees
/// neither hidden folders nor the folder of temporary files.
pub fn snap_folder(program: &Path, home: Option<&Path>) -> Option<PathBuf> {
    let in_snap = |path: &Path| path.starts_with("/snap");
    let name = program.file_stem()?.to_str()?;
    // Ubuntu's /usr/bin/chromium-browser is a script that starts the snap.
    let is_snap = in_snap(program)
        || program.canonicalize().is_ok_and(|real| in_snap(&real) || real.ends_with("bin/snap"))
        || (name == "chromium-browser" && Path::new("/snap/bin/chromium").exists());
    let snap = if name.starts_with("chromium") { "chromium" } else { name };
    let common = home?.join("snap").join(snap).join("common");
    is_snap.then_some(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that may be run, or one that may not.
    fn put(folder: &Path, name: &str, mode: u32) -> PathBuf {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        }
        path
    }

    #[cfg(unix)]
    #[test]
    fn a_browser_is_found_on_the_path_before_the_usual_places() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let path = std::env::join_paths([at("one"), PathBuf::from("."), at("two")]).unwrap();
        let mut places = Installations::on_path(&path);
        assert_eq!(places.path, [at("one"), at("two")], "no relative folder");
        places.folders.push(at("opt"));
        assert_eq!(places.browser(), None);

        let file = "Google Chrome.app/Contents/MacOS/Google Chrome";
        let installed = put(&at("opt"), file, 0o755);
        assert_eq!(places.browser(), Some(installed));

        put(&at("one"), "google-chrome", 0o644);
        std::fs::create_dir_all(at("one").join("chromium")).unwrap();
        let chrome = put(&at("two"), "google-chrome", 0o755);
        assert_eq!(places.browser(), Some(chrome), "neither a folder nor a file without the right");

        let chromium = put(&at("two"), "chromium", 0o755);
        assert_eq!(places.browser(), Some(chromium));
    }

    #[test]
    fn a_snap_works_in_a_folder_that_it_sees() {
        let home = Path::new("/home/somebody");
        let folder = |program: &str| snap_folder(Path::new(program), Some(home));
        assert_eq!(folder("/snap/bin/chromium"), Some(home.join("snap/chromium/common")));
        assert_eq!(folder("/snap/bin/brave-browser"), Some(home.join("snap/brave-browser/common")));
        assert_eq!(folder("/usr/bin/nothing"), None);
        assert_eq!(snap_folder(Path::new("/snap/bin/chromium"), None), None);
    }
}
