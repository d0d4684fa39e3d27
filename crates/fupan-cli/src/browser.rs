//! Pictures and printed files of a page, drawn by a browser that the reader has.
//!
//! The browser runs without windows, network and extensions, with a profile of its own, in a
//! private folder that is removed afterwards, and for a limited time.

mod failure;
mod places;

use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use fupan::Error;
use tempfile::TempDir;

use places::Installations;

pub use failure::BrowserError;

/// The width of every picture, in pixels.
pub const PICTURE_WIDTH: u32 = 1080;
/// Pixels of a picture per CSS pixel: sharp on a phone, and text of a size that is read there.
const SCALE: u32 = 2;
/// The tallest page that is drawn as a picture, in CSS pixels. Browsers were seen to draw this
/// height without a flaw.
const TALLEST: u32 = 30_000;
/// How long a browser may take for one page.
const PATIENCE: Duration = Duration::from_secs(90);
/// How much of a browser's answer and of its messages is read, in bytes.
const ANSWER_READ: u64 = 64 << 10;

/// Arguments of every run. Host names, addresses included, are not found, so that nothing is
/// fetched or sent; the key ring of macOS and of desktops is left alone.
const ARGUMENTS: [&str; 17] = [
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--mute-audio",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--password-store=basic",
    "--use-mock-keychain",
];

/// A finished file, and whether its Chinese characters can be read.
pub struct Drawing {
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// What became of Chinese characters.
    pub han: Han,
}

/// Whether a page's Chinese characters were drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Han {
    /// As they should be, or the page has none.
    Drawn,
    /// As boxes: no installed font has them.
    Missing,
}

/// What a page tells about itself once it is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Measured {
    /// CSS pixels.
    width: u32,
    /// CSS pixels.
    height: u32,
    han: Han,
}

impl Measured {
    /// Reads the attributes of the root element at the beginning of a page.
    fn read(page: &str) -> Option<Measured> {
        let from = page.find("<html")?;
        let root = page.get(from..from + page.get(from..)?.find('>')?)?;
        let value = |name: &str| {
            let start = root.find(&format!(" {name}=\""))? + name.len() + 3;
            root.get(start..)?.split('"').next()
        };
        let han = match value("data-han")? {
            "drawn" | "none" => Han::Drawn,
            "missing" => Han::Missing,
            _ => return None,
        };
        let number = |name: &str| value(name)?.parse().ok().filter(|number| *number > 0);
        Some(Measured { width: number("data-width")?, height: number("data-height")?, han })
    }
}

/// A browser on this machine.
#[derive(Debug)]
pub struct Browser {
    program: PathBuf,
    arguments: Vec<OsString>,
    patience: Duration,
}

impl Browser {
    /// The browser `named`, else the first that is installed. `arguments` are added to its own.
    ///
    /// # Errors
    ///
    /// If there is none, or what is named cannot be run.
    pub fn find(named: Option<PathBuf>, arguments: Vec<OsString>) -> Result<Browser, BrowserError> {
        Browser::among(&Installations::of_machine(), named, arguments)
    }

    fn among(
        installed: &Installations,
        named: Option<PathBuf>,
        arguments: Vec<OsString>,
    ) -> Result<Browser, BrowserError> {
        let program = match named {
            Some(name) => installed.named(&name).ok_or(BrowserError::NoProgram(name))?,
            None => installed.browser().ok_or(BrowserError::None)?,
        };
        Ok(Browser { program, arguments, patience: PATIENCE })
    }

    /// A PNG of a whole page that tells its height, [`PICTURE_WIDTH`] pixels wide.
    pub fn png(&self, page: &str) -> anyhow::Result<Drawing> {
        let scratch = self.scratch(page)?;
        // A short window first: the page says how tall it is.
        let measured = self.measure(&scratch, 900)?;
        if measured.width != PICTURE_WIDTH / SCALE {
            return Err(BrowserError::NoResult(self.program.clone()).into());
        }
        if measured.height > TALLEST {
            return Err(BrowserError::TooTall(measured.height).into());
        }
        let task = [argument("--screenshot=", &scratch.path("page.png"))];
        self.run(&scratch, &[&window(measured.height)[..], &task].concat())?;
        let bytes = self.result(&scratch.path("page.png"))?;
        match png_size(&bytes) {
            Some(size) if size == (PICTURE_WIDTH, measured.height * SCALE) => {
                Ok(Drawing { bytes, han: measured.han })
            }
            _ => Err(BrowserError::NoResult(self.program.clone()).into()),
        }
    }

    /// A PDF of a page, on paper of the size that its style asks for.
    pub fn pdf(&self, page: &str) -> anyhow::Result<Drawing> {
        let scratch = self.scratch(page)?;
        let han = self.measure(&scratch, 900)?.han;
        let plain = OsString::from("--no-pdf-header-footer");
        let task = [plain, argument("--print-to-pdf=", &scratch.path("page.pdf"))];
        self.run(&scratch, &task)?;
        let bytes = self.result(&scratch.path("page.pdf"))?;
        match bytes.starts_with(b"%PDF-") {
            true => Ok(Drawing { bytes, han }),
            false => Err(BrowserError::NoResult(self.program.clone()).into()),
        }
    }

    fn measure(&self, scratch: &Scratch, height: u32) -> anyhow::Result<Measured> {
        let task = [OsString::from("--dump-dom")];
        let page = self.run(scratch, &[&window(height)[..], &task].concat())?;
        let measured = Measured::read(&page);
        Ok(measured.ok_or_else(|| BrowserError::NoResult(self.program.clone()))?)
    }

    /// A private folder with the page in it.
    fn scratch(&self, page: &str) -> Result<Scratch, Error> {
        let home = dirs::home_dir();
        let snap = places::snap_folder(&self.program, home.as_deref());
        let parent = snap.filter(|folder| folder.is_dir()).unwrap_or_else(std::env::temp_dir);
        Scratch::new(&parent, page).map_err(|source| failed("write", &parent, source))
    }

    fn result(&self, path: &Path) -> Result<Vec<u8>, BrowserError> {
        std::fs::read(path).map_err(|_| BrowserError::NoResult(self.program.clone()))
    }

    /// Opens the page for one task, and returns the beginning of what the browser printed.
    ///
    /// The sandbox stays on. On Linux a browser refuses to start it for root, as in many
    /// containers; then, and only then, it is run again without.
    fn run(&self, scratch: &Scratch, task: &[OsString]) -> anyhow::Result<String> {
        let mut ended = self.run_once(scratch, task)?;
        if !ended.status.success() && ended.is_for_sandbox() && is_root_on_linux() {
            let without = [&[OsString::from("--no-sandbox")], task].concat();
            ended = self.run_once(scratch, &without)?;
        }
        let program = self.program.clone();
        match ended.status.success() {
            true => Ok(ended.printed),
            false if ended.is_for_sandbox() => Err(BrowserError::NoSandbox(program).into()),
            false => {
                let (status, said) = (ended.status, ended.last_words());
                Err(BrowserError::Failed { program, status, said }.into())
            }
        }
    }

    fn run_once(&self, scratch: &Scratch, task: &[OsString]) -> anyhow::Result<Ended> {
        let (printed, said) = (scratch.path("printed"), scratch.path("said"));
        let create = |path: &Path| File::create(path).map_err(|e| failed("write", path, e));
        let mut child = Command::new(&self.program)
            .args(ARGUMENTS)
            .arg(argument("--user-data-dir=", &scratch.path("profile")))
            .args(&self.arguments)
            .args(task)
            .arg(&scratch.page)
            .current_dir(scratch.folder.path())
            .stdin(Stdio::null())
            .stdout(create(&printed)?)
            .stderr(create(&said)?)
            .spawn()
            .map_err(|fault| BrowserError::NotStarted { program: self.program.clone(), fault })?;
        let Some(status) = wait(&mut child, self.patience)? else {
            let (program, limit) = (self.program.clone(), self.patience);
            let failure = match beginning(&said)?.contains("Could not find any font") {
                true => BrowserError::NoFont(program),
                false => BrowserError::TooSlow { program, limit },
            };
            return Err(failure.into());
        };
        Ok(Ended { status, printed: beginning(&printed)?, said: beginning(&said)? })
    }
}

/// How a run of the browser ended.
struct Ended {
    status: ExitStatus,
    printed: String,
    said: String,
}

impl Ended {
    fn is_for_sandbox(&self) -> bool {
        self.said.contains("sandbox")
    }

    /// The last line of its messages, cut to a length that can be read.
    fn last_words(&self) -> String {
        let last = self.said.lines().rfind(|line| !line.trim().is_empty());
        last.unwrap_or("…").chars().take(300).collect()
    }
}

/// A private folder with a page, removed when dropped.
struct Scratch {
    folder: TempDir,
    /// The page's address.
    page: String,
}

impl Scratch {
    fn new(parent: &Path, page: &str) -> std::io::Result<Scratch> {
        // A variable may give a relative folder, and the browser runs in another.
        let parent = std::path::absolute(parent)?;
        let folder = tempfile::Builder::new().prefix("fupan-").tempdir_in(parent)?;
        let path = folder.path().join("page.html");
        std::fs::write(&path, page)?;
        let address = url::Url::from_file_path(&path).map_err(|()| ErrorKind::InvalidInput)?;
        Ok(Scratch { folder, page: address.into() })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Scratch {
    /// The browser's helpers may write for a moment after it has ended.
    fn drop(&mut self) {
        for _ in 0..60 {
            let path = self.folder.path();
            if std::fs::remove_dir_all(path).is_ok() || !path.exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// Waits for a process, and kills it when the time is over; `None` then.
fn wait(child: &mut Child, patience: Duration) -> anyhow::Result<Option<ExitStatus>> {
    let began = Instant::now();
    while began.elapsed() < patience {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    // It may have ended by itself just now.
    let _gone = child.kill();
    child.wait()?;
    Ok(None)
}

/// Arguments for a window of a picture's width and a height in CSS pixels.
fn window(height: u32) -> [OsString; 2] {
    [
        format!("--window-size={},{height}", PICTURE_WIDTH / SCALE).into(),
        format!("--force-device-scale-factor={SCALE}").into(),
    ]
}

fn argument(name: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(name);
    argument.push(path);
    argument
}

/// Width and height of a PNG, in pixels.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    let number =
        |from: usize| Some(u32::from_be_bytes(header.get(from..from + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

/// The beginning of a text file; bytes that are no text are replaced.
fn beginning(path: &Path) -> Result<String, Error> {
    let read = |path: &Path| {
        let mut bytes = Vec::new();
        File::open(path)?.take(ANSWER_READ).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read(path).map_err(|source| failed("read", path, source))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn failed(action: &'static str, path: &Path, source: std::io::Error) -> Error {
    Error::Io { action, path: path.display().to_string(), source }
}

#[cfg(target_os = "linux")]
fn is_root_on_linux() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|about| about.uid() == 0)
}

#[cfg(not(target_os = "linux"))]
fn is_root_on_linux() -> bool {
    false
}

#[cfg(test)]
mod tests;
