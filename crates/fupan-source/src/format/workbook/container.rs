//! The compound file that holds a workbook: a small file system of sectors, little endian.
//!
//! A table (FAT) names for each sector the one that follows it in its stream. Streams shorter than
//! 4,096 bytes lie in sectors of 64 bytes inside the stream of the first directory entry.

/// The first bytes of a compound file.
pub(super) const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Sector numbers from here on have a meaning of their own; none is a sector.
const RESERVED: u32 = 0xFFFF_FFFA;

/// Bytes of the header, of a directory entry and of a small sector.
const HEADER: usize = 512;
const ENTRY: usize = 128;
const SMALL_SECTOR: usize = 64;

/// Streams of fewer bytes lie in small sectors.
const SMALL_STREAM: usize = 4_096;

/// The bytes of a compound file and how its sectors follow each other.
struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    next: Vec<u32>,
}

/// A stream or the root.
struct Entry {
    name: String,
    start: u32,
    length: usize,
}

/// The stream with the given name; `None` if the file is damaged or has none. It is never longer
/// than the file.
pub(super) fn stream(bytes: &[u8], name: &str) -> Option<Vec<u8>> {
    let container = Container::of(bytes)?;
    let entries = container.entries()?;
    let wanted = entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
    if wanted.length >= SMALL_STREAM {
        return container.content(wanted.start, wanted.length);
    }
    let root = entries.first()?;
    let holder = container.content(root.start, root.length)?;
    let table = container.whole(word(bytes, 60)?)?;
    let next: Vec<u32> = words(&table).collect();
    let mut content = Vec::new();
    for id in chain(wanted.start, &next)? {
        let start = (id as usize).checked_mul(SMALL_SECTOR)?;
        content.extend_from_slice(holder.get(start..start.checked_add(SMALL_SECTOR)?)?);
    }
    (content.len() >= wanted.length).then(|| {
        content.truncate(wanted.length);
        content
    })
}

impl<'a> Container<'a> {
    fn of(bytes: &'a [u8]) -> Option<Container<'a>> {
        let sector = match bytes.get(30..32)? {
            _ if !bytes.starts_with(&SIGNATURE) || bytes.len() < HEADER => return None,
            [9, 0] => 512,
            [12, 0] => 4_096,
            _ => return None,
        };
        let mut container = Container { bytes, sector, next: Vec::new() };
        let sectors = bytes.len() / sector + 1;
        // The sectors of the table: the header names the first ones, further sectors the rest, each
        // ending with the number of the next.
        let mut places: Vec<u32> = words(&bytes[76..HEADER]).collect();
        let mut further = word(bytes, 68)?;
        while further < RESERVED && places.len() <= sectors {
            let mut more: Vec<u32> = words(container.at(further)?).collect();
            further = more.pop()?;
            places.extend(more);
        }
        for place in places.into_iter().filter(|place| *place < RESERVED) {
            // Beyond the file's own sectors the table says nothing.
            if container.next.len() >= sectors {
                break;
            }
            let table: Vec<u32> = words(container.at(place)?).collect();
            container.next.extend(table);
        }
        Some(container)
    }

    /// The bytes of a sector; the last one may be cut short.
    fn at(&self, id: u32) -> Option<&'a [u8]> {
        let start = (id as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        Some(&rest[..rest.len().min(self.sector)])
    }

    /// All bytes of the sectors from one on.
    fn whole(&self, start: u32) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        for id in chain(start, &self.next)? {
            content.extend_from_slice(self.at(id)?);
        }
        Some(content)
    }

    fn content(&self, start: u32, length: usize) -> Option<Vec<u8>> {
        let mut content = self.whole(start)?;
        (content.len() >= length).then(|| {
            content.truncate(length);
            content
        })
    }

    fn entries(&self) -> Option<Vec<Entry>> {
        let directory = self.whole(word(self.bytes, 48)?)?;
        let entry = |entry: &[u8]| {
            let name: Vec<u16> = halves(&entry[..SMALL_SECTOR]).take_while(|c| *c != 0).collect();
            Some(Entry {
                name: String::from_utf16_lossy(&name),
                start: word(entry, 116)?,
                length: word(entry, 120)? as usize,
            })
        };
        directory.chunks_exact(ENTRY).map(entry).collect()
    }
}

/// The sectors of a stream; `None` if they do not end.
fn chain(start: u32, next: &[u32]) -> Option<Vec<u32>> {
    let (mut sectors, mut id) = (Vec::new(), start);
    while id < RESERVED {
        if sectors.len() >= next.len() {
            return None;
        }
        sectors.push(id);
        id = *next.get(id as usize)?;
    }
    Some(sectors)
}

/// The 32-bit number at a place.
fn word(bytes: &[u8], at: usize) -> Option<u32> {
    words(bytes.get(at..at + 4)?).next()
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four))
}

fn halves(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.as_chunks::<2>().0.iter().map(|two| u16::from_le_bytes(*two))
}
