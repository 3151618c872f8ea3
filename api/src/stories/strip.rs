//! Takes out of a picture what its pixels do not need: where and when it was taken, with what, by whom, and smaller pictures
//! of the same scene. What it takes to show it right stays: colours, sides, and which way is up. Pure.

use shared::stories::StoryPictureKind;

/// What EXIF data begin with in a JPEG.
const EXIF: &[u8] = b"Exif\0\0";
/// What a colour profile begins with in a JPEG.
const ICC: &[u8] = b"ICC_PROFILE\0";
/// What a PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks of a PNG that may be left out by those who show it, and are needed to show it right.
const PNG_KEPT: [&[u8; 4]; 11] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// The picture without all that.
#[must_use]
pub fn stripped(kind: StoryPictureKind, bytes: &[u8]) -> Vec<u8> {
    match kind {
        StoryPictureKind::Jpeg => jpeg(bytes),
        StoryPictureKind::Png => png(bytes),
    }
}

fn jpeg(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    // The beginning, FF D8, is there: it was looked at.
    kept.extend_from_slice(take(&mut rest, 2));
    while let Some(marker) = next_marker(&mut rest, &mut kept) {
        match marker {
            // The end: what follows it is no part of the picture.
            0xD9 => {
                kept.extend_from_slice(&[0xFF, 0xD9]);
                break;
            }
            // Restarts and the like stand alone.
            0x01 | 0xD0..=0xD8 => kept.extend_from_slice(&[0xFF, marker]),
            _ => {
                let length = rest.get(..2).map_or(0, |length| usize::from(u16_be(length)));
                let segment = take(&mut rest, length.max(2));
                let body = segment.get(2..).unwrap_or_default();
                let needed = match marker {
                    // JFIF; a colour profile; how Adobe means the colours. A table of several pictures is not.
                    0xE0 | 0xEE => true,
                    0xE2 => body.starts_with(ICC),
                    0xE1 | 0xE3..=0xEF | 0xFE => false,
                    _ => true,
                };
                if needed {
                    kept.extend_from_slice(&[0xFF, marker]);
                    kept.extend_from_slice(segment);
                } else if let Some(turned) = body.strip_prefix(EXIF).and_then(orientation) {
                    let exif = [EXIF, &only_orientation(turned)].concat();
                    let length = u16::try_from(exif.len() + 2).unwrap_or_default();
                    kept.extend_from_slice(&[0xFF, 0xE1]);
                    kept.extend_from_slice(&length.to_be_bytes());
                    kept.extend_from_slice(&exif);
                }
            }
        }
    }
    kept
}

/// The next marker; what stands before it are pixels, which are kept.
fn next_marker(rest: &mut &[u8], kept: &mut Vec<u8>) -> Option<u8> {
    while let Some(&first) = rest.first() {
        match (first, rest.get(1)) {
            // Filled up.
            (0xFF, Some(0xFF)) => drop(take(rest, 1)),
            // A pixel's byte that looks like a marker, or a restart inside the pixels.
            (0xFF, Some(0x00 | 0xD0..=0xD7)) => kept.extend_from_slice(take(rest, 2)),
            (0xFF, Some(&marker)) => {
                take(rest, 2);
                return Some(marker);
            }
            _ => kept.extend_from_slice(take(rest, 1)),
        }
    }
    None
}

fn png(bytes: &[u8]) -> Vec<u8> {
    let mut rest = bytes.strip_prefix(PNG).unwrap_or(bytes);
    let mut kept = PNG.to_vec();
    while !rest.is_empty() {
        let length = rest.get(..4).map_or(0, u32_be);
        let whole = take(&mut rest, length.saturating_add(12));
        let kind = whole.get(4..8).unwrap_or_default();
        // A capital letter begins what nobody can do without.
        let needed = kind.first().is_none_or(u8::is_ascii_uppercase) || PNG_KEPT.iter().any(|known| *known == kind);
        if needed {
            kept.extend_from_slice(whole);
        } else if kind == b"eXIf"
            && let Some(turned) = whole.get(8..).and_then(orientation)
        {
            let exif = only_orientation(turned);
            kept.extend_from_slice(&u32::try_from(exif.len()).unwrap_or_default().to_be_bytes());
            let chunk = [b"eXIf".as_slice(), &exif].concat();
            kept.extend_from_slice(&chunk);
            kept.extend_from_slice(&crc(&chunk).to_be_bytes());
        }
        if kind == b"IEND" {
            break;
        }
    }
    kept
}

/// Which way is up, where EXIF data say that it is not the first row.
fn orientation(exif: &[u8]) -> Option<u8> {
    let little = match exif.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |at: usize, length: usize| -> Option<usize> {
        let bytes = exif.get(at..at.checked_add(length)?)?.iter();
        let add = |sum: usize, byte: &u8| sum << 8 | usize::from(*byte);
        Some(if little {
            bytes.rev().fold(0, add)
        } else {
            bytes.fold(0, add)
        })
    };
    let first = number(4, 4)?;
    for entry in 0..number(first, 2)? {
        let at = first.checked_add(2)?.checked_add(entry.checked_mul(12)?)?;
        if number(at, 2)? == 0x0112 {
            let value = number(at.checked_add(8)?, 2)?;
            return u8::try_from(value).ok().filter(|value| (2..=8).contains(value));
        }
    }
    None
}

/// EXIF data that say only which way is up.
fn only_orientation(value: u8) -> Vec<u8> {
    let mut exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend_from_slice(&[value, 0, 0, 0, 0, 0, 0]);
    exif
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (head, tail) = rest.split_at(length.min(rest.len()));
    *rest = tail;
    head
}

fn u16_be(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |sum, byte| sum << 8 | u16::from(*byte))
}

fn u32_be(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte))
}

/// The checksum of a PNG's chunk.
fn crc(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len() + 2).unwrap_or_default();
        [&[0xFF, marker], &length.to_be_bytes()[..], body].concat()
    }

    /// Two entries: which way is up, in the byte order of the first letters, and the way to where it was taken.
    fn exif(little: bool, turned: u8) -> Vec<u8> {
        if little {
            let mut bytes = b"II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0".to_vec();
            bytes.extend([turned, 0, 0, 0]);
            bytes.extend(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0GPS 45.188 N 5.724 E");
            return bytes;
        }
        let mut bytes = b"MM\0*\0\0\0\x08\0\x02\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        bytes.extend([turned, 0, 0]);
        bytes.extend(b"\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0GPS 45.188 N 5.724 E");
        bytes
    }

    fn has(bytes: &[u8], words: &[u8]) -> bool {
        bytes.windows(words.len()).any(|part| part == words)
    }

    #[test]
    fn a_jpeg_keeps_pixels_colours_and_which_way_is_up_and_nothing_else() {
        let pixels = [&[0x12, 0xFF, 0x00, 0xFF, 0xD0, 0x34][..], &[0x56]].concat();
        for (little, turned) in [(true, 6), (false, 3), (true, 1)] {
            let jfif = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
            let (icc, adobe) = (
                segment(0xE2, b"ICC_PROFILE\0\x01\x01colours"),
                segment(0xEE, b"Adobe\0d\0\0\0\0\x01"),
            );
            let (frame, scan) = (
                segment(0xC2, b"\x08\0\x02\0\x03\x01\x01\x11\0"),
                segment(0xDA, b"\x01\x01\0\0\x3f\0"),
            );
            let table = segment(0xC4, b"\0table");
            let whole = [
                &[0xFF, 0xD8][..],
                &jfif,
                &segment(0xE1, &[EXIF, &exif(little, turned)].concat()),
                &segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPS</x:xmpmeta>"),
                &icc,
                &segment(0xE2, b"MPF\0GPS of another"),
                &segment(0xED, b"Photoshop 3.0\0GPS, by whom"),
                &adobe,
                &segment(0xFE, b"GPS in a comment"),
                &frame,
                &scan,
                &pixels,
                &table,
                &scan,
                &pixels,
                &[0xFF, 0xD9],
                b"GPS of a film behind the picture",
            ]
            .concat();
            let kept = stripped(StoryPictureKind::Jpeg, &whole);
            assert!(!has(&kept, b"GPS"), "{kept:x?}");
            let up = if turned == 1 {
                Vec::new()
            } else {
                segment(0xE1, &[EXIF, &only_orientation(turned)].concat())
            };
            let wanted = [
                &[0xFF, 0xD8][..],
                &jfif,
                &up,
                &icc,
                &adobe,
                &frame,
                &scan,
                &pixels,
                &table,
                &scan,
                &pixels,
                &[0xFF, 0xD9],
            ]
            .concat();
            assert_eq!(kept, wanted, "{little} {turned}");
            assert_eq!(stripped(StoryPictureKind::Jpeg, &kept), kept, "again changes nothing");
        }
    }

    #[test]
    fn a_png_keeps_its_chunks_and_loses_what_is_said_beside_them() {
        let chunk = |kind: &[u8; 4], body: &[u8]| -> Vec<u8> {
            let named = [kind.as_slice(), body].concat();
            let length = u32::try_from(body.len()).unwrap_or_default();
            [&length.to_be_bytes()[..], &named, &crc(&named).to_be_bytes()].concat()
        };
        let (head, pixels, end) = (
            chunk(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0"),
            chunk(b"IDAT", b"pixels"),
            chunk(b"IEND", b""),
        );
        // The end of every PNG, as the standard writes it.
        assert_eq!(&end[8..], b"\xAE\x42\x60\x82");
        let gamma = chunk(b"gAMA", b"\0\0\xB1\x8F");
        let said = [
            chunk(b"tEXt", b"Comment\0GPS"),
            chunk(b"iTXt", b"GPS"),
            chunk(b"tIME", b"GPS1234"),
        ]
        .concat();
        let whole = [
            PNG,
            &head,
            &gamma,
            &said,
            &chunk(b"eXIf", &exif(false, 8)),
            &pixels,
            &end,
            b"GPS",
        ]
        .concat();
        let kept = stripped(StoryPictureKind::Png, &whole);
        let up = chunk(b"eXIf", &only_orientation(8));
        assert_eq!(kept, [PNG, &head, &gamma, &up, &pixels, &end].concat());
    }

    #[test]
    fn what_is_cut_off_or_lies_about_its_length_is_kept_as_far_as_it_goes() {
        for cut in 0..40 {
            let whole = [
                &[0xFF, 0xD8][..],
                &segment(0xE1, &[EXIF, &exif(true, 6)].concat()),
                &[0xFF, 0xDA, 0xFF],
            ]
            .concat();
            let kept = stripped(StoryPictureKind::Jpeg, &whole[..whole.len().min(2 + cut)]);
            assert!(!has(&kept, b"GPS") && kept.len() <= whole.len(), "{cut}");
        }
        let liar = [PNG, b"\xFF\xFF\xFF\xFFIHDR\0\0"].concat();
        assert_eq!(stripped(StoryPictureKind::Png, &liar), liar);
        assert_eq!(orientation(b"II*\0\xFF\xFF\xFF\xFF"), None);
        assert_eq!(orientation(b"MM\0*\0\0\0\x08\xFF\xFF"), None);
    }
}
