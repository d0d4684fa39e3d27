//! Signatures of requests, which need the instant at which they are sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How a request is signed with a secret that is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// DingTalk's group robots: `timestamp` in milliseconds and `sign` in the query.
    ///
    /// From DingTalk's page on the security settings of custom robots: HMAC-SHA256 of
    /// `timestamp` + line feed + secret, keyed by the secret, in base64.
    DingTalk,
    /// Feishu's custom robots: `timestamp` in seconds and `sign` at the top of the JSON body.
    ///
    /// From Feishu's guide to custom robots: HMAC-SHA256 of nothing, keyed by `timestamp` + line
    /// feed + secret, in base64.
    Feishu,
}

/// What a signature adds to a request, as names and values; values are not encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Parts of the query, after the others.
    pub query: Vec<(&'static str, String)>,
    /// Fields at the top of the JSON body.
    pub fields: Vec<(&'static str, String)>,
}

impl Signing {
    /// Signs a request with a secret at an instant in milliseconds since 1970 UTC. Both robots
    /// accept a signature for an hour; a request that is sent again is signed again.
    pub fn sign(self, secret: &str, unix_milliseconds: u64) -> Signature {
        let (key, message, timestamp) = match self {
            Signing::DingTalk => {
                let timestamp = unix_milliseconds.to_string();
                (secret.to_owned(), format!("{timestamp}\n{secret}"), timestamp)
            }
            Signing::Feishu => {
                let timestamp = (unix_milliseconds / 1_000).to_string();
                (format!("{timestamp}\n{secret}"), String::new(), timestamp)
            }
        };
        // A key of HMAC may have any length; a digest of nothing would be refused by the robot.
        let sign = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map(|mut mac| {
            mac.update(message.as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        });
        let added = vec![("timestamp", timestamp), ("sign", sign.unwrap_or_default())];
        match self {
            Signing::DingTalk => Signature { query: added, fields: Vec::new() },
            Signing::Feishu => Signature { query: Vec::new(), fields: added },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed by another program from the robots' published recipes.
    #[test]
    fn signatures_are_those_of_the_published_recipes() {
        let at = 1_770_876_000_123;
        let added = |timestamp: &str, sign: &str| {
            vec![("timestamp", timestamp.to_owned()), ("sign", sign.to_owned())]
        };
        let signed = Signing::DingTalk.sign("SECinvented", at);
        let sign = "J00BMZ6k1RFU3DTqqUHuX0xEHTDXGQ1YFTM/IhKS670=";
        assert_eq!(signed.query, added("1770876000123", sign));
        assert!(signed.fields.is_empty());
        let signed = Signing::Feishu.sign("SECinvented", at);
        let sign = "9ODBeGel1CSrOTVsqdy7FCx2UKhkIoYhzZDM38YmH8E=";
        assert_eq!(signed.fields, added("1770876000", sign));
        assert!(signed.query.is_empty());
    }
}
