//! One request over the network, and its answer. The only place that opens a connection.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use fupan_market::Wording;
use ureq::config::Config;
use ureq::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body, Proxy, Timeout};
use url::Url;

use crate::error::FetchError;
use crate::fault::{FetchFault, SlowStep};
use crate::outside::Outside;
use crate::packing;
use crate::prepare::Prepared;
use crate::proxies::Proxies;
use crate::redirect;
use crate::settings::{Bounds, Settings};

/// Connections to vendors.
#[derive(Debug)]
pub(crate) struct Wire {
    direct: Agent,
    http: Option<Agent>,
    https: Option<Agent>,
    proxies: Proxies,
    bounds: Bounds,
}

/// An answer as it came, with its compression undone. It may still hold secrets.
pub(crate) struct Heard {
    pub status: u16,
    pub media_type: Option<String>,
    pub location: Option<String>,
    pub retry_after: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Empty for a redirect, and for a status that says to try again later.
    pub body: Vec<u8>,
    /// Whether the end of the connection was the end of the answer, so that nothing says that it is
    /// whole.
    pub ended_by_close: bool,
}

impl Wire {
    /// Reads the proxies of the environment.
    ///
    /// # Errors
    /// If a variable holds no proxy's address.
    pub fn new(settings: &Settings, outside: &dyn Outside) -> Result<Wire, FetchError> {
        let proxies = Proxies::read(outside)?;
        let through = |proxy: &Option<Proxy>| {
            proxy.clone().map(|proxy| Agent::new_with_config(config(settings, Some(proxy))))
        };
        Ok(Wire {
            direct: Agent::new_with_config(config(settings, None)),
            http: through(&proxies.http),
            https: through(&proxies.https),
            proxies,
            bounds: settings.bounds,
        })
    }

    /// Sends a request to an address, and receives the answer. Redirects are not followed.
    pub fn exchange(
        &self,
        prepared: &Prepared,
        url: &Url,
        more: &[(HeaderName, HeaderValue)],
    ) -> Result<Heard, FetchFault> {
        let through = match url.scheme() {
            _ if self.proxies.is_direct(url) => None,
            "https" => self.https.as_ref(),
            _ => self.http.as_ref(),
        };
        let agent = through.unwrap_or(&self.direct);
        let method = if prepared.body.is_some() { Method::POST } else { Method::GET };
        let mut request = Request::builder().method(method).uri(url.as_str());
        for (name, value) in prepared.headers.iter().chain(more) {
            request = request.header(name, value);
        }
        let sent = match &prepared.body {
            Some(body) => request.body(body.as_slice()).map(|request| agent.run(request)),
            None => request.body(()).map(|request| agent.run(request)),
        };
        // The library's own message may hold the address.
        let sent = sent.map_err(|_| {
            FetchFault::Garbled(Wording::new("the request cannot be written", "请求无法写成HTTP"))
        })?;
        let response = sent.map_err(|fault| match fault_of(fault) {
            // It is the proxy that is not there; of the vendor nothing is known.
            FetchFault::NoConnection(said) if through.is_some() => FetchFault::Proxy(said),
            fault => fault,
        });
        self.hear(response?)
    }

    fn hear(&self, response: Response<Body>) -> Result<Heard, FetchFault> {
        let (parts, body) = response.into_parts();
        let text = |name| text(&parts.headers, name);
        let status = parts.status.as_u16();
        let mut heard = Heard {
            status,
            media_type: text(header::CONTENT_TYPE),
            location: text(header::LOCATION),
            retry_after: text(header::RETRY_AFTER),
            etag: text(header::ETAG),
            last_modified: text(header::LAST_MODIFIED),
            body: Vec::new(),
            ended_by_close: false,
        };
        if redirect::is_redirect(status) || is_busy(status) || status == 304 {
            return Ok(heard);
        }
        let most = self.bounds.sent;
        if body.content_length().is_some_and(|said| said > most) {
            return Err(FetchFault::TooLong(most));
        }
        let sent = packing::read_bounded(body.into_reader(), most).map_err(|fault| {
            let Some(fault) = fault else { return FetchFault::TooLong(most) };
            match fault_of(fault.into()) {
                // In the midst of an answer a fault of the connection or of its chunks is damage.
                FetchFault::NoConnection(_) | FetchFault::Garbled(_) => FetchFault::CutShort,
                fault => fault,
            }
        })?;
        let is_counted = parts.headers.contains_key(header::CONTENT_LENGTH)
            || text(header::TRANSFER_ENCODING).is_some_and(|said| said.contains("chunked"));
        let has_body = status != 204;
        heard.ended_by_close = !is_counted && has_body;
        let packing = packing_of(&parts.headers).filter(|_| has_body);
        heard.body = packing::unpack(sent, packing.as_deref(), self.bounds.unpacked)?;
        Ok(heard)
    }
}

/// Whether a status says that the same request may go well later.
pub(crate) fn is_busy(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599)
}

fn config(settings: &Settings, proxy: Option<Proxy>) -> Config {
    // Said here, as the program holds two and the library would choose by what else is compiled.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(provider)
        .build();
    Agent::config_builder()
        .tls_config(tls)
        .proxy(proxy)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(settings.user_agent.as_str())
        .accept_encoding(packing::ACCEPTED)
        .timeout_connect(Some(settings.timeouts.connect))
        .timeout_per_read(Some(settings.timeouts.idle))
        .timeout_per_write(Some(settings.timeouts.idle))
        .timeout_global(Some(settings.timeouts.whole))
        .max_response_header_size(settings.bounds.head)
        .build()
}

/// A header as text; `None` if it is not there, is not ASCII, or is unreasonably long.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    Some(text.to_owned()).filter(|text| !text.is_empty() && text.len() <= 4096)
}

/// All that was done to the answer, in one text; one that is no text is none that is known.
fn packing_of(headers: &HeaderMap) -> Option<String> {
    let said = headers.get_all(header::CONTENT_ENCODING).iter();
    let said: Vec<&str> = said.map(|value| value.to_str().unwrap_or("?")).collect();
    Some(said.join(", ")).filter(|said| !said.is_empty())
}

fn fault_of(fault: ureq::Error) -> FetchFault {
    use ureq::Error;
    let garbled =
        |said: &dyn std::fmt::Display| FetchFault::Garbled(Wording::of_library("HTTP库", &said));
    match fault {
        Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            FetchFault::TooSlow(SlowStep::Connecting)
        }
        Error::Timeout(Timeout::PerRead | Timeout::PerWrite) => {
            FetchFault::TooSlow(SlowStep::NextBytes)
        }
        Error::Timeout(_) => FetchFault::TooSlow(SlowStep::Whole),
        Error::Io(fault) => io_fault(&fault),
        Error::HostNotFound => FetchFault::NoHost,
        Error::LargeResponseHeader(_, most) => FetchFault::HeadTooLong(most),
        Error::Tls(said) => FetchFault::Insecure(Wording::of_library("TLS库", &said)),
        Error::Rustls(said) => insecure(&said),
        Error::TlsRequired => FetchFault::Insecure(Wording::none()),
        Error::ConnectProxyFailed(said) => {
            FetchFault::Proxy(Wording::of_library("代理服务器", &said))
        }
        Error::InvalidProxyUrl => FetchFault::Proxy(Wording::none()),
        Error::ConnectionFailed => FetchFault::NoConnection(Wording::none()),
        Error::Protocol(said) => garbled(&said),
        // It may hold the address.
        Error::BadUri(_) | Error::RequireHttpsOnly(_) => garbled(&"bad address"),
        other => garbled(&other),
    }
}

fn io_fault(fault: &io::Error) -> FetchFault {
    if let Some(said) = fault.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return insecure(said);
    }
    match fault.kind() {
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown | ErrorKind::AddrNotAvailable => {
            FetchFault::NoNetwork
        }
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::UnexpectedEof
        | ErrorKind::BrokenPipe => FetchFault::CutShort,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => FetchFault::TooSlow(SlowStep::NextBytes),
        ErrorKind::InvalidData | ErrorKind::InvalidInput => {
            FetchFault::Garbled(Wording::of_library("HTTP库", fault))
        }
        // The standard library has no kind for it.
        _ if fault.to_string().starts_with("failed to lookup address") => FetchFault::NoHost,
        _ => FetchFault::NoConnection(Wording::of_system(fault)),
    }
}

/// Without the details of a certificate, which are of no use and may be long.
fn insecure(fault: &rustls::Error) -> FetchFault {
    FetchFault::Insecure(match fault {
        rustls::Error::InvalidCertificate(_) => Wording::new(
            "its certificate is not one that this computer trusts; does something on the way read \
             along, or is the clock wrong?",
            "本机不信任它的证书；请检查网络中是否有中间设备，以及本机时间是否正确",
        ),
        other => {
            let said: String = other.to_string().chars().take(200).collect();
            Wording::of_library("TLS库", &said)
        }
    })
}
