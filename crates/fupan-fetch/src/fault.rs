//! What is wrong with one attempt.

use fupan_market::{Wording, shown};

/// What is wrong with one attempt to get an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchFault {
    /// The host's name is not known here: it is wrong, or this computer is offline.
    NoHost,
    /// This computer reaches no network.
    NoNetwork,
    /// There is no connection.
    NoConnection(Wording),
    /// The connection cannot be encrypted as it must be.
    Insecure(Wording),
    /// The proxy is not there, or does not let the connection through.
    Proxy(Wording),
    /// It takes too long; until which step.
    TooSlow(SlowStep),
    /// The connection ended before the answer did.
    CutShort,
    /// The answer breaks HTTP.
    Garbled(Wording),
    /// The status line and the headers are longer than so many bytes.
    HeadTooLong(usize),
    /// The answer is longer than so many bytes.
    TooLong(u64),
    /// The answer's compression is damaged.
    BadPacking,
    /// The answer's compression is one that was not asked for; which, if it is one that is known.
    UnknownPacking(Option<&'static str>),
    /// A status that says that it may go well later.
    Busy(u16),
    /// “Not changed”, and nothing was kept.
    NothingKept,
    /// A redirect that is not followed, and why.
    Redirected(RedirectFault),
    /// The answer is not one to keep, by what is known of the source.
    NotKept(Wording),
}

/// The step that took too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowStep {
    /// Connecting.
    Connecting,
    /// The next bytes of the answer.
    NextBytes,
    /// The whole answer.
    Whole,
}

/// Why a redirect is not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectFault {
    /// It says no address, or none that can be read.
    Nowhere,
    /// It leads away; to which scheme and host.
    Elsewhere(String),
    /// It leads to another one, too often.
    Again,
    /// What was sent would be lost.
    BodyLost,
}

impl FetchFault {
    /// Whether the same request may bring an answer when it is sent again.
    pub fn is_passing(&self) -> bool {
        match self {
            FetchFault::NoHost
            | FetchFault::NoNetwork
            | FetchFault::NoConnection(_)
            | FetchFault::Proxy(_)
            | FetchFault::TooSlow(_)
            | FetchFault::CutShort
            | FetchFault::BadPacking
            | FetchFault::Busy(_)
            | FetchFault::NotKept(_) => true,
            FetchFault::Insecure(_)
            | FetchFault::Garbled(_)
            | FetchFault::HeadTooLong(_)
            | FetchFault::TooLong(_)
            | FetchFault::UnknownPacking(_)
            | FetchFault::NothingKept
            | FetchFault::Redirected(_) => false,
        }
    }

    /// Whether it is a failure of the source, and not of this computer or of the way to it.
    pub fn is_of_source(&self) -> bool {
        !matches!(self, FetchFault::NoHost | FetchFault::NoNetwork | FetchFault::Proxy(_))
    }

    /// What is wrong, in both languages.
    pub fn wording(&self) -> Wording {
        match self {
            FetchFault::NoHost => Wording::new(
                "its host is not found; is this computer online?",
                "找不到它的主机；请检查本机是否联网",
            ),
            FetchFault::NoNetwork => Wording::new(
                "no network is reached; is this computer online?",
                "网络不可达；请检查本机是否联网",
            ),
            FetchFault::NoConnection(said) => lead("no connection", "无法建立连接", said),
            FetchFault::Insecure(said) => lead("no secure connection", "无法建立安全连接", said),
            FetchFault::Proxy(said) => {
                lead("the proxy gives no connection", "代理服务器没有接通", said)
            }
            FetchFault::TooSlow(step) => step.wording(),
            FetchFault::CutShort => Wording::new(
                "the connection ended before the answer did",
                "回答还没收完，连接就断了",
            ),
            FetchFault::Garbled(said) => lead("the answer is not HTTP", "回答不符合HTTP协议", said),
            FetchFault::HeadTooLong(most) => Wording::new(
                format!("the headers of the answer are longer than {most} bytes"),
                format!("回答的头部超过{most}字节"),
            ),
            FetchFault::TooLong(most) => Wording::new(
                format!("the answer is longer than {most} bytes"),
                format!("回答超过{most}字节"),
            ),
            FetchFault::BadPacking => {
                Wording::new("the answer's compression is damaged", "回答的压缩数据已损坏")
            }
            FetchFault::UnknownPacking(name) => {
                let name = name.unwrap_or("?");
                Wording::new(
                    format!("the answer is compressed by `{name}`, which nobody asked for"),
                    format!("回答用`{name}`压缩，请求中并未允许"),
                )
            }
            FetchFault::Busy(status) => Wording::new(
                format!("it answers with the status {status}{}", meaning(*status).en),
                format!("它返回状态码{status}{}", meaning(*status).zh),
            ),
            FetchFault::NothingKept => Wording::new(
                "it answers that nothing has changed, and nothing was kept before",
                "它回答内容没有变化，但此前没有保存任何回答",
            ),
            FetchFault::Redirected(why) => why.wording(),
            FetchFault::NotKept(reason) => reason.clone(),
        }
    }
}

impl SlowStep {
    fn wording(self) -> Wording {
        match self {
            SlowStep::Connecting => Wording::new("connecting takes too long", "建立连接的时间过长"),
            SlowStep::NextBytes => Wording::new(
                "for too long no byte of the answer came",
                "太久没有收到回答的任何数据",
            ),
            SlowStep::Whole => {
                Wording::new("the whole answer takes too long", "收完整个回答的时间过长")
            }
        }
    }
}

impl RedirectFault {
    fn wording(&self) -> Wording {
        match self {
            RedirectFault::Nowhere => Wording::new(
                "it redirects to an address that cannot be read",
                "它重定向到一个无法解读的地址",
            ),
            RedirectFault::Elsewhere(origin) => Wording::new(
                format!("it redirects to {}; only its own host is followed", shown(origin)),
                format!("它重定向到{}；只跟随同一主机内的重定向", shown(origin)),
            ),
            RedirectFault::Again => Wording::new("it redirects again and again", "它反复重定向"),
            RedirectFault::BodyLost => Wording::new(
                "it redirects a request that sends data, which would be lost",
                "它重定向了带数据的请求，数据会丢失",
            ),
        }
    }
}

fn lead(en: &str, zh: &str, said: &Wording) -> Wording {
    if said.is_empty() {
        return Wording::new(en, zh);
    }
    Wording::new(format!("{en}: {}", said.en), format!("{zh}：{}", said.zh))
}

/// What a status says, as a clause to append; may be empty.
fn meaning(status: u16) -> Wording {
    match status {
        408 => Wording::new(" (it waited too long for the request)", "（等待请求超时）"),
        425 | 429 => Wording::new(" (too many requests)", "（请求过于频繁）"),
        500..=599 => Wording::new(" (it fails itself)", "（对方服务出错）"),
        _ => Wording::none(),
    }
}
