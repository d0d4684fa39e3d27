//! Where a redirect leads, if it is followed.

use url::Url;

use crate::fault::{FetchFault, RedirectFault};

/// Whether a status is one that redirects.
pub(crate) fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The address that a redirect leads to: of the same scheme, host and port.
///
/// # Errors
/// If it leads elsewhere, or what was posted would be lost.
pub(crate) fn target(
    from: &Url,
    status: u16,
    location: Option<&str>,
    is_post: bool,
) -> Result<Url, FetchFault> {
    let fault = |why| Err(FetchFault::Redirected(why));
    let Some(to) = location.and_then(|location| from.join(location).ok()) else {
        return fault(RedirectFault::Nowhere);
    };
    let has_user = !to.username().is_empty() || to.password().is_some();
    if to.origin() != from.origin() || has_user {
        let host = to.host_str().unwrap_or_default();
        let port = to.port().map(|port| format!(":{port}")).unwrap_or_default();
        // Without the path, which may hold a secret.
        return fault(RedirectFault::Elsewhere(format!("{}://{host}{port}", to.scheme())));
    }
    if is_post && !matches!(status, 307 | 308) {
        return fault(RedirectFault::BodyLost);
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(from: &str, to: &str) -> Result<String, FetchFault> {
        target(&Url::parse(from).unwrap(), 302, Some(to), false).map(|url| url.to_string())
    }

    #[test]
    fn the_same_host_is_followed() {
        for (to, reached) in [
            ("/b?x=1", "https://host.example/b?x=1"),
            ("b", "https://host.example/a/b"),
            ("https://HOST.example:443/c", "https://host.example/c"),
            ("//host.example/d", "https://host.example/d"),
        ] {
            assert_eq!(of("https://host.example/a/", to).as_deref(), Ok(reached));
        }
    }

    #[test]
    fn nothing_else_is() {
        for (to, told) in [
            ("http://host.example/a", "http://host.example"),
            ("https://other.example/secret", "https://other.example"),
            ("https://host.example:8443/", "https://host.example:8443"),
            ("//other.example", "https://other.example"),
            ("https://host.example.evil.example/", "https://host.example.evil.example"),
            ("https://user@host.example/", "https://host.example"),
            ("file:///etc/passwd", "file://"),
            ("data:text/plain,x", "data://"),
        ] {
            let told = FetchFault::Redirected(RedirectFault::Elsewhere(told.to_owned()));
            assert_eq!(of("https://host.example/a", to), Err(told), "{to}");
        }
        let nowhere = Err(FetchFault::Redirected(RedirectFault::Nowhere));
        assert_eq!(of("https://host.example/a", "https://[::"), nowhere);
    }

    #[test]
    fn what_was_posted_is_sent_again_or_not_at_all() {
        let from = Url::parse("http://host.example/a").unwrap();
        for status in [301, 302, 303] {
            let told = target(&from, status, Some("/b"), true);
            assert_eq!(told, Err(FetchFault::Redirected(RedirectFault::BodyLost)));
            assert!(target(&from, status, Some("/b"), false).is_ok());
        }
        for status in [307, 308] {
            assert!(target(&from, status, Some("/b"), true).is_ok());
        }
        let told = target(&from, 302, None, false);
        assert_eq!(told, Err(FetchFault::Redirected(RedirectFault::Nowhere)));
    }
}
