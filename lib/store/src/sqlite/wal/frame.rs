//! The form of a write-ahead log of SQLite: a header of 32 bytes, then frames, each a header of 24 bytes and a page. Every number is
//! big-endian; each checksum goes on from the one before. <https://sqlite.org/fileformat2.html#walformat>

/// How long the header of a log is, in bytes.
pub const HEADER: usize = 32;
/// How long the header of a frame is, in bytes.
pub const FRAME_HEADER: usize = 24;
/// The smallest piece of a file that a disk writes wholly or not at all, in bytes.
const SECTOR: u64 = 512;
/// The first four bytes of a log; with the lowest bit set its checksums are of big-endian words.
const MAGIC: u32 = 0x377f_0682;

/// A checksum, which goes on from frame to frame.
pub type Sum = (u32, u32);

/// What the header of a log says.
#[derive(Debug, Clone, Copy)]
pub struct Header {
    /// How long a page is, in bytes.
    pub page: usize,
    /// What the headers of its frames repeat: other ones are left from an earlier use of the file.
    pub salts: [u8; 8],
    /// From where the first frame goes on.
    pub sum: Sum,
    big_endian: bool,
}

impl Header {
    /// Reads it; `None` if it is not what was written.
    pub fn read(bytes: &[u8; HEADER]) -> Option<Self> {
        let magic = word(bytes, 0);
        let page = word(bytes, 8) as usize;
        let is_known = magic & !1 == MAGIC && page.is_power_of_two() && (512..=65_536).contains(&page);
        let salts = bytes[16..24].try_into().expect("eight bytes are eight bytes");
        let header = Self { page, salts, sum: (word(bytes, 24), word(bytes, 28)), big_endian: magic & 1 == 1 };
        (is_known && header.go_on((0, 0), &bytes[..24]) == header.sum).then_some(header)
    }

    /// The checksum after `bytes`, which are a multiple of eight.
    pub fn go_on(&self, (mut one, mut two): Sum, bytes: &[u8]) -> Sum {
        let read = if self.big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
        let (words, _) = bytes.as_chunks::<4>();
        let (pairs, _) = words.as_chunks::<2>();
        for [first, second] in pairs {
            one = one.wrapping_add(read(*first)).wrapping_add(two);
            two = two.wrapping_add(read(*second)).wrapping_add(one);
        }
        (one, two)
    }
}

/// A frame, whatever it is worth.
#[derive(Debug)]
pub struct Frame<'a> {
    /// Where it begins in the file.
    pub at: u64,
    /// Its header and its page.
    pub bytes: &'a [u8],
}

impl Frame<'_> {
    /// The checksum that it says it has.
    pub fn sum(&self) -> Sum {
        (word(self.bytes, 16), word(self.bytes, 20))
    }

    /// Whether it was written since the log was begun anew the last time.
    pub fn is_of(&self, header: &Header) -> bool {
        self.bytes[8..16] == header.salts
    }

    /// Whether it is what was written after a frame with the checksum `before`.
    pub fn follows(&self, header: &Header, before: Sum) -> bool {
        let sum = header.go_on(before, &self.bytes[..8]);
        word(self.bytes, 0) != 0 && header.go_on(sum, &self.bytes[FRAME_HEADER..]) == self.sum()
    }

    /// Whether it says that it is the last one of a transaction.
    pub fn is_commit(&self) -> bool {
        word(self.bytes, 4) != 0
    }

    /// Whether its page number and whether it is a commit reached the disk together with its salts.
    pub fn is_told_in_one_piece(&self) -> bool {
        !(self.at + 8).is_multiple_of(SECTOR)
    }

    /// Whether its whole header reached the disk at once.
    pub fn is_headed_in_one_piece(&self) -> bool {
        self.at / SECTOR == (self.at + FRAME_HEADER as u64 - 1) / SECTOR
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes are four bytes"))
}
