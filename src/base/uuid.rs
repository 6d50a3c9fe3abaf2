//! Names → UUIDs of version 5 (RFC 9562), which are SHA-1 (FIPS 180-4) of a namespace and the name.

/// The UUID of a name in a namespace.
///
/// ```
/// // The example of the podcast namespace's documentation.
/// let podcasts = 0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6;
/// let guid = pufa::base::uuid::of_name(podcasts, "podnews.net/rss");
/// assert_eq!(guid, "9b024349-ccf0-5f69-a609-6b82873eab3c");
/// ```
#[must_use]
pub fn of_name(namespace: u128, name: &str) -> String {
    let mut bytes = namespace.to_be_bytes().to_vec();
    bytes.extend_from_slice(name.as_bytes());
    let [a, b, c, d, _] = sha1(&bytes);
    let (b, c) = ((b & 0xffff_0fff) | 0x5000, (c & 0x3fff_ffff) | 0x8000_0000);
    format!(
        "{a:08x}-{:04x}-{:04x}-{:04x}-{:04x}{d:08x}",
        b >> 16,
        b & 0xffff,
        c >> 16,
        c & 0xffff
    )
}

/// SHA-1 in five words; only for names, never where somebody could gain by a collision.
fn sha1(bytes: &[u8]) -> [u32; 5] {
    let mut message = bytes.to_vec();
    message.push(0x80);
    message.resize(message.len().next_multiple_of(64), 0);
    if (bytes.len() % 64) >= 56 {
        message.resize(message.len() + 64, 0);
    }
    let end = message.len() - 8;
    message[end..].copy_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    let start = [
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ];
    message.chunks_exact(64).fold(start, mix)
}

fn mix(state: [u32; 5], block: &[u8]) -> [u32; 5] {
    let mut words: Vec<u32> = block
        .chunks_exact(4)
        .map(|four| {
            four.iter()
                .fold(0, |word, byte| word << 8 | u32::from(*byte))
        })
        .collect();
    for at in 16..80 {
        let word = words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16];
        words.push(word.rotate_left(1));
    }
    let [mut a, mut b, mut c, mut d, mut e] = state;
    for (at, word) in words.iter().enumerate() {
        let (mixed, constant) = match at / 20 {
            0 => ((b & c) | (!b & d), 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6_u32),
        };
        let next = a
            .rotate_left(5)
            .wrapping_add(mixed)
            .wrapping_add(e)
            .wrapping_add(constant)
            .wrapping_add(*word);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
    }
    let mixed = [a, b, c, d, e];
    std::array::from_fn(|at| state[at].wrapping_add(mixed[at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_around_the_length_of_a_block() {
        let hex = |bytes: &[u8]| sha1(bytes).map(|word| format!("{word:08x}")).concat();
        assert_eq!(hex(b""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
        assert_eq!(hex(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert_eq!(
            hex(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        );
        assert_eq!(hex(&[b'a'; 64]), "0098ba824b5c16427bd7a1122a5a442a25ec644d");
    }
}
