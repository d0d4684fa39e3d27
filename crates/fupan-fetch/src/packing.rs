//! The compression of an answer is undone, within a bound.

use std::io::{self, Read as _};

use flate2::bufread::MultiGzDecoder;
use flate2::{Decompress, FlushDecompress, Status};

use crate::fault::FetchFault;

/// What is undone, as a request says it.
pub(crate) const ACCEPTED: &str = "gzip, deflate";

/// What is known and not undone.
const KNOWN: [&str; 3] = ["br", "zstd", "compress"];

/// The bytes of an answer. `packing` is its `Content-Encoding`; `most` bounds the result.
///
/// # Errors
/// If the compression is damaged, cut short, unknown, or holds more than `most` bytes.
pub(crate) fn unpack(
    sent: Vec<u8>,
    packing: Option<&str>,
    most: u64,
) -> Result<Vec<u8>, FetchFault> {
    let packing = packing.unwrap_or_default().trim().to_ascii_lowercase();
    match packing.as_str() {
        "" | "identity" if sent.len() as u64 > most => Err(FetchFault::TooLong(most)),
        "" | "identity" => Ok(sent),
        "gzip" | "x-gzip" => match read_bounded(MultiGzDecoder::new(sent.as_slice()), most) {
            Ok(unpacked) => Ok(unpacked),
            Err(None) => Err(FetchFault::TooLong(most)),
            Err(Some(_)) => Err(FetchFault::BadPacking),
        },
        // The standard means zlib's format; some servers send what is inside it.
        "deflate" => match inflate(&sent, true, most) {
            Err(FetchFault::BadPacking) => inflate(&sent, false, most),
            unpacked => unpacked,
        },
        // What else stands there is not repeated: it comes from outside.
        _ => {
            let known = KNOWN.into_iter().find(|known| *known == packing);
            Err(FetchFault::UnknownPacking(known))
        }
    }
}

/// All bytes of a reader, if they are at most `most`; no more than one beyond is read.
///
/// # Errors
/// `None` if there are more; what the reader says if it fails before.
pub(crate) fn read_bounded(reader: impl io::Read, most: u64) -> Result<Vec<u8>, Option<io::Error>> {
    let mut bytes = Vec::new();
    let read = reader.take(most.saturating_add(1)).read_to_end(&mut bytes);
    if bytes.len() as u64 > most {
        return Err(None);
    }
    read.map(|_| bytes).map_err(Some)
}

/// The library's reader takes data that is cut short for whole, so the end is looked for here.
fn inflate(sent: &[u8], has_head: bool, most: u64) -> Result<Vec<u8>, FetchFault> {
    let mut state = Decompress::new(has_head);
    let mut unpacked = Vec::with_capacity(64 << 10);
    loop {
        let at = usize::try_from(state.total_in()).map_err(|_| FetchFault::BadPacking)?;
        let before = (state.total_in(), state.total_out());
        let rest = sent.get(at..).unwrap_or_default();
        let status = state.decompress_vec(rest, &mut unpacked, FlushDecompress::None);
        if unpacked.len() as u64 > most {
            return Err(FetchFault::TooLong(most));
        }
        match status {
            Ok(Status::StreamEnd) if state.total_in() == sent.len() as u64 => return Ok(unpacked),
            Ok(Status::Ok | Status::BufError) if unpacked.len() == unpacked.capacity() => {
                let room = usize::try_from(most.saturating_add(1) - unpacked.len() as u64);
                let more = unpacked.len().max(64 << 10);
                unpacked.reserve_exact(more.min(room.unwrap_or(more)));
            }
            Ok(Status::Ok) if before != (state.total_in(), state.total_out()) => {}
            _ => return Err(FetchFault::BadPacking),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn plain() -> Vec<u8> {
        (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    fn gzip(plain: &[u8]) -> Vec<u8> {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(plain).unwrap();
        gzip.finish().unwrap()
    }

    fn packed() -> [(&'static str, Vec<u8>); 3] {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&plain()).unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(&plain()).unwrap();
        [
            ("gzip", gzip(&plain())),
            ("deflate", zlib.finish().unwrap()),
            ("Deflate", raw.finish().unwrap()),
        ]
    }

    #[test]
    fn what_is_packed_comes_out_whole() {
        for (packing, sent) in packed() {
            assert_eq!(unpack(sent, Some(packing), 1 << 20), Ok(plain()), "{packing}");
        }
        assert_eq!(unpack(b"as it is".to_vec(), None, 8), Ok(b"as it is".to_vec()));
        let twice = [gzip(b"one "), gzip(b"two")].concat();
        assert_eq!(unpack(twice, Some("x-gzip"), 7), Ok(b"one two".to_vec()));
        assert_eq!(unpack(gzip(b""), Some("gzip"), 0), Ok(Vec::new()));
    }

    #[test]
    fn what_is_cut_short_at_any_byte_or_goes_on_is_damaged() {
        for (packing, sent) in packed() {
            for cut in [0, 1, 2, 10, sent.len() / 2, sent.len() - 9, sent.len() - 1] {
                let cut = unpack(sent[..cut].to_vec(), Some(packing), 1 << 20);
                assert_eq!(cut, Err(FetchFault::BadPacking), "{packing}");
            }
            let goes_on = [&sent[..], b"more"].concat();
            let told = unpack(goes_on, Some(packing), 1 << 20);
            assert_eq!(told, Err(FetchFault::BadPacking), "{packing}");
        }
    }

    #[test]
    fn a_flipped_byte_is_damage_where_there_is_a_sum() {
        for (packing, sent) in &packed()[..2] {
            for at in (0..sent.len()).step_by(sent.len() / 50) {
                let mut flipped = sent.clone();
                flipped[at] ^= 0x10;
                if let Ok(read) = unpack(flipped, Some(packing), 1 << 20) {
                    assert_eq!(read, plain(), "{packing} at {at}");
                }
            }
        }
    }

    #[test]
    fn a_bomb_is_stopped_at_the_bound_and_one_byte_less_is_not() {
        for (packing, sent) in packed() {
            let size = plain().len() as u64;
            assert_eq!(unpack(sent.clone(), Some(packing), size), Ok(plain()));
            let told = unpack(sent, Some(packing), size - 1);
            assert_eq!(told, Err(FetchFault::TooLong(size - 1)), "{packing}");
        }
        assert_eq!(unpack(vec![0; 9], None, 8), Err(FetchFault::TooLong(8)));
        let bomb = gzip(&vec![0; 64 << 20]);
        assert!(bomb.len() < 100_000);
        assert_eq!(unpack(bomb, Some("gzip"), 1 << 20), Err(FetchFault::TooLong(1 << 20)));
    }

    /// Zeros without end, of which only so many may be read.
    struct Zeros(usize);

    impl io::Read for Zeros {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = buffer.len().min(1000);
            buffer[..read].fill(0);
            self.0 = self.0.checked_sub(read).expect("no more is read than the bound and one byte");
            Ok(read)
        }
    }

    #[test]
    fn no_more_is_read_than_the_bound_and_one_byte() {
        assert!(matches!(read_bounded(Zeros(5001), 5000), Err(None)));
        assert_eq!(read_bounded(&[0; 5000][..], 5000).unwrap().len(), 5000);
        let fails = read_bounded(io::Read::chain(&[0; 9][..], Fails), 5000);
        assert!(matches!(fails, Err(Some(_))));
    }

    struct Fails;

    impl io::Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }

    #[test]
    fn other_packing_is_refused_by_name() {
        for (packing, known) in [("br", Some("br")), ("ZSTD", Some("zstd")), ("gzip, gzip", None)] {
            let told = unpack(Vec::new(), Some(packing), 8);
            assert_eq!(told, Err(FetchFault::UnknownPacking(known)));
        }
    }
}
