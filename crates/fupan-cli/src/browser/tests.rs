use std::ffi::OsStr;

use fupan::english_in;

use super::*;

#[test]
fn a_page_tells_its_size_before_anything_else() {
    let page = |root: &str| format!("<!DOCTYPE html>\n<html lang=\"en\" {root}><head></head>");
    let told = r#"class="still" data-han="drawn" data-width="540" data-height="3672""#;
    let measured = Measured { width: 540, height: 3672, han: Han::Drawn };
    assert_eq!(Measured::read(&page(told)), Some(measured));
    let without = told.replace("drawn", "none");
    assert_eq!(Measured::read(&page(&without)), Some(measured));
    let boxes = Measured::read(&page(&told.replace("drawn", "missing")));
    assert_eq!(boxes, Some(Measured { han: Han::Missing, ..measured }));
    for (from, to) in [
        ("3672", "0"),
        ("3672", "-1"),
        ("3672", "36.5"),
        ("3672", "99999999999"),
        ("drawn", "perhaps"),
        ("data-width", "width"),
    ] {
        assert_eq!(Measured::read(&page(&told.replace(from, to))), None, "{to}");
    }
    // What stands in the text of a page is no attribute of its root.
    let late = format!("<html><body {told}></body></html>");
    for text in ["", "<html", late.as_str()] {
        assert_eq!(Measured::read(text), None, "{text}");
    }
}

#[test]
fn the_size_of_a_png_is_in_its_header() {
    let png = png(1080, 7344);
    assert_eq!(png_size(&png), Some((1080, 7344)));
    for length in 0..png.len() {
        assert_eq!(png_size(&png[..length]), None);
    }
    assert_eq!(png_size(b"%PDF-1.4 and so on, for some bytes"), None);
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    [&header[..], &width.to_be_bytes(), &height.to_be_bytes()].concat()
}

#[test]
fn without_a_browser_the_reader_is_told_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = Installations::on_path(folder.path().as_os_str());
    let error = Browser::among(&nowhere, None, Vec::new()).unwrap_err();
    assert!(matches!(error, BrowserError::None), "{error}");
    let named = Some(PathBuf::from("my-browser"));
    let error = Browser::among(&nowhere, named, Vec::new()).unwrap_err();
    assert!(error.to_string().starts_with("my-browser is no program"), "{error}");
}

#[test]
fn every_failure_says_in_both_languages_what_to_do() {
    let program = PathBuf::from("/usr/bin/chromium");
    let status = ExitStatus::default();
    let failures = [
        BrowserError::None,
        BrowserError::NoProgram(program.clone()),
        BrowserError::NotStarted {
            program: program.clone(),
            fault: ErrorKind::PermissionDenied.into(),
        },
        BrowserError::NoSandbox(program.clone()),
        BrowserError::Failed { program: program.clone(), status, said: "it broke".to_owned() },
        BrowserError::TooSlow { program: program.clone(), limit: PATIENCE },
        BrowserError::NoFont(program.clone()),
        BrowserError::NoResult(program),
        BrowserError::TooTall(40_000),
    ];
    for failure in failures {
        let told = fupan::InLanguage::wording(&failure);
        assert_eq!(english_in(&told.zh), None, "{}", told.zh);
        for text in [&told.en, &told.zh] {
            let advice = ["--browser", "--image", "apt install"];
            assert!(advice.iter().any(|advice| text.contains(advice)), "{text}");
        }
    }
}

/// A stand-in for a browser: a script that gets the arguments.
#[cfg(unix)]
struct StandIn {
    folder: TempDir,
    browser: Browser,
}

#[cfg(unix)]
impl StandIn {
    fn new(script: &str) -> StandIn {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("browser");
        let log = folder.path().join("log");
        let text = format!("#!/bin/sh\nlog='{}'\n{script}\n", log.display());
        // Copied by another process: a file that this one holds open for writing, or a child that
        // another test is just starting, cannot be run.
        let draft = folder.path().join("draft");
        std::fs::write(&draft, text).unwrap();
        assert!(Command::new("cp").args([&draft, &program]).status().unwrap().success());
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let arguments = vec![OsString::from("--mine")];
        let nowhere = Installations::on_path(OsStr::new(""));
        let mut browser = Browser::among(&nowhere, Some(program), arguments).unwrap();
        browser.patience = Duration::from_secs(10);
        StandIn { folder, browser }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn fails(&self) -> BrowserError {
        self.browser.png("<html></html>").err().unwrap().downcast().unwrap()
    }
}

/// Answers as a browser does: the size of the page, a picture of it, and a printed file.
#[cfg(unix)]
const OBEDIENT: &str = r#"
echo "$@" >>"$log"
for argument in "$@"; do case "$argument" in
  --dump-dom) echo '<html data-han="missing" data-width="540" data-height="3672"><body>' ;;
  --screenshot=*) printf '\211PNG\r\n\032\n\000\000\000\rIHDR\000\000\004\070\000\000\034\260' >"${argument#*=}" ;;
  --print-to-pdf=*) echo '%PDF-1.4' >"${argument#*=}" ;;
esac; done"#;

#[cfg(unix)]
#[test]
fn a_browser_is_asked_for_the_size_and_then_for_the_picture() {
    let stand_in = StandIn::new(OBEDIENT);
    let drawing = stand_in.browser.png("<html></html>").unwrap();
    assert_eq!((drawing.bytes, drawing.han), (png(1080, 7344), Han::Missing));
    let log = stand_in.log();
    let runs: Vec<&str> = log.lines().collect();
    assert_eq!(runs.len(), 2, "{log}");
    for run in &runs {
        for argument in ["--headless", "NOTFOUND", "--user-data-dir=", " --mine ", "page.html"] {
            assert!(run.contains(argument), "{argument} is missing: {run}");
        }
        assert!(!run.contains("--no-sandbox"), "{run}");
        let profile = run.split("--user-data-dir=").nth(1).unwrap().split(' ').next().unwrap();
        assert!(!Path::new(profile).parent().unwrap().exists(), "the folder is removed");
    }
    assert!(runs[1].contains("--window-size=540,3672 --force-device-scale-factor=2"), "{log}");

    let drawing = stand_in.browser.pdf("<html></html>").unwrap();
    assert_eq!(drawing.bytes, b"%PDF-1.4\n");
    assert!(stand_in.log().contains("--no-pdf-header-footer --print-to-pdf="));
}

#[cfg(unix)]
#[test]
fn a_picture_of_another_size_is_none() {
    let cut = StandIn::new(&OBEDIENT.replace("data-height=\"3672\"", "data-height=\"3673\""));
    assert!(matches!(cut.fails(), BrowserError::NoResult(_)));
    let wide = StandIn::new(&OBEDIENT.replace("540", "500"));
    assert!(matches!(wide.fails(), BrowserError::NoResult(_)));
    let tall = StandIn::new(&OBEDIENT.replace("3672", "30001"));
    assert!(matches!(tall.fails(), BrowserError::TooTall(30_001)));
    let silent = StandIn::new("exit 0");
    assert!(matches!(silent.fails(), BrowserError::NoResult(_)));
    let unmoved = StandIn::new(&OBEDIENT.replace("--screenshot=*", "--other"));
    assert!(matches!(unmoved.fails(), BrowserError::NoResult(_)));
}

#[cfg(unix)]
#[test]
fn a_browser_that_fails_is_quoted_and_one_that_hangs_is_stopped() {
    let broken = StandIn::new("echo first >&2; echo 'the last straw' >&2; echo >&2; exit 7");
    let BrowserError::Failed { said, status, .. } = broken.fails() else { panic!() };
    assert_eq!((said.as_str(), status.code()), ("the last straw", Some(7)));

    let mut hung = StandIn::new("echo $$ >\"$log\"; exec sleep 60");
    hung.browser.patience = Duration::from_millis(300);
    let began = Instant::now();
    assert!(matches!(hung.fails(), BrowserError::TooSlow { .. }));
    assert!(began.elapsed() < Duration::from_secs(20));
    let process = Path::new("/proc").join(hung.log().trim());
    assert!(!process.exists(), "the process is gone");

    let mut poor = StandIn::new("echo 'Could not find any font: , sans.' >&2; exec sleep 60");
    poor.browser.patience = Duration::from_millis(300);
    assert!(matches!(poor.fails(), BrowserError::NoFont(_)));
}

#[cfg(unix)]
#[test]
fn the_sandbox_is_left_out_for_root_only_and_only_if_it_is_refused() {
    let refusing = "case \"$*\" in *--no-sandbox*) ;; \
                    *) echo 'Running as root without --no-sandbox' >&2; exit 1 ;; esac";
    let stand_in = StandIn::new(&format!("{refusing}\n{OBEDIENT}"));
    match is_root_on_linux() {
        true => {
            stand_in.browser.pdf("<html></html>").unwrap();
            assert_eq!(stand_in.log().matches("--no-sandbox").count(), 2);
        }
        false => assert!(matches!(stand_in.fails(), BrowserError::NoSandbox(_))),
    }
}
