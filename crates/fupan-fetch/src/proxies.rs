//! Which requests go through which proxy, by the variables that other programs read too.

use std::net::IpAddr;

use fupan_market::Wording;
use ureq::Proxy;
use url::{Host, Url};

use crate::error::FetchError;
use crate::outside::Outside;

/// Lower case first, as curl reads them; the one of a scheme before the one of all.
const FOR_HTTP: [&str; 4] = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
const FOR_HTTPS: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const WITHOUT: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// The proxies of the environment.
#[derive(Clone, Debug)]
pub(crate) struct Proxies {
    pub http: Option<Proxy>,
    pub https: Option<Proxy>,
    without: Vec<String>,
}

impl Proxies {
    /// Reads them from the environment.
    ///
    /// # Errors
    /// If a variable holds no proxy's address.
    pub fn read(outside: &dyn Outside) -> Result<Proxies, FetchError> {
        let without = WITHOUT.into_iter().find_map(|name| text(outside, name));
        let without = without.unwrap_or_default();
        let entries = without.split(|c: char| c == ',' || c.is_whitespace());
        Ok(Proxies {
            http: proxy(outside, FOR_HTTP)?,
            https: proxy(outside, FOR_HTTPS)?,
            without: entries
                .filter(|entry| !entry.is_empty())
                .map(str::to_ascii_lowercase)
                .collect(),
        })
    }

    /// Whether an address is reached without a proxy: this computer always is.
    pub fn is_direct(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        let is_here = address.is_some_and(|address| address.is_loopback());
        let port = url.port_or_known_default();
        is_here
            || host.eq_ignore_ascii_case("localhost")
            || self.without.iter().any(|entry| covers(entry, host, address, port))
    }
}

fn text(outside: &dyn Outside, name: &str) -> Option<String> {
    let text = outside.variable(name)?.into_string().ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn proxy(outside: &dyn Outside, names: [&'static str; 4]) -> Result<Option<Proxy>, FetchError> {
    let mut set = names.into_iter().filter_map(|name| Some((name, text(outside, name)?)));
    let Some((variable, address)) = set.next() else { return Ok(None) };
    let read = Proxy::new(&address).map(Some);
    // The value may hold a password.
    read.map_err(|_| FetchError::BadVariable {
        source: "",
        variable,
        reason: Wording::new(
            "it is not the address of a proxy, such as http://127.0.0.1:7890",
            "它不是代理服务器的地址，例如http://127.0.0.1:7890",
        ),
    })
}

/// Whether an entry of `NO_PROXY` covers a host: `*`, a domain and all below it, an address, or a
/// range of addresses such as `10.0.0.0/8`; each but a range may name a port.
fn covers(entry: &str, host: &str, address: Option<IpAddr>, port: Option<u16>) -> bool {
    if entry == "*" {
        return true;
    }
    if let Some((net, bits)) = entry.split_once('/') {
        return address.is_some_and(|address| is_within(address, net, bits));
    }
    let bare = entry.trim_matches(['[', ']']);
    if let (Ok(one), Some(address)) = (bare.parse::<IpAddr>(), address) {
        return one == address;
    }
    let (name, of_port) = match entry.rsplit_once(':') {
        Some((name, digits)) if !name.contains(':') || name.ends_with(']') => {
            (name.trim_matches(['[', ']']), Some(digits.parse::<u16>().ok()))
        }
        _ => (bare, None),
    };
    if of_port.is_some_and(|of_port| of_port.is_none() || of_port != port) {
        return false;
    }
    let name = name.trim_start_matches('*').trim_start_matches('.');
    let host = host.to_ascii_lowercase();
    let above = host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !name.is_empty() && above
}

fn is_within(address: IpAddr, net: &str, bits: &str) -> bool {
    let Ok(bits) = bits.parse::<u32>() else { return false };
    match (address, net.parse()) {
        (IpAddr::V4(address), Ok(IpAddr::V4(net))) if bits <= 32 => {
            let low = 32 - bits;
            u64::from(address.to_bits()) >> low == u64::from(net.to_bits()) >> low
        }
        (IpAddr::V6(address), Ok(IpAddr::V6(net))) if (1..=128).contains(&bits) => {
            let low = 128 - bits;
            address.to_bits() >> low == net.to_bits() >> low
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;

    struct Variables(&'static [(&'static str, &'static str)]);

    impl Outside for Variables {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
        fn sleep(&self, _: Duration) {}
        fn draw(&self) -> u64 {
            0
        }
        fn variable(&self, name: &str) -> Option<OsString> {
            self.0.iter().find(|(found, _)| *found == name).map(|(_, value)| value.into())
        }
    }

    fn read(variables: &'static [(&'static str, &'static str)]) -> Proxies {
        Proxies::read(&Variables(variables)).unwrap()
    }

    fn is_direct(without: &'static [(&'static str, &'static str)], url: &str) -> bool {
        read(without).is_direct(&Url::parse(url).unwrap())
    }

    #[test]
    fn each_scheme_has_its_own_variable_and_both_have_one_for_all() {
        let host = |proxy: &Option<Proxy>| proxy.as_ref().map(|proxy| proxy.host().to_owned());
        let proxies = read(&[("HTTPS_PROXY", "http://a:1"), ("http_proxy", "b:2")]);
        assert_eq!(host(&proxies.https).as_deref(), Some("a"));
        assert_eq!(host(&proxies.http).as_deref(), Some("b"));
        let proxies = read(&[("ALL_PROXY", "socks5://c:1"), ("https_proxy", "http://a:1")]);
        assert_eq!(host(&proxies.https).as_deref(), Some("a"));
        assert_eq!(host(&proxies.http).as_deref(), Some("c"));
        let proxies = read(&[("HTTP_PROXY", " "), ("HTTPS_PROXY", "")]);
        assert_eq!((host(&proxies.http), host(&proxies.https)), (None, None));
    }

    #[test]
    fn a_wrong_proxy_is_named_without_its_value() {
        let variables = Variables(&[("HTTPS_PROXY", "ftp://user:planted-password@a:1")]);
        let told = Proxies::read(&variables).unwrap_err();
        let text = format!("{told} {told:?}");
        assert!(text.contains("HTTPS_PROXY") && !text.contains("planted"), "{text}");
    }

    #[test]
    fn a_proxy_shows_no_password() {
        let proxies = read(&[("HTTPS_PROXY", "http://name:planted-password@a:1")]);
        assert!(!format!("{proxies:?}").contains("planted"), "{proxies:?}");
    }

    #[test]
    fn this_computer_is_always_direct() {
        for url in ["http://127.0.0.1:8080/", "http://localhost/", "http://[::1]:1/"] {
            assert!(is_direct(&[("http_proxy", "a:1")], url), "{url}");
        }
        assert!(!is_direct(&[], "http://192.168.1.5/"));
    }

    #[test]
    fn entries_of_no_proxy_are_read_as_others_read_them() {
        let without: &[(&str, &str)] = &[(
            "NO_PROXY",
            "example.cn, .local,*.lan 10.0.0.0/8,192.168.1.5,fd00::/8,port.example:8080,1.2.3.4/x",
        )];
        for (url, direct) in [
            ("https://example.cn/", true),
            ("https://EXAMPLE.cn/", true),
            ("https://api.example.cn/", true),
            ("https://badexample.cn/", false),
            ("https://example.cn.evil.example/", false),
            ("http://host.local/", true),
            ("http://host.lan/", true),
            ("http://10.200.3.4/", true),
            ("http://11.0.0.1/", false),
            ("http://192.168.1.5:81/", true),
            ("http://192.168.1.6/", false),
            ("http://[fd12::1]/", true),
            ("http://[fe80::1]/", false),
            ("http://port.example:8080/", true),
            ("http://port.example/", false),
            ("http://1.2.3.4/", false),
        ] {
            assert_eq!(is_direct(without, url), direct, "{url}");
        }
        assert!(is_direct(&[("no_proxy", "*")], "https://anything.example/"));
        assert!(!is_direct(&[("no_proxy", ",.,")], "https://anything.example/"));
    }
}
