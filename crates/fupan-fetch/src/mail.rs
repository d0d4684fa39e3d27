//! An email handed to the mail server of whoever runs the program.

use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::time::Duration;

use fupan_market::{Wording, shown};
use fupan_source::vendor::{Secret, SecretPlace};
use lettre::address::Envelope;
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::{Address, SmtpTransport, Transport as _};
use url::Url;

use crate::error::FetchError;
use crate::fault::{FetchFault, SlowStep};
use crate::fetcher::{Attempt, Fetcher, Tries};
use crate::progress::{AnswerFrom, FetchProgress};
use crate::secrets::Secrets;
use crate::source_state::Turn;
use crate::wait::between;

/// The variable that holds the mail server's address, with user and password:
/// `smtps://user:password@smtp.example.com`, or `smtp://…:587?tls=required`.
pub const MAIL_SERVER: &str = "FUPAN_SMTP_URL";

/// How long each step may take. A server that looks through an email before it takes it may need
/// minutes (RFC 5321, section 4.5.3.2), and asking again would deliver it twice.
const PATIENCE: Duration = Duration::from_secs(120);

/// The source whose pace emails keep.
const SOURCE: &str = "email";

/// An email that is ready to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// The sender's address.
    pub from: &'a str,
    /// The recipient's address. Each gets a letter of their own: one who is refused keeps it from
    /// nobody else, and whoever sends knows who has it.
    pub to: &'a str,
    /// The message in MIME (RFC 5322), with its headers and CRLF line ends.
    pub message: &'a [u8],
}

impl Fetcher {
    /// Hands an email to the mail server of [`MAIL_SERVER`], again where that may help.
    ///
    /// The server's answer may be lost on the way, so that the recipient may have the email twice.
    ///
    /// # Errors
    /// If the variable is not set, or holds no address that can be used: a password is sent over an
    /// encrypted connection only; if the server is left alone, does not answer, or refuses.
    pub fn mail(
        &self,
        letter: &Letter<'_>,
        progress: &dyn FetchProgress,
    ) -> Result<(), FetchError> {
        let secret = Secret { variable: MAIL_SERVER, place: SecretPlace::Url };
        let secrets = Secrets::of(SOURCE, &[secret], &*self.outside)?;
        let server = server(secrets.values().next().unwrap_or_default())?;
        let server = server.timeout(Some(PATIENCE)).build();
        let envelope = envelope(letter)?;
        // The protocol ends the last line itself.
        let message = letter.message.strip_suffix(b"\r\n").unwrap_or(letter.message);
        let mut once = |tries: &mut Tries| {
            self.wait_for_leave(SOURCE, Turn::New, tries.last.as_ref(), progress)?;
            let at = self.outside.now();
            let sent = server.send_raw(&envelope, message);
            tries.spent += between(at, self.outside.now());
            Ok(match sent {
                Ok(_) => Attempt::Good(()),
                Err(error) => judged(&error, letter.to, &secrets),
            })
        };
        self.persist((SOURCE, letter.to), &mut once, progress).map_err(|(error, _)| error)?;
        progress.kept(letter.to, AnswerFrom::Vendor);
        Ok(())
    }
}

/// The server of an address.
fn server(address: &str) -> Result<lettre::transport::smtp::SmtpTransportBuilder, FetchError> {
    let bad = |en: &str, zh: &str| FetchError::BadVariable {
        source: SOURCE,
        variable: MAIL_SERVER,
        reason: Wording::new(en, zh),
    };
    let no_address = || {
        bad(
            "it is no address of a mail server; write smtps://user:password@smtp.example.com, with %40 \
             for an @ in user or password",
            "它不是邮件服务器地址；请写smtps://用户:密码@smtp.example.com，用户或密码中的@写作%40",
        )
    };
    let url = Url::parse(address).map_err(|_| no_address())?;
    // The host of such an address is text, also where it is a number.
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(no_address)?;
    let number = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_here = host == "localhost" || number.is_ok_and(|address| address.is_loopback());
    let is_encrypted = match url.scheme() {
        "smtps" => true,
        // The first one is what the library goes by.
        "smtp" => {
            url.query_pairs().find(|(key, _)| key == "tls").is_some_and(|(_, v)| v == "required")
        }
        _ => return Err(no_address()),
    };
    if !is_encrypted && !is_here {
        return Err(bad(
            "the email and its password would go unencrypted; write smtps://, or add ?tls=required",
            "邮件与密码会以明文发送；请写smtps://，或加上?tls=required",
        ));
    }
    let server = SmtpTransport::from_url(address).map_err(|_| no_address())?;
    Ok(server.authentication(vec![Mechanism::Plain, Mechanism::Login]))
}

fn envelope(letter: &Letter<'_>) -> Result<Envelope, FetchError> {
    let bad = |text: &str| FetchError::BadRequest {
        source: SOURCE,
        name: "mail".to_owned(),
        reason: Wording::new(
            format!("`{}` is no address", shown(text)),
            format!("`{}`不是邮件地址", shown(text)),
        ),
    };
    let address = |text: &str| text.parse::<Address>().map_err(|_| bad(text));
    let (from, to) = (address(letter.from)?, address(letter.to)?);
    Envelope::new(Some(from), vec![to]).map_err(|_| bad(letter.to))
}

/// What an attempt that failed brought. Codes from 500 on are final (RFC 5321, section 4.2.1), and so is
/// what the two sides have no way of speaking.
fn judged(error: &SmtpError, to: &str, secrets: &Secrets) -> Attempt<()> {
    let mut said = error.to_string();
    let mut of_system = None;
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        of_system = of_system.or(inner.downcast_ref::<io::Error>().map(io::Error::kind));
        let inner_said = inner.to_string();
        if !said.contains(&inner_said) {
            said = format!("{said}: {inner_said}");
        }
        cause = inner.source();
    }
    let said = shown(&secrets.scrub(&said)).into_owned();
    let both = || Wording::new(said.clone(), said.clone());
    if error.is_permanent() || error.is_client() {
        let is_login = error.status().is_some_and(|code| matches!(u16::from(code), 534 | 535));
        let hint = match is_login {
            true => Wording::new(
                " (user and password are not taken; many providers want an authorization code in place \
                 of the password)",
                "（用户或密码未被接受；许多邮箱要求以授权码代替密码）",
            ),
            false => Wording::none(),
        };
        let reason = Wording::new(
            format!("the mail server refuses: {said}{}", hint.en),
            format!("邮件服务器拒收：{said}{}", hint.zh),
        );
        let (source, name) = (SOURCE, to.to_owned());
        return Attempt::Never(FetchError::Never { source, name, reason, kept: None }, ());
    }
    let fault = match of_system {
        Some(ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
            FetchFault::TooSlow(SlowStep::NextBytes)
        }
        _ if said.contains("failed to lookup address") => FetchFault::NoHost,
        _ if error.is_tls() => FetchFault::Insecure(both()),
        _ if error.is_transient() => FetchFault::NotKept(Wording::new(
            format!("the mail server says: {said}"),
            format!("邮件服务器答复：{said}"),
        )),
        _ if error.is_response() => FetchFault::NotKept(both()),
        _ => FetchFault::NoConnection(both()),
    };
    Attempt::Bad(fault, None, None)
}
