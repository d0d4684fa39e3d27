//! What comes in place of an answer: pages, statuses, damage, nothing.

use super::told::{Ending, Sent, Writing};
use super::{Leads, Way, of_days, of_list};
use Leads::{Next, Nothing, Remark};

/// A page of the web in place of the answer.
fn page(sent: &mut Sent, html: &str) {
    sent.says(200, html);
    sent.headers = vec!["Content-Type: text/html; charset=utf-8".to_owned()];
}

/// So many zeros by raw deflate: one, and then the one before, 258 times over and over.
fn bomb(zeros: usize) -> Vec<u8> {
    let mut bits = vec![true, true, false];
    let code = |bits: &mut Vec<bool>, word: u32, length: u32| {
        bits.extend((0..length).rev().map(|place| word >> place & 1 == 1));
    };
    code(&mut bits, 0b0011_0000, 8);
    for _ in 0..zeros / 258 {
        code(&mut bits, 0b1100_0101, 8);
        code(&mut bits, 0, 5);
    }
    code(&mut bits, 0, 7);
    let byte = |eight: &[bool]| {
        eight.iter().enumerate().fold(0, |byte, (place, bit)| byte | u8::from(*bit) << place)
    };
    bits.chunks(8).map(byte).collect()
}

pub const WAYS: &[Way] = &[
    of_list("a page of the web", Next("web page", "网页"), |sent, _| {
        page(sent, "<!DOCTYPE html><html><body>Welcome</body></html>");
    }),
    of_list("a login", Next("a login", "登录"), |sent, _| {
        page(sent, "<html><form action='/login?back=1'></form></html>");
    }),
    of_list("a check by a human", Next("check by a human", "人工验证"), |sent, _| {
        page(sent, "<html>请完成滑块验证后继续访问</html>");
    }),
    of_days("tencent", "a check by a human in GBK", Next("human", "人工验证"), |sent, _| {
        page(sent, "<html>访问频繁，请输入验证码</html>");
    }),
    of_list("a call around the answer", Nothing, |sent, _| {
        sent.text = format!("jQuery351({});", sent.text);
    }),
    of_list("a mark of byte order", Nothing, |sent, _| sent.text.insert(0, '\u{feff}')),
    of_list("an empty body", Next("the answer is empty", "应答是空的"), |sent, _| {
        sent.text.clear();
    }),
    of_list("an empty body once", Nothing, |sent, told| {
        if told.number == 1 {
            sent.text.clear();
        }
    }),
    of_list("blanks alone", Next("the answer is empty", "应答是空的"), |sent, _| {
        sent.says(200, " \r\n\t ");
    }),
    of_list(
        "a body shorter than its length",
        Next("connection ended", "连接就断了"),
        |sent, _| {
            sent.ending = Ending::Short(100);
        },
    ),
    of_list("a body shorter than its length once", Nothing, |sent, told| {
        if told.number == 1 {
            sent.ending = Ending::Short(100);
        }
    }),
    of_list("half a body without a length", Next("cut short", "不完整"), |sent, _| {
        sent.text.truncate(900);
        sent.ending = Ending::Closed;
    }),
    of_days("sina", "half a quote without a length", Next("cut short", "不完整"), |sent, _| {
        let half = sent.text.len() / 2;
        let at = (half..).find(|at| sent.text.is_char_boundary(*at)).unwrap();
        sent.text.truncate(at);
        sent.ending = Ending::Closed;
    }),
    of_list("closed before an answer", Next("connection", "连接"), |sent, _| {
        sent.ending = Ending::Nothing;
    }),
    of_list("closed before an answer once", Nothing, |sent, told| {
        if told.number == 0 {
            sent.ending = Ending::Nothing;
        }
    }),
    of_list("no HTTP", Next("not HTTP", "不符合HTTP"), |sent, _| {
        sent.says(200, "SSH-2.0-OpenSSH_9.9\r\n\r\n");
        sent.ending = Ending::Bare;
    }),
    of_list("slow to begin", Next("no byte of the answer", "任何数据"), |sent, _| {
        sent.ending = Ending::Silent;
    }),
    of_list("slow and dripping", Next("whole answer takes too long", "时间过长"), |sent, _| {
        sent.ending = Ending::Drip;
    }),
    of_list(
        "gzip that is none",
        Next("compression is damaged", "压缩数据已损坏"),
        |sent, _| {
            sent.header("Content-Encoding: gzip");
        },
    ),
    of_list("packed without a word", Next("compressed", "压缩"), |sent, _| {
        sent.bytes = Some([&[0x1F, 0x8B, 8, 0][..], &[7; 900]].concat());
    }),
    of_list("packed as nobody asked", Next("`br`", "`br`"), |sent, _| {
        sent.header("Content-Encoding: br");
    }),
    of_list("a bomb", Next("longer than 2097152 bytes", "超过2097152字节"), |sent, _| {
        sent.header("Content-Encoding: deflate");
        sent.bytes = Some(bomb(40 << 20));
    }),
    of_list(
        "too many bytes",
        Next("longer than 1048576 bytes", "超过1048576字节"),
        |sent, _| {
            sent.text.push_str(&" ".repeat(1 << 20));
        },
    ),
    of_list("GBK for UTF-8", Next("no text in its encoding", "不属于其编码"), |sent, _| {
        sent.writing = Writing::Gbk;
    }),
    of_days("tencent", "UTF-8 for GBK", Nothing, |sent, _| sent.writing = Writing::Utf8),
    of_days("sina", "bytes of no charset", Next("no text", "不属于其编码"), |sent, _| {
        sent.bytes = Some([sent.text.as_bytes(), &[0xFF, 0xFE, b'"', b';']].concat());
    }),
    of_list("HTTP 403", Next("HTTP 403", "HTTP 403"), |sent, _| sent.says(403, "no")),
    of_list("HTTP 404", Next("HTTP 404", "HTTP 404"), |sent, _| sent.says(404, "{}")),
    of_list("HTTP 401", Next("HTTP 401", "HTTP 401"), |sent, _| sent.says(401, "{}")),
    of_days("sina", "HTTP 456", Next("HTTP 456", "HTTP 456"), |sent, _| sent.says(456, "")),
    of_list("HTTP 204", Next("HTTP 204", "HTTP 204"), |sent, _| sent.says(204, "")),
    of_list("HTTP 206", Next("HTTP 206", "HTTP 206"), |sent, _| sent.status = 206),
    of_list("HTTP 304", Next("nothing was kept", "没有保存"), |sent, _| sent.says(304, "")),
    of_list("HTTP 429", Next("status 429", "状态码429"), |sent, _| sent.says(429, "")),
    of_list("HTTP 429 and a moment", Nothing, |sent, told| {
        if told.number == 1 {
            sent.says(429, "");
            sent.header("Retry-After: 90");
        }
    }),
    of_list("HTTP 429 and half an hour", Next("left alone until", "不再请求"), |sent, _| {
        sent.says(429, "");
        sent.header("Retry-After: 1800");
    }),
    of_list("HTTP 500 once", Nothing, |sent, told| {
        if told.number == 1 {
            sent.says(500, "oops");
        }
    }),
    of_list("HTTP 503", Next("status 503", "状态码503"), |sent, _| sent.says(503, "")),
    of_list("a fault of status 200", Next("rc 102", "rc 102"), |sent, _| {
        sent.says(200, r#"{"rc":102,"data":null}"#);
    }),
    of_list("a message of status 200", Next("系统繁忙", "系统繁忙"), |sent, _| {
        sent.says(200, r#"{"success":false,"message":"系统繁忙"}"#);
    }),
    of_list("sent elsewhere", Next("elsewhere.example", "elsewhere.example"), |sent, _| {
        sent.says(302, "");
        sent.header("Location: https://elsewhere.example/login");
    }),
    of_list("sent round and round", Next("again and again", "反复重定向"), |sent, _| {
        sent.says(302, "");
        sent.header("Location: /api/qt/clist/get?pn=1&pz=100");
    }),
    of_days("tushare", "a post sent on", Next("would be lost", "数据会丢失"), |sent, _| {
        sent.says(302, "");
        sent.header("Location: /other");
    }),
    of_days(
        "tushare",
        "a wrong token",
        Next("check TUSHARE_TOKEN", "检查TUSHARE_TOKEN"),
        |sent, told| {
            let token = told.body()["token"].as_str().unwrap_or_default().to_owned();
            assert!(!token.is_empty(), "the vendor is told the token");
            sent.says(
                200,
                &format!(r#"{{"code":40101,"msg":"您的token不对：{token}","data":null}}"#),
            );
        },
    ),
    of_days(
        "tushare",
        "a token that comes back in a page",
        Next("web page", "网页"),
        |sent, told| {
            let token = told.body()["token"].as_str().unwrap_or_default().to_uppercase();
            page(sent, &format!("<html>{token}</html>"));
        },
    ),
    of_days("tushare", "no more today", Next("quota of the day", "当日额度"), |sent, _| {
        sent.says(200, r#"{"code":40203,"msg":"抱歉，您每天最多访问该接口100次","data":null}"#);
    }),
    of_days(
        "tushare",
        "no more this minute",
        Remark("2 of 240 shares", "2只没有数据"),
        |sent, told| {
            if told.number == 0 {
                let said = "抱歉，您每分钟最多访问该接口2次";
                sent.says(200, &format!(r#"{{"code":40203,"msg":"{said}","data":null}}"#));
            }
        },
    ),
    of_days("tushare", "no right", Next("lacks the points", "积分不足"), |sent, _| {
        sent.says(200, r#"{"code":2002,"msg":"没有接口访问权限","data":null}"#);
    }),
];
